import * as vscode from 'vscode';
import { isSweepOver } from '../../core/engine/taskState';
import type { SweepFacade, SweepSummary } from '../../core/facade';
import type { FailureMarks } from '../state/failureMarks';
import { formatStart, sweepName } from '../text/sweepName';
import { facts } from '../trees/itemData';
import type { SweepNode } from '../trees/sweepNode';
import { say } from './pickers';
import type { CommandId } from './commandTable';
import { SWEEP_FILTERS } from './targets';

interface ActionItem extends vscode.QuickPickItem {
  readonly command?: CommandId;
  readonly target?: SweepNode;
}

/** What a click on the status bar offers: for each sweep that runs or has failures not looked at, what to do with it. */
export async function showSweepActions(facade: SweepFacade, marks: FailureMarks): Promise<void> {
  const { l10n, window, commands } = vscode;
  const sweeps = facade
    .sweeps()
    .filter((sweep) => !isSweepOver(sweep.state) || marks.unseenOf(sweep).length > 0);
  if (sweeps.length === 0) {
    say(l10n.t('No sweep is running, and every failure was looked at.'));
    return;
  }
  const chosen = await window.showQuickPick(sweeps.flatMap(itemsFor), { title: l10n.t('HPC Sweep') });
  if (chosen?.command) await commands.executeCommand(chosen.command, chosen.target);
}

function itemsFor(sweep: SweepSummary): ActionItem[] {
  const { l10n } = vscode;
  const target: SweepNode = { kind: 'sweep', sweepId: sweep.id };
  const offers: [applies: boolean, label: string, command: CommandId][] = [
    [SWEEP_FILTERS.hasFailed(sweep), l10n.t('$(error) Show Errors'), 'hsm.sweep.showErrors'],
    [SWEEP_FILTERS.hasFailed(sweep), l10n.t('$(debug-restart) Rerun Failed'), 'hsm.sweep.rerunFailed'],
    [SWEEP_FILTERS.hasFailed(sweep), l10n.t('$(debug-restart) Rerun Group…'), 'hsm.failure.rerunGroupWith'],
    [SWEEP_FILTERS.hasFailed(sweep), l10n.t('$(check-all) Dismiss Failures'), 'hsm.sweep.dismissFailures'],
    [SWEEP_FILTERS.canPause(sweep), l10n.t('$(debug-pause) Pause'), 'hsm.sweep.pause'],
    [SWEEP_FILTERS.canResume(sweep), l10n.t('$(debug-continue) Resume'), 'hsm.sweep.resume'],
    [SWEEP_FILTERS.canStop(sweep), l10n.t('$(debug-stop) Stop'), 'hsm.sweep.stop'],
    [SWEEP_FILTERS.canCancel(sweep), l10n.t('$(circle-slash) Cancel'), 'hsm.sweep.cancel'],
    [true, l10n.t('$(graph) Show Results'), 'hsm.sweep.showResults'],
  ];
  return [
    { label: facts(sweepName(sweep), formatStart(sweep)), kind: vscode.QuickPickItemKind.Separator },
    ...offers.filter(([applies]) => applies).map(([, label, command]) => ({ label, command, target })),
  ];
}
