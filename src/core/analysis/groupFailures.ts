import type { FailureExplanation, FailureGroup, Frame } from './failure';
import { shareExplanation, type ExplainedTask } from './patterns/sharedExplanation';
import { kindredSignature } from './signature';

/** What of a failure is needed to put it into a group. A `TaskFailure` is one. */
export interface GroupedFailure {
  readonly task: number;
  readonly signature: string;
  readonly title: string;
  readonly culprit?: Frame | undefined;
  readonly explanation?: FailureExplanation;
  /** The machine, or the source, that it happened on. */
  readonly place?: string;
  /** When it failed. */
  readonly atMs?: number;
}

/** Signatures that differ only by the digits of a name are one cause from so many on: fewer may be float32 and float64. */
const FEWEST_KINDRED = 3;

/**
 * Failures by cause, the biggest group first, then the one with the lowest task number. A group is named after its
 * first task's failure, and its tasks are in the order of their numbers.
 *
 * Its signature is that of its failures or, where there are many that differ only by the digits of a name, what they have
 * in common: see {@link groupsNamed} for one that was named before.
 */
export function groupFailures(failures: readonly GroupedFailure[]): FailureGroup[] {
  const causes = causesOf(failures);
  const byCause = new Map<string, GroupedFailure[]>();
  for (const failure of [...failures].sort((a, b) => a.task - b.task)) {
    const cause = causes.get(failure.signature) ?? failure.signature;
    const group = byCause.get(cause);
    if (group) group.push(failure);
    else byCause.set(cause, [failure]);
  }
  const groups = [...byCause].map(([cause, members]) => toGroup(cause, members));
  // The sort is stable: groups of one size stay in the order of their first tasks.
  return groups.sort((a, b) => b.tasks.length - a.tasks.length);
}

/**
 * The groups that a signature stands for, which a group had at some time: as failures come and go, groups of few messages
 * become one of many, and fall apart again. Empty when none of its failures is left.
 */
export function groupsNamed(groups: readonly FailureGroup[], signature: string): readonly FailureGroup[] {
  const exact = groups.find((group) => group.signature === signature);
  if (exact) return [exact];
  const grown = kindredSignature(signature);
  return groups.filter(
    (group) => group.signature === grown || kindredSignature(group.signature) === signature,
  );
}

/** The signature of the group, for each signature of a failure. */
function causesOf(failures: readonly GroupedFailure[]): ReadonlyMap<string, string> {
  const kindred = new Map(failures.map(({ signature }) => [signature, '']));
  const counts = new Map<string, number>();
  for (const signature of kindred.keys()) {
    const common = kindredSignature(signature);
    kindred.set(signature, common);
    counts.set(common, (counts.get(common) ?? 0) + 1);
  }
  return new Map(
    [...kindred].map(([own, common]) => [own, (counts.get(common) ?? 0) < FEWEST_KINDRED ? own : common]),
  );
}

function toGroup(signature: string, failures: readonly GroupedFailure[]): FailureGroup {
  const [first] = failures;
  return {
    signature,
    title: first?.title ?? '',
    tasks: failures.map((failure) => failure.task),
    ...explanationOf(failures),
    ...(first?.culprit?.localFile !== undefined && {
      file: first.culprit.localFile,
      line: first.culprit.line,
    }),
    ...placesOf(failures),
    ...timesOf(failures),
  };
}

/** A line that only some of the tasks printed is not what they have in common. */
function explanationOf(failures: readonly GroupedFailure[]): Pick<FailureGroup, 'explanation'> {
  const byPattern = new Map<string, [ExplainedTask, ...ExplainedTask[]]>();
  for (const { task, explanation } of failures) {
    if (!explanation) continue;
    const key = `${explanation.pattern} ${explanation.isOnlyRelated === true}`;
    const known = byPattern.get(key);
    if (known) known.push({ task, explanation });
    else byPattern.set(key, [{ task, explanation }]);
  }
  const most = [...byPattern.values()].find((tasks) => tasks.length * 2 > failures.length);
  if (!most) return {};
  const [first, ...others] = most;
  return { explanation: shareExplanation(first, others) };
}

function placesOf(failures: readonly GroupedFailure[]): Pick<FailureGroup, 'places'> {
  const counts = new Map<string, number>();
  for (const { place } of failures) if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts.size === 0 ? {} : { places: Object.fromEntries(counts) };
}

function timesOf(failures: readonly GroupedFailure[]): Pick<FailureGroup, 'firstAtMs' | 'lastAtMs'> {
  const times = failures.flatMap(({ atMs }) => atMs ?? []);
  if (times.length === 0) return {};
  return {
    firstAtMs: times.reduce((a, b) => Math.min(a, b)),
    lastAtMs: times.reduce((a, b) => Math.max(a, b)),
  };
}
