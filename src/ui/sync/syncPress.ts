import type { Comparison, Direction, FileComparison } from '../../core/sync/comparison';
import { isSameContent } from '../../core/sync/content';
import { planSync, type SyncPlan } from '../../core/sync/plan';
import { ProjectSyncError } from '../../core/sync/projectSyncError';
import type { SyncChoice } from '../../core/sync/syncFacade';
import { hasCommits } from './syncNode';
import type { Ticked } from './syncTicks';

/** One transfer: what is asked of the engine, and what that comes to by the comparison that is shown. */
export interface SyncStep {
  readonly direction: Direction;
  readonly choice: SyncChoice;
  readonly plan: SyncPlan;
}

/** What a press of the one button does. */
export interface Press {
  readonly steps: readonly SyncStep[];
  /** What differs and stays as it is. */
  readonly left: readonly FileComparison[];
  /** Why something that is ticked does not go, as sentences. */
  readonly refused: readonly string[];
}

/** What the ticks come to. The steps are worked out by the engine's own rule, so that they are what is then done. */
export function planPress(comparison: Comparison, ticked: Ticked): Press {
  const steps: SyncStep[] = [];
  const refused: string[] = [];
  for (const direction of orderOf(ticked)) {
    const files = ticked[direction];
    const commits = ticked.commits === direction;
    if (files.length === 0 && !commits) continue;
    const step = planOr(refused, direction, comparison, { files, commits });
    // Files can go without the commits that are refused.
    if (step) steps.push(step);
    else if (commits && files.length > 0)
      steps.push(...some(planOr(refused, direction, comparison, { files, commits: false })));
  }
  const gone = new Set(steps.flatMap(({ plan }) => plan.files.map(({ path }) => path)));
  const goesWithCommits = steps.some(({ plan }) => plan.commits !== undefined);
  const left = comparison.files.filter(
    ({ path, via }) => !gone.has(path) && !(via === 'commit' && goesWithCommits),
  );
  return { steps, left, refused: [...new Set(refused)] };
}

/** One file or some, the way the user says. @throws ProjectSyncError when that cannot be done at all */
export function planFiles(direction: Direction, comparison: Comparison, files: readonly string[]): SyncStep {
  const choice = { files, commits: false };
  return { direction, choice, plan: planSync(direction, comparison, choice) };
}

/** The commits of one side, and nothing else. @throws ProjectSyncError when they cannot go */
export function planCommits(direction: Direction, comparison: Comparison): SyncStep {
  const choice = { files: [], commits: true };
  return { direction, choice, plan: planSync(direction, comparison, choice) };
}

/** The same step by a newer comparison, with what of its files still differs in the same way. */
export function planAgain(step: SyncStep, before: Comparison, now: Comparison): SyncStep | undefined {
  const wanted = new Set(step.choice.files);
  const files = stillSo(
    before.files.filter(({ path }) => wanted.has(path)),
    now,
    step.direction,
  ).map(({ path }) => path);
  const commits = step.choice.commits === true && hasCommits(now, step.direction);
  if (files.length === 0 && !commits) return undefined;
  const choice = { files, commits };
  return { direction: step.direction, choice, plan: planSync(step.direction, now, choice) };
}

/**
 * Those of the files that differ in the same way in a newer comparison, as they are there. What the user has here they
 * know; what is to be pulled must be what they were shown.
 */
export function stillSo(
  files: readonly FileComparison[],
  now: Comparison,
  direction: Direction,
): readonly FileComparison[] {
  const shown = new Map(files.map((file) => [file.path, file]));
  return now.files.filter(({ path, verdict, remote }) => {
    const before = shown.get(path);
    if (before?.verdict !== verdict) return false;
    return direction === 'push' || isSameContent(before.remote, remote);
  });
}

/** Whether steps do nothing but what others do. */
export function isWithin(steps: readonly SyncStep[], others: readonly SyncStep[]): boolean {
  const acts = new Set(others.flatMap(actsOf));
  return steps.flatMap(actsOf).every((act) => acts.has(act));
}

/** Paths that a step may write here. */
export function writesHere({ direction, plan }: SyncStep, { files, underCommits }: Comparison): Set<string> {
  if (direction !== 'pull') return new Set();
  const withCommits = plan.commits
    ? [...files.filter(({ via }) => via === 'commit'), ...underCommits].map(({ path }) => path)
    : [];
  return new Set([...plan.files.map(({ path }) => path), ...withCommits]);
}

function actsOf({ direction, plan }: SyncStep): string[] {
  const { commits, files } = plan;
  const moves = commits ? [`${direction} commits to ${commits.to}`] : [];
  const acts = files.map(({ path, next }) => {
    // What is pulled must be what was shown; what is pushed the user has on the screen.
    const content = direction === 'pull' && next.kind === 'file' ? next.sha256 : next.kind;
    return `${direction} ${content} ${path}`;
  });
  return [...moves, ...acts];
}

/** The commits come first: what lies on top of them depends on them. */
function orderOf({ commits }: Ticked): readonly Direction[] {
  return commits === 'pull' ? ['pull', 'push'] : ['push', 'pull'];
}

function planOr(
  refused: string[],
  direction: Direction,
  comparison: Comparison,
  choice: SyncChoice,
): SyncStep | undefined {
  try {
    return { direction, choice, plan: planSync(direction, comparison, choice) };
  } catch (error) {
    if (!(error instanceof ProjectSyncError)) throw error;
    refused.push(
      ...error.details.reasons.map(({ text, action }) => [text, action].filter(Boolean).join(' ')),
    );
    return undefined;
  }
}

function some<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
