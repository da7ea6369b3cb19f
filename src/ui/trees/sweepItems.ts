import { finalCount, isSweepOver, type SweepState } from '../../core/engine/taskState';
import type { SweepSummary } from '../../core/facade';
import { formatDuration, formatTimeOfDay } from '../text/duration';
import type { L10n } from '../text/l10n';
import { sweepStateWord, taskCount } from '../text/stateWords';
import { formatStart, sweepName } from '../text/sweepName';
import { sourceTransferText, transferText } from '../text/transferWords';
import { facts, words, type IconData, type ItemData } from './itemData';
import { nodeId } from './sweepNode';
import { countOf, type TaskGroup } from './taskGroup';

/** Evidence older than this is shown with its age: the state on screen may be behind the truth. */
const OLD_NEWS_MS = 2 * 60_000;

const SWEEP_ICONS: Readonly<Record<SweepState, IconData>> = {
  running: { id: 'loading~spin' },
  paused: { id: 'debug-pause', color: 'list.warningForeground' },
  stopping: { id: 'loading~spin' },
  cancelling: { id: 'loading~spin' },
  succeeded: { id: 'pass', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
  cancelled: { id: 'circle-slash' },
};

export function sweepItem(l10n: L10n, sweep: SweepSummary, nowMs: number): ItemData {
  const description = sweepDescription(l10n, sweep, nowMs);
  return {
    id: nodeId({ kind: 'sweep', sweepId: sweep.id }),
    label: sweepName(sweep),
    description,
    tooltip: sweepTooltip(l10n, sweep),
    icon: SWEEP_ICONS[sweep.state],
    contextValue: sweepContext(sweep),
    accessibleLabel: l10n.t(
      'Sweep {0}, {1}, {2}',
      sweepName(sweep),
      sweepStateWord(l10n, sweep.state),
      description,
    ),
    // What is at work opens by itself; after that VS Code keeps it as the user leaves it.
    children: isSweepOver(sweep.state) ? 'collapsed' : 'expanded',
  };
}

function sweepDescription(l10n: L10n, sweep: SweepSummary, nowMs: number): string {
  const { counts, state, remainingMs } = sweep;
  const active = !isSweepOver(state);
  return facts(
    `${finalCount(counts)}/${sweep.total}`,
    failedText(l10n, sweep),
    state !== 'running' && state !== 'succeeded' && state !== 'failed' && sweepStateWord(l10n, state),
    state === 'running' && remainingMs !== undefined && l10n.t('{0} left', formatDuration(l10n, remainingMs)),
    transferText(l10n, sweep),
    active && driverText(l10n, sweep.driver),
    !active && sweep.driver === 'elsewhere' && l10n.t('collected by another process'),
    active && newsText(l10n, sweep.lastNewsAtMs, nowMs),
    sweep.notes.length > 0 && l10n.t('see notes'),
    formatStart(sweep),
  );
}

function failedText(l10n: L10n, { counts }: SweepSummary): string {
  return facts(
    counts.failed > 0 && l10n.t('{0} failed', counts.failed),
    counts.lost > 0 && l10n.t('{0} lost', counts.lost),
  );
}

function driverText(l10n: L10n, driver: SweepSummary['driver']): string | undefined {
  if (driver === 'elsewhere') return l10n.t('run by another process');
  if (driver === 'nobody') return l10n.t('not followed');
  return undefined;
}

function newsText(l10n: L10n, lastNewsAtMs: number | undefined, nowMs: number): string | undefined {
  if (lastNewsAtMs === undefined || nowMs - lastNewsAtMs < OLD_NEWS_MS) return undefined;
  return l10n.t('last seen {0}', formatTimeOfDay(lastNewsAtMs));
}

function sweepTooltip(l10n: L10n, sweep: SweepSummary): string {
  const lines = [
    sweep.id,
    sweep.description,
    l10n.t('{0}, {1} from {2}', sweepStateWord(l10n, sweep.state), taskCount(l10n, sweep.total), sweep.file),
    sweep.sources.length > 0 && l10n.t('On {0}', sweep.sources.join(', ')),
    l10n.t('Started {0}', new Date(sweep.createdAtMs).toLocaleString()),
    sweep.endedAtMs !== undefined &&
      l10n.t('Took {0}', formatDuration(l10n, sweep.endedAtMs - sweep.createdAtMs)),
    ...(sweep.transfers ?? []).map((transfer) => sourceTransferText(l10n, transfer)),
    ...sweep.notes,
  ];
  return lines.filter(Boolean).join('\n');
}

/** `sweep <state> active|over [hasFailed] [hasUnsuccessful]`. */
function sweepContext({ state, counts }: SweepSummary): string {
  return words(
    'sweep',
    state,
    isSweepOver(state) ? 'over' : 'active',
    counts.failed + counts.lost > 0 && 'hasFailed',
    counts.failed + counts.lost + counts.cancelled > 0 && 'hasUnsuccessful',
  );
}

const GROUP_ICONS: Readonly<Record<TaskGroup, IconData>> = {
  failed: { id: 'error' },
  running: { id: 'play-circle' },
  queued: { id: 'clock' },
  done: { id: 'pass' },
};

export function groupItem(l10n: L10n, sweep: SweepSummary, group: TaskGroup): ItemData {
  const count = countOf(group, sweep.counts);
  const { label, special } = groupTexts(l10n, sweep, group);
  return {
    id: nodeId({ kind: 'group', sweepId: sweep.id, group }),
    label,
    description: facts(String(count), special),
    icon: GROUP_ICONS[group],
    contextValue: words('group', group, count === 0 && 'empty'),
    accessibleLabel: facts(`${label}: ${taskCount(l10n, count)}`, special),
    children: count === 0 ? 'none' : 'collapsed',
  };
}

/** The heading, and the part of the group that its heading does not name. */
function groupTexts(
  l10n: L10n,
  { counts }: SweepSummary,
  group: TaskGroup,
): { label: string; special: string | false } {
  switch (group) {
    case 'failed':
      return { label: l10n.t('Failed'), special: counts.lost > 0 && l10n.t('{0} lost', counts.lost) };
    case 'running':
      return { label: l10n.t('Running'), special: false };
    case 'queued':
      return {
        label: l10n.t('Queued'),
        special: counts.waiting > 0 && l10n.t('{0} not handed over', counts.waiting),
      };
    case 'done':
      return {
        label: l10n.t('Done'),
        special: counts.cancelled > 0 && l10n.t('{0} cancelled', counts.cancelled),
      };
  }
}
