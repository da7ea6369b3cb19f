import type { FailureExplanation, FailureGroup, Frame } from './failure';

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

/**
 * Failures by cause, the biggest group first, then the one with the lowest task number. A group is named after its
 * first task's failure, and its tasks are in the order of their numbers.
 */
export function groupFailures(failures: readonly GroupedFailure[]): FailureGroup[] {
  const bySignature = new Map<string, GroupedFailure[]>();
  for (const failure of [...failures].sort((a, b) => a.task - b.task)) {
    const group = bySignature.get(failure.signature);
    if (group) group.push(failure);
    else bySignature.set(failure.signature, [failure]);
  }
  // The sort is stable: groups of one size stay in the order of their first tasks.
  return [...bySignature.values()].map(toGroup).sort((a, b) => b.tasks.length - a.tasks.length);
}

function toGroup(failures: readonly GroupedFailure[]): FailureGroup {
  const [first] = failures;
  return {
    signature: first?.signature ?? '',
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
  const byPattern = new Map<string, { readonly explanation: FailureExplanation; count: number }>();
  for (const { explanation } of failures) {
    if (!explanation) continue;
    const key = `${explanation.pattern} ${explanation.isOnlyRelated === true}`;
    const known = byPattern.get(key);
    if (known) known.count += 1;
    else byPattern.set(key, { explanation, count: 1 });
  }
  const most = [...byPattern.values()].find(({ count }) => count * 2 > failures.length);
  return most ? { explanation: most.explanation } : {};
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
