import * as vscode from 'vscode';
import type { SweepFacade } from '../../core/facade';
import type { Comparison, Direction, FileComparison } from '../../core/sync/comparison';
import { canGoAlone, goingByItself } from '../../core/sync/fileChoice';
import type { CommandHandlers } from '../commands/commandTable';
import { say } from '../commands/pickers';
import { openAllDiffs, openDiff } from './openDiffs';
import { restoreBackup } from './restoreBackup';
import { offerToSave } from './saveFirst';
import { fileAt, type SyncArgument } from './syncNode';
import { isWithin, planCommits, planFiles, planPress, stillSo, type SyncStep } from './syncPress';
import { filesOfLines, pickRemote } from './syncTargets';
import type { SyncTicks } from './syncTicks';
import { nothingToDo, pressQuestion, questionOf } from './syncWords';
import { agrees, carryOut, compareNow, type TransferParts } from './transferSteps';

type SyncCommandIds =
  | 'hsm.sync.sync'
  | 'hsm.sync.compare'
  | 'hsm.sync.openAll'
  | 'hsm.sync.openDiff'
  | 'hsm.sync.push'
  | 'hsm.sync.pull'
  | 'hsm.sync.restore'
  | 'hsm.sync.show';

/** Commands of the Sync view. */
export function syncCommands(
  facade: Pick<SweepFacade, 'sync' | 'projectDir'>,
  ticks: SyncTicks,
): Pick<CommandHandlers, SyncCommandIds> {
  const { l10n, commands } = vscode;
  const parts: TransferParts = facade;
  return {
    async 'hsm.sync.sync'(target) {
      const remote = await pickRemote(facade.sync, target?.source, l10n.t('Sync with which checkout?'));
      if (remote) await press(parts, ticks, remote.source);
    },
    async 'hsm.sync.compare'(target) {
      const remote = await pickRemote(facade.sync, target?.source, l10n.t('Compare with which checkout?'));
      if (remote) await compareNow(parts, remote.source);
    },
    async 'hsm.sync.openAll'(target) {
      const remote = await pickRemote(
        facade.sync,
        target?.source,
        l10n.t('Open the changes of which checkout?'),
      );
      if (!remote) return;
      const { source } = remote;
      const comparison = remote.comparison ?? (await compareNow(parts, source));
      const chosen =
        target && 'kind' in target && target.kind === 'group'
          ? filesOfLines(comparison, [target])
          : comparison.files;
      if (chosen.length === 0) say(l10n.t('{0} has no changed files.', source));
      else await openAllDiffs({ projectDir: facade.projectDir, source }, chosen);
    },
    async 'hsm.sync.openDiff'(target) {
      if (target?.kind !== 'file') return;
      const { source, path } = target;
      const comparison = facade.sync.remote(source)?.comparison;
      const file = comparison && fileAt(comparison, path);
      if (file) await openDiff({ projectDir: facade.projectDir, source }, file);
    },
    'hsm.sync.push': (target, selection) => transferLines(parts, 'push', target, selection),
    'hsm.sync.pull': (target, selection) => transferLines(parts, 'pull', target, selection),
    async 'hsm.sync.restore'(target) {
      const remote = await pickRemote(
        facade.sync,
        target?.source,
        l10n.t('Restore a backup of which checkout?'),
      );
      if (remote) await restoreBackup(parts, remote.source);
    },
    async 'hsm.sync.show'() {
      await commands.executeCommand('hsm.checkouts.focus');
    },
  };
}

/** The one button: what is ticked and safe goes; what is not is said first. */
async function press(parts: TransferParts, ticks: SyncTicks, source: string): Promise<void> {
  const { sync, projectDir } = parts;
  const { l10n } = vscode;
  if (!(await offerToSave(projectDir))) return;
  const known = sync.remote(source)?.comparison;
  const shown = known && planPress(known, ticks.ticked(known));
  const comparison = await compareNow(parts, source);
  const planned = planPress(comparison, ticks.ticked(comparison));
  if (planned.steps.length === 0) {
    say(nothingToDo(l10n, source, planned));
    return;
  }
  await carryOut(parts, comparison, planned.steps, async (steps) => {
    const running = runningTasks(parts, source);
    // What was not shown yet is not done unasked.
    const isNew = !shown || !isWithin(steps, shown.steps);
    const question = pressQuestion(l10n, source, { ...planned, steps }, running, isNew);
    if (!question) return [];
    return (await agrees(question)) ? question.agreed : undefined;
  });
}

/** Pushes or pulls the lines that were chosen, whatever is ticked. */
async function transferLines(
  parts: TransferParts,
  direction: Direction,
  clicked: SyncArgument | undefined,
  selection: readonly SyncArgument[] = [],
): Promise<void> {
  const { l10n } = vscode;
  const remote = clicked && parts.sync.remote(clicked.source);
  if (!remote) {
    // VS Code knows no line while it draws the tree anew. What was meant must not be guessed.
    say(l10n.t('The Sync view has just changed. Choose the line again.'));
    return;
  }
  const { source } = remote;
  const lines = selection.includes(clicked) ? selection : [clicked];
  if (direction === 'push' && !(await offerToSave(parts.projectDir, ...pathsOf(lines)))) return;
  const comparison = await compareNow(parts, source);
  if ('kind' in clicked && clicked.kind === 'commits') {
    await transferAsked(parts, comparison, planCommits(direction, comparison));
    return;
  }
  // The lines are of the comparison that was shown; what became of a file since then, the user has not seen.
  const shown = remote.comparison ?? comparison;
  const chosen = lines.some((line) => 'kind' in line && line.kind !== 'remote')
    ? filesOfLines(shown, lines).filter(canGoAlone)
    : goingByItself(direction, shown.files);
  const files = stillSo(chosen, comparison, direction);
  if (files.length > 0) await transferFiles(parts, direction, comparison, files);
  else if (chosen.length > 0) say(l10n.t('That differs in another way by now. Look at it in the Sync view.'));
  else say(l10n.t('There is nothing here that could go alone.'));
}

/** The files that lines are; empty where one stands for more. */
function pathsOf(lines: readonly SyncArgument[]): readonly string[] {
  const files = lines.flatMap((line) => ('kind' in line && line.kind === 'file' ? [line.path] : []));
  return files.length === lines.length ? files : [];
}

/** Transfers files; what cannot be taken back is asked first. @returns whether that was done */
export async function transferFiles(
  parts: TransferParts,
  direction: Direction,
  comparison: Comparison,
  files: readonly FileComparison[],
): Promise<boolean> {
  const paths = files.map(({ path }) => path);
  return transferAsked(parts, comparison, planFiles(direction, comparison, paths));
}

async function transferAsked(parts: TransferParts, comparison: Comparison, step: SyncStep): Promise<boolean> {
  const { source } = comparison;
  return carryOut(parts, comparison, [step], async (steps) => {
    const question = questionOf(vscode.l10n, source, steps, runningTasks(parts, source));
    if (!question) return [];
    return (await agrees(question)) ? question.agreed : undefined;
  });
}

function runningTasks({ sync }: TransferParts, source: string): number {
  return sync.remote(source)?.runningTasks ?? 0;
}
