import { formatTaskList } from '../../core/engine/taskRanges';
import { finalCount, isSweepOver } from '../../core/engine/taskState';
import type { SweepSummary } from '../../core/facade';
import { formatCounts, formatTaskNumbers } from '../text/counts';
import { displayWidth, oneLine, padStart, truncate } from '../text/displayWidth';
import { formatDuration } from '../text/duration';
import type { Palette } from '../text/palette';
import { formatTransfers } from '../text/transferText';

/** Everything that the progress of a sweep shows. */
export interface ProgressFacts {
  readonly sweep: SweepSummary;
  readonly perSecond?: number;
  /** Numbers of tasks that run now: some of them when there are many. */
  readonly running: readonly number[];
  readonly lastFailure?: FailureLine;
}

/** A failed task in one line. */
export interface FailureLine {
  readonly task: number;
  readonly name: string;
  readonly title: string;
}

/** Lines below each other for a terminal of so many columns; each fits into one row. */
export function formatProgressBlock(facts: ProgressFacts, columns: number, palette: Palette): string[] {
  const { sweep, running, lastFailure } = facts;
  const width = Math.max(10, columns - 1);
  const lines = [headLine(facts, width, palette)];
  if (running.length > 0) {
    const more = sweep.counts.running > running.length ? ',…' : '';
    lines.push(palette.dim(truncate(`running: ${formatTaskNumbers(formatTaskList(running))}${more}`, width)));
  }
  if (lastFailure) {
    lines.push(palette.red(truncate(`last failure: ${formatFailure(lastFailure)}`, width)));
  }
  for (const text of formatTransfers(sweep)) lines.push(truncate(oneLine(text), width));
  for (const note of sweep.notes) lines.push(palette.yellow(truncate(oneLine(note), width)));
  return lines;
}

const WIDEST_BAR = 24;
const NARROWEST_BAR = 8;

/** A bar as wide as there is room for, and the counts. */
function headLine(facts: ProgressFacts, width: number, palette: Palette): string {
  const { total, counts } = facts.sweep;
  const done = finalCount(counts);
  const text = `${padStart(`${done}`, `${total}`.length)}/${total}  ${progressWords(facts).join('  ')}`;
  const bar = Math.min(WIDEST_BAR, width - displayWidth(text) - 2);
  if (bar < NARROWEST_BAR) return truncate(text, width);
  const filled = total === 0 ? 0 : Math.floor((done / total) * bar);
  const color = counts.failed + counts.lost > 0 ? palette.yellow : palette.green;
  return `${color('━'.repeat(filled))}${palette.dim('─'.repeat(bar - filled))}  ${text}`;
}

/** One line for a log: `48/120 ended: 46 succeeded, 2 failed; 4 running, 68 queued; 2.1/s; about 35 s left`. */
export function formatProgressLine(facts: ProgressFacts): string {
  const { counts, total } = facts.sweep;
  const ended = formatCounts(counts, ['succeeded', 'failed', 'lost', 'cancelled']);
  const open = formatCounts(counts, ['running', 'queued', 'waiting']);
  const head = `${finalCount(counts)}/${total} ended${ended === '' ? '' : `: ${ended}`}`;
  return [head, open, ...speedWords(facts), ...formatTransfers(facts.sweep)]
    .filter((part) => part !== '')
    .join('; ');
}

/** `task_0007 failed: ValueError: learning rate must be positive`. */
export function formatFailureLine({ name, title }: FailureLine, state: string): string {
  return `${name} ${state}: ${oneLine(title)}`;
}

function formatFailure({ task, title }: FailureLine): string {
  return `task ${task}: ${oneLine(title)}`;
}

function progressWords(facts: ProgressFacts): string[] {
  const { state, counts } = facts.sweep;
  const words = formatCounts(counts, ['failed', 'lost', 'cancelled', 'running', 'queued', 'waiting']);
  const told = state === 'running' || isSweepOver(state) ? [] : [state];
  return [...told, ...(words === '' ? [] : [words]), ...speedWords(facts)];
}

function speedWords({ sweep, perSecond }: ProgressFacts): string[] {
  const left = sweep.state === 'running' ? sweep.remainingMs : undefined;
  return [
    ...(perSecond === undefined ? [] : [formatRate(perSecond)]),
    ...(left === undefined ? [] : [`about ${formatDuration(left)} left`]),
  ];
}

/** `128/s`, `2.1/s`, `14/min`, `3.5/h`: the unit in which the number is at least one. */
function formatRate(perSecond: number): string {
  for (const [unit, seconds] of [
    ['s', 1],
    ['min', 60],
  ] as const) {
    if (perSecond * seconds >= 1) return `${short(perSecond * seconds)}/${unit}`;
  }
  return `${short(perSecond * 3600)}/h`;
}

function short(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
