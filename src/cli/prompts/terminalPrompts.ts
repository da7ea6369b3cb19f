import { foreignLine } from '../../core/analysis/foreignLine';
import type { ConnectionPrompts, HostKeyQuestion, SecretRequest } from '../../core/compute/connectionPrompts';
import type { Output } from '../output';
import { describeHostKey, describeSecret } from './promptTexts';
import { typeLine, type Keyboard } from './typeLine';

/** A terminal that somebody sits at. */
export interface Terminal {
  readonly keyboard: Keyboard;
  /** Runs a dialogue; what else is printed meanwhile waits for its end. */
  readonly talk: <T>(dialogue: (say: (text: string) => void) => Promise<T>) => Promise<T>;
  /** Ctrl-C. */
  readonly interrupt: () => void;
}

/** Asks on the terminal. Nothing that is typed is kept. */
export function terminalPrompts({ keyboard, talk, interrupt }: Terminal): ConnectionPrompts {
  return {
    askSecrets: (request, signal) =>
      talk(async (show) => {
        // Said together with the first question: by then nothing that is typed shows by itself.
        let before = `${describeSecret(request)}\n`;
        const values: string[] = [];
        for (const { text, echo } of request.fields) {
          const question = `${before}${foreignLine(text)} `;
          before = '';
          const typing = { question, echo, signal, show, onInterrupt: interrupt };
          const value = await typeLine(keyboard, typing);
          if (value === undefined) return undefined;
          values.push(value);
        }
        return { values, remember: false };
      }),

    confirmHostKey: (question, signal) =>
      talk(async (show) => {
        const words = [...describeHostKey(question), 'Trust it and go on?'].join('\n');
        return askYesOrNo(words, { keyboard, show, interrupt }, signal);
      }),
  };
}

/** Only the whole words count: what is agreed to cannot be taken back. */
export async function askYesOrNo(
  question: string,
  {
    keyboard,
    show,
    interrupt,
  }: Pick<Terminal, 'keyboard' | 'interrupt'> & { readonly show: (text: string) => void },
  signal: AbortSignal,
): Promise<boolean> {
  const typing = { echo: true, signal, show, onInterrupt: interrupt };
  let asked = `${question} (yes/no) `;
  for (;;) {
    const answer = await typeLine(keyboard, { ...typing, question: asked });
    if (answer === undefined || answer === 'no') return false;
    if (answer === 'yes') return true;
    asked = 'Please type yes or no: ';
  }
}

/** Where nobody can be asked: says what was asked, and what to do instead. */
export function refusingPrompts(err: Pick<Output, 'print'>): ConnectionPrompts {
  return {
    askSecrets(request: SecretRequest) {
      err.print(
        `${describeSecret(request)}, and there is no terminal to ask on.`,
        'Run it on a terminal, or let an ssh-agent hold a key that the host accepts.',
      );
      return Promise.resolve(undefined);
    },
    confirmHostKey(question: HostKeyQuestion) {
      err.print(
        ...describeHostKey(question),
        `There is no terminal to ask whether to trust it: connect once by \`ssh ${question.host}\`.`,
      );
      return Promise.resolve(false);
    },
  };
}
