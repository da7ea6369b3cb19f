import { describeCommon } from '../../core/analysis/describeCommon';
import { explanationSentences } from '../../core/analysis/explanationText';
import type { FailureGroup } from '../../core/analysis/failure';
import { formatTaskList } from '../../core/engine/taskRanges';
import { isSweepOver } from '../../core/engine/taskState';
import type { SweepSummary } from '../../core/facade';
import type { ChangedPlace } from '../changedPlaces';
import { formatChanged } from './changedText';
import { formatCounts, formatTaskNumbers, formatTasks } from './counts';
import { oneLine } from './displayWidth';
import { formatDuration } from './duration';
import type { Palette } from './palette';
import { formatPath } from './paths';
import { formatTransfers } from './transferText';

/** How texts about a sweep are written. */
export interface TextStyle {
  readonly cwd: string;
  readonly palette: Palette;
  /** What the user types for the sweep: `last`, or its id. */
  readonly handle: string;
}

/** How a sweep ended, why its tasks failed, and what to do now. */
export function formatSummary(
  sweep: SweepSummary,
  groups: readonly FailureGroup[],
  style: TextStyle,
): readonly string[] {
  return [
    outcome(sweep, style.palette),
    ...formatGroups(groups, style, MAX_GROUPS),
    ...nextSteps(sweep, style),
  ];
}

const MAX_GROUPS = 5;

function outcome(sweep: SweepSummary, palette: Palette): string {
  const { counts, total, state, id } = sweep;
  const color = state === 'succeeded' ? palette.green : state === 'failed' ? palette.red : palette.yellow;
  const time =
    sweep.endedAtMs === undefined ? '' : `, in ${formatDuration(sweep.endedAtMs - sweep.createdAtMs)}`;
  const what =
    counts.succeeded === total
      ? total === 1
        ? 'its one task succeeded'
        : `all ${total} tasks succeeded`
      : `of ${formatTasks(total)} ${formatCounts(counts)}`;
  return `${palette.bold(id)} ${color(state)}: ${what}${time}.`;
}

/** Each cause with its tasks and place, the biggest first. @param style - `changed`: by signature, whose place is not as it ran */
export function formatGroups(
  groups: readonly FailureGroup[],
  style: TextStyle & { readonly changed?: ReadonlyMap<string, ChangedPlace> },
  most = Infinity,
): string[] {
  const { cwd, palette, changed } = style;
  const lines = groups.slice(0, most).flatMap((group, index) => {
    const { title, tasks, file, line, signature } = group;
    const since = changed?.get(signature);
    const place =
      file === undefined ? '' : `, ${formatPath(file, cwd)}${line === undefined ? '' : `:${line}`}`;
    return [
      '',
      `  ${index + 1}. ${palette.red(`${tasks.length} ×`)} ${palette.bold(oneLine(title))}`,
      `      ${formatTaskNumbers(formatTaskList(tasks))}${place}`,
      ...(since ? [palette.yellow(`      ${formatChanged(since, cwd)}`)] : []),
      ...[...describeCommon(group), ...advise(group)].map((text) => `      ${oneLine(text)}`),
    ];
  });
  return groups.length > most ? [...lines, '', `  and ${groups.length - most} more causes`] : lines;
}

function advise({ explanation }: FailureGroup): string[] {
  return explanation === undefined ? [] : [...explanationSentences(explanation)];
}

function nextSteps(sweep: SweepSummary, { cwd, handle }: TextStyle): string[] {
  const { counts } = sweep;
  const failed = counts.failed + counts.lost > 0;
  const open = failed || counts.cancelled > 0;
  const steps: [string, string][] = [
    ...(counts.succeeded > 0
      ? [[`hsm results ${handle}`, 'parameters and metrics'] as [string, string]]
      : []),
    ...(failed ? [[`hsm errors ${handle}`, 'what went wrong'] as [string, string]] : []),
    ...(failed ? [[`hsm rerun ${handle} --failed`, 'run the failed tasks again'] as [string, string]] : []),
    ...(open && !failed ? [[`hsm rerun ${handle}`, 'run the rest'] as [string, string]] : []),
  ];
  return ['', `Files: ${formatPath(sweep.dir, cwd)}`, ...alignSteps(steps)];
}

/** What is said when the user leaves a sweep that goes on, or starts one and leaves at once. */
export function formatLeft(sweep: SweepSummary, { handle }: Pick<TextStyle, 'handle'>): readonly string[] {
  if (isSweepOver(sweep.state)) {
    const over = `${sweep.id} is over: ${formatCounts(sweep.counts)}.`;
    if (formatTransfers(sweep).length === 0) return [over];
    return [
      `${over} Not all of its results are here yet.`,
      ...alignSteps([[`hsm collect ${handle}`, 'bring home what is missing']]),
    ];
  }
  const { counts } = sweep;
  const handed = counts.running + counts.queued;
  const lines =
    sweep.driver === 'elsewhere'
      ? [`${sweep.id} goes on; another process drives it.`]
      : [`${sweep.id} goes on by itself: ${formatCounts(counts, ['running', 'queued'])}.`];
  if (handed === 0 && sweep.driver !== 'elsewhere') lines[0] = `${sweep.id} waits: nothing was handed over.`;
  if (counts.waiting > 0 && sweep.driver !== 'elsewhere') {
    lines.push(`${formatTasks(counts.waiting)} not handed over yet: attach to go on with them.`);
  }
  return [
    ...lines,
    ...alignSteps([
      [`hsm status ${handle}`, 'see how it gets on'],
      [`hsm attach ${handle}`, 'follow it, and run retries as they come up'],
      [`hsm cancel ${handle}`, 'end its running tasks and drop the rest'],
    ]),
  ];
}

/** What is said of a sweep whose sources start nothing, for reasons that they name. */
export function formatStalled(sweep: SweepSummary, { handle }: Pick<TextStyle, 'handle'>): readonly string[] {
  return [
    `Nothing of ${sweep.id} runs: ${formatCounts(sweep.counts)}. ${sweep.notes.map(oneLine).join(' ')}`,
    ...alignSteps([
      [`hsm attach ${handle}`, 'go on once that is put right'],
      [`hsm cancel ${handle}`, 'drop what has not started'],
    ]),
  ];
}

/** Commands with what they do, in two columns. */
export function alignSteps(steps: readonly (readonly [command: string, what: string])[]): string[] {
  const width = Math.max(0, ...steps.map(([command]) => command.length));
  return steps.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`);
}
