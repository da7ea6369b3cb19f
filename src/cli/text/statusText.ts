import { describeResources } from '../../core/engine/resourceText';
import { finalCount, isSweepOver } from '../../core/engine/taskState';
import type { SweepSummary, TaskSummary } from '../../core/facade';
import { formatCounts, formatTasks } from './counts';
import { oneLine } from './displayWidth';
import { formatDuration, formatTime } from './duration';
import type { TextStyle } from './summaryText';
import { formatTable } from './table';
import { formatPath } from './paths';

const LIST_COLUMNS = [
  { title: 'SWEEP', align: 'left' },
  { title: 'STATE', align: 'left' },
  { title: 'ENDED', align: 'right' },
  { title: 'FAILED', align: 'right' },
  { title: 'STARTED', align: 'left' },
  { title: 'FILE', align: 'left' },
] as const;

/** All sweeps of a project, one line each, the newest first. */
export function formatSweepList(sweeps: readonly SweepSummary[], nowMs: number): string[] {
  const rows = sweeps.map((sweep) => [
    sweep.id,
    sweep.state,
    `${finalCount(sweep.counts)}/${sweep.total}`,
    String(sweep.counts.failed + sweep.counts.lost),
    formatTime(sweep.createdAtMs, nowMs),
    sweep.file,
  ]);
  return formatTable(LIST_COLUMNS, rows);
}

/** Tasks that are listed by themselves at most. */
const MAX_TASKS = 20;

/** A task that failed or is lost, and what it died of in one line. */
export type FailedTask = TaskSummary & { readonly title: string };

/** One sweep: where it stands, who drives it, what runs, what failed. */
export function formatSweepStatus(
  sweep: SweepSummary,
  tasks: { readonly running: readonly TaskSummary[]; readonly failed: readonly FailedTask[] },
  style: TextStyle,
  nowMs: number,
): string[] {
  const { palette, cwd } = style;
  return [
    `${palette.bold(sweep.id)} ${sweep.state}: ${formatTasks(sweep.total)}, ${formatCounts(sweep.counts)}`,
    `  ${times(sweep, nowMs)}`,
    ...(sweep.description === undefined ? [] : [`  ${oneLine(sweep.description)}`]),
    `  from ${sweep.file} on ${sweep.sources.join(', ')}, files in ${formatPath(sweep.dir, cwd)}`,
    ...(isSweepOver(sweep.state) ? [] : [`  ${driverWords(sweep, nowMs)}`]),
    ...sweep.notes.map((note) => `  ${palette.yellow(oneLine(note))}`),
    ...runningLines(tasks.running, nowMs),
    ...failedLines(sweep, tasks.failed, style),
  ];
}

/** How many tasks {@link formatSweepStatus} needs of each kind. */
export const STATUS_TASKS = MAX_TASKS;

function times(sweep: SweepSummary, nowMs: number): string {
  const started = `started ${formatTime(sweep.createdAtMs, nowMs)}`;
  if (sweep.endedAtMs !== undefined) {
    return `${started}, ended ${formatTime(sweep.endedAtMs, nowMs)}, took ${formatDuration(sweep.endedAtMs - sweep.createdAtMs)}`;
  }
  const left = sweep.state === 'running' ? sweep.remainingMs : undefined;
  return left === undefined ? started : `${started}, about ${formatDuration(left)} left`;
}

function driverWords(sweep: SweepSummary, nowMs: number): string {
  const news = sweep.lastNewsAtMs === undefined ? '' : `; last news ${formatTime(sweep.lastNewsAtMs, nowMs)}`;
  return `${drivenBy(sweep)}${news}`;
}

function drivenBy({ driver, state }: SweepSummary): string {
  if (driver === 'here') return 'driven by this process';
  if (driver === 'elsewhere') return 'driven by another process';
  if (state === 'paused')
    return 'driven by nobody, and paused: what runs comes to its end, nothing new starts';
  if (state === 'cancelling' || state === 'stopping')
    return 'driven by nobody: what it was asked is done when somebody attaches';
  return 'driven by nobody: what was handed over goes on, retries wait until somebody attaches';
}

function runningLines(running: readonly TaskSummary[], nowMs: number): string[] {
  if (running.length === 0) return [];
  const lines = running.slice(0, MAX_TASKS).map((task) => {
    const { name, source, attempt, startedAtMs } = task;
    const since = startedAtMs === undefined ? '' : `  ${formatDuration(nowMs - startedAtMs)}`;
    return `    ${name}  ${source ?? ''}${since}${attempt > 1 ? `  attempt ${attempt}` : ''}${given(task)}`;
  });
  return ['  running:', ...lines];
}

/** What a rerun gave it. */
function given({ resources }: TaskSummary): string {
  return describeResources(resources)
    .map((words) => `  ${words}`)
    .join('');
}

function failedLines(sweep: SweepSummary, failed: readonly FailedTask[], { handle }: TextStyle): string[] {
  if (failed.length === 0) return [];
  const listed = failed.slice(0, MAX_TASKS);
  const lines = listed.map(
    ({ name, state, title }) => `    ${name}  ${state}${title === state ? '' : `: ${oneLine(title)}`}`,
  );
  const all = sweep.counts.failed + sweep.counts.lost;
  const more = all > listed.length ? [`    and ${all - listed.length} more`] : [];
  return ['  failed:', ...lines, ...more, `  hsm errors ${handle} groups them by cause`];
}
