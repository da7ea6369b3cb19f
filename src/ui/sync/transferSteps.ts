import * as vscode from 'vscode';
import type { Comparison, Reason } from '../../core/sync/comparison';
import { questionsOf } from '../../core/sync/projectSyncError';
import type { SyncFacade, SyncReport } from '../../core/sync/syncFacade';
import { cancellable } from '../commands/cancellable';
import { say } from '../commands/pickers';
import { harmlessText } from '../text/harmlessText';
import { saveFirst } from './saveFirst';
import { planAgain, writesHere, type SyncStep } from './syncPress';
import { doneText, listPaths, type SyncQuestion } from './syncWords';

/** What carries steps out. */
export interface TransferParts {
  readonly sync: SyncFacade;
  readonly projectDir: string;
}

/** Shows a question before the whole window. @returns whether the user said yes */
export async function agrees({
  title,
  detail,
  yes,
}: Pick<SyncQuestion, 'title' | 'detail' | 'yes'>): Promise<boolean> {
  const accept: vscode.MessageItem = { title: yes };
  const chosen = await vscode.window.showWarningMessage(title, { modal: true, detail }, accept);
  return chosen === accept;
}

/** Compares, with a message that can be cancelled. */
export function compareNow({ sync }: Pick<TransferParts, 'sync'>, source: string): Promise<Comparison> {
  return cancellable(vscode.l10n.t('Comparing with {0}', source), (signal) => sync.compare(source, signal));
}

/**
 * Does what the user was shown, one step after the other. `ask` is asked of the steps as they are in the end: after
 * files that are open with changes were saved, if a step would write them.
 *
 * @param ask - resolves with what the user agreed to, which may be nothing; undefined: they do not want it
 * @returns whether something was done
 */
export async function carryOut(
  parts: TransferParts,
  shown: Comparison,
  steps: readonly SyncStep[],
  ask: (steps: readonly SyncStep[]) => Promise<readonly Reason[] | undefined>,
): Promise<boolean> {
  const { source } = shown;
  let before = shown;
  let agreed = steps;
  const unsaved = await saveFirst(
    parts.projectDir,
    steps.flatMap((step) => [...writesHere(step, shown)]),
  );
  if (unsaved === 'cancelled') return false;
  if (unsaved === 'saved') {
    before = await compareNow(parts, source);
    agreed = steps.flatMap((step) => planAgain(step, shown, before) ?? []);
    const dropped = steps.length > 0 && agreed.length === 0;
    if (dropped) {
      say(vscode.l10n.t('The saved files differ on both sides now. Look at them in the Sync view.'));
      return false;
    }
  }
  const told = await ask(agreed);
  return told !== undefined && runSteps(parts, before, agreed, told);
}

async function runSteps(
  parts: TransferParts,
  before: Comparison,
  steps: readonly SyncStep[],
  told: readonly Reason[],
): Promise<boolean> {
  const { sync } = parts;
  const { source } = before;
  let now: Comparison | undefined = before;
  const done: SyncReport[] = [];
  try {
    for (const step of steps) {
      now ??= await compareNow(parts, source);
      const due = now === before ? step : planAgain(step, before, now);
      if (!due) continue;
      // The user's word was given for what was shown, and holds for nothing else.
      const shown = now;
      const report = await withWord(source, due, told, (agreed) => transfer(sync, shown, due, agreed));
      if (!report) break;
      done.push(report);
      now = report.comparison;
      // Cancelled while it looked again: the user wants no more of it.
      if (!now && report.notCompared === undefined) break;
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    // How far it came shows by looking.
    await compareNow(parts, source);
  } finally {
    const text = doneText(vscode.l10n, source, done);
    if (text !== '') say(text);
  }
  return done.length > 0;
}

function transfer(
  sync: SyncFacade,
  shown: Comparison,
  { direction, choice }: SyncStep,
  agreed: readonly Reason[],
): Promise<SyncReport> {
  const { source } = shown;
  const title =
    direction === 'push'
      ? vscode.l10n.t('Pushing to {0}', source)
      : vscode.l10n.t('Pulling from {0}', source);
  return cancellable(title, async (signal, tell) => {
    const listener = sync.onDidChange(() => {
      const progress = sync.remote(source)?.progress;
      if (progress) tell(harmlessText(progress.text), progress.fraction);
    });
    try {
      return await sync[direction](source, choice, { agreed, shown, signal });
    } finally {
      listener.dispose();
    }
  });
}

/** What turns out to need a word only now, e.g. tasks that started meanwhile, is asked. */
async function withWord(
  source: string,
  step: SyncStep,
  told: readonly Reason[],
  work: (agreed: readonly Reason[]) => Promise<SyncReport>,
): Promise<SyncReport | undefined> {
  try {
    return await work(told);
  } catch (error) {
    const reasons = questionsOf(error);
    if (!reasons) throw error;
    const { direction, plan } = step;
    const paths = plan.files.map(({ path }) => path);
    const isAgreed = await agrees({
      title:
        direction === 'push'
          ? vscode.l10n.t('Push to {0}?', source)
          : vscode.l10n.t('Pull from {0}?', source),
      detail: [...reasons.map(({ text }) => harmlessText(text)), listPaths(vscode.l10n, paths)].join('\n\n'),
      yes: direction === 'push' ? vscode.l10n.t('Push') : vscode.l10n.t('Pull'),
    });
    return isAgreed ? withWord(source, step, [...told, ...reasons], work) : undefined;
  }
}
