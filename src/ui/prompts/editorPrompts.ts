import * as vscode from 'vscode';
import { DisposableStore, toDisposable } from '../../core/base/lifecycle';
import type {
  ConnectionPrompts,
  HostKeyQuestion,
  SecretAnswer,
  SecretRequest,
} from '../../core/compute/connectionPrompts';
import { fieldTexts, hostKeyAnswers, hostKeyTexts } from './promptTexts';

/** Asks the user in this window. A dialogue that the user leaves is an answer: no. */
export const editorPrompts: ConnectionPrompts = {
  async askSecrets(request, signal) {
    const values: string[] = [];
    let remember = false;
    for (const field of request.fields.keys()) {
      const answer = await askField(request, field, remember, signal);
      if (!answer) return undefined;
      values.push(answer.value);
      remember = answer.remember;
    }
    return { values, remember } satisfies SecretAnswer;
  },

  confirmHostKey,
};

interface FieldAnswer {
  readonly value: string;
  readonly remember: boolean;
}

async function askField(
  request: SecretRequest,
  field: number,
  remember: boolean,
  signal: AbortSignal,
): Promise<FieldAnswer | undefined> {
  const store = new DisposableStore();
  const box = store.add(vscode.window.createInputBox());
  const { title, prompt } = fieldTexts(vscode.l10n, request, field);
  const steps = request.fields.length;
  Object.assign(box, { title, prompt, password: request.fields[field]?.echo !== true });
  // A code may be on another screen: looking for it must not close the box.
  box.ignoreFocusOut = true;
  if (steps > 1) Object.assign(box, { step: field + 1, totalSteps: steps });
  const memory = store.add(new RememberButton(box, request.canRemember, remember));
  try {
    return await new Promise<FieldAnswer | undefined>((resolve) => {
      const leave = (): void => {
        resolve(undefined);
      };
      box.onDidAccept(() => {
        resolve({ value: box.value, remember: memory.isPressed });
      });
      box.onDidHide(leave);
      signal.addEventListener('abort', leave);
      store.add(
        toDisposable(() => {
          signal.removeEventListener('abort', leave);
        }),
      );
      if (signal.aborted) leave();
      else box.show();
    });
  } finally {
    store.dispose();
  }
}

/** A button beside the title that is pressed or not. */
class RememberButton implements vscode.Disposable {
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly box: vscode.InputBox,
    isOffered: boolean,
    public isPressed: boolean,
  ) {
    if (isOffered) this.draw();
    this.listener = box.onDidTriggerButton(() => {
      this.isPressed = !this.isPressed;
      this.draw();
    });
  }

  dispose(): void {
    this.listener.dispose();
  }

  private draw(): void {
    const { l10n } = vscode;
    const tooltip = this.isPressed
      ? l10n.t('Will be kept in the system’s keychain (press to not keep it)')
      : l10n.t('Keep it in the system’s keychain');
    this.box.buttons = [{ iconPath: new vscode.ThemeIcon(this.isPressed ? 'pass-filled' : 'save'), tooltip }];
  }
}

/** The dialogue itself cannot be closed from here; an answer after `signal` has aborted is not heard. */
async function confirmHostKey(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean> {
  const { l10n, window, env } = vscode;
  const { question: text, detail } = hostKeyTexts(l10n, question);
  const { refuse, trust, copy } = hostKeyAnswers(l10n);
  for (;;) {
    // The first button is what Enter presses: no slip trusts a key. Esc is a no, too.
    const chosen = await window.showWarningMessage(text, { modal: true, detail }, refuse, trust, copy);
    if (signal.aborted) return false;
    if (chosen !== copy) return chosen === trust;
    await env.clipboard.writeText(question.fingerprint);
  }
}
