import * as vscode from 'vscode';
import { finalCount } from '../../core/engine/taskState';
import type { SourceSummary, SweepFacade, SweepSummary } from '../../core/facade';
import { sweepStateWord } from '../text/stateWords';
import { formatStart, sweepName } from '../text/sweepName';
import { facts } from '../trees/itemData';
import type { SweepArgument } from './commandTable';
import { sweepIdOf } from './targets';

export interface SweepQuestion {
  readonly title: string;
  readonly filter: (sweep: SweepSummary) => boolean;
  /** Said when no sweep passes the filter. */
  readonly none: string;
}

/** The sweep that the argument names; else the only one that fits; else the user's choice. */
export async function pickSweep(
  facade: Pick<SweepFacade, 'sweeps' | 'sweep'>,
  argument: SweepArgument | undefined,
  { title, filter, none }: SweepQuestion,
): Promise<SweepSummary | undefined> {
  const sweepId = sweepIdOf(argument);
  if (sweepId !== undefined) return facade.sweep(sweepId);
  const candidates = facade.sweeps().filter(filter);
  if (candidates.length <= 1) {
    if (candidates.length === 0) say(none);
    return candidates[0];
  }
  const items = candidates.map((sweep) => ({
    label: sweepName(sweep),
    description: facts(
      sweepStateWord(vscode.l10n, sweep.state),
      `${finalCount(sweep.counts)}/${sweep.total}`,
      formatStart(sweep),
    ),
    detail: sweep.id,
    sweep,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.sweep;
}

/** The source that the argument names, the only one, or the user's choice. */
export async function pickSource(
  facade: Pick<SweepFacade, 'sources'>,
  name: string | undefined,
  title: string,
): Promise<SourceSummary | undefined> {
  const sources = facade.sources();
  if (name !== undefined) return sources.find((source) => source.name === name);
  if (sources.length <= 1) return sources[0];
  const items = sources.map((source) => ({
    label: source.name,
    description: facts(source.type, source.host),
    source,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.source;
}

/** Tells the user something without waiting for the message to be closed. */
export function say(text: string): void {
  void vscode.window.showInformationMessage(text);
}

/** Asks before something that cannot be taken back. */
export async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  const accept: vscode.MessageItem = { title: yes };
  // VS Code would add its own "Cancel", which is no way to refuse cancelling.
  const refuse: vscode.MessageItem = { title: vscode.l10n.t('Keep Going'), isCloseAffordance: true };
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, accept, refuse);
  return chosen === accept;
}
