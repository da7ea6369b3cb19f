import type { Comparison, FileComparison, Reason } from './comparison';
import { canOfferSync } from './offer';
import { planSync, type SyncPlan } from './plan';
import { ProjectSyncError } from './projectSyncError';
import type { SyncSettings } from './syncSettings';

/** What the user said of a checkout when starting a sweep: bring it up to date first, or run what is there. */
export type StartWish = 'push' | 'skip';

/**
 * Decides whether a sweep may start on a checkout as it is, or after a push. A push that is safe may leave differences.
 * The user's own wish covers them; the setting `always` only what is new there, because then nothing of the workspace
 * is different there.
 *
 * @throws ProjectSyncError when the user has to decide or do something first
 */
export function decideStart(
  comparison: Comparison,
  beforeStart: SyncSettings['beforeStart'],
  wish: StartWish | undefined,
): 'go' | 'push' {
  if (comparison.inSync) return 'go';
  const planned = planPush(comparison);
  const isWanted =
    wish === 'push' || (beforeStart === 'always' && leftByPush(comparison).every((file) => isNewThere(file)));
  if (planned.plan && isWanted) return canOfferSync(comparison, 'push') ? 'push' : 'go';
  throw refusal(comparison, planned);
}

/** What differs and would still differ after a push of everything that goes by itself. */
export function leftByPush(comparison: Comparison): readonly FileComparison[] {
  const { plan } = planPush(comparison);
  const going = new Set(plan?.files.map(({ path }) => path));
  return comparison.files.filter(
    ({ path, via }) => !going.has(path) && !(via === 'commit' && plan?.commits !== undefined),
  );
}

/** Files that differ and stay, each with what became of it, as a sentence; undefined: none. */
export function leftText(files: readonly FileComparison[]): string | undefined {
  if (files.length === 0) return undefined;
  const named = files.slice(0, NAMED).map((file) => `${file.path} (${fateOf(file)})`);
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return `A push leaves these different: ${named.join(', ')}${more}.`;
}

/** Whether only the checkout has it, so that tasks see what the workspace has beside it. */
export function isNewThere({ verdict, local }: FileComparison): boolean {
  return verdict === 'pull' && local.kind === 'absent';
}

/**
 * Makes sure that a push before a start brought what it was to bring: a file may have been edited again meanwhile.
 *
 * @param now - absent: it could not be compared again
 * @throws ProjectSyncError when something did not arrive, or that is not known
 */
export function requireArrived(shown: Comparison, now: Comparison | undefined, why = ''): void {
  const { source } = shown;
  const again = { action: 'Start again.', blocks: true, about: 'everything' } as const;
  if (!now) {
    const text = `What was pushed to ${source} could not be compared again. ${why}`.trim();
    throw new ProjectSyncError('Nothing was started.', [{ text, ...again }], { source, canPush: false });
  }
  const { files, commits } = planSync('push', shown, {});
  const different = new Set(now.files.map(({ path }) => path));
  const late = files.filter(({ path }) => different.has(path)).map(({ path }) => path);
  if (late.length === 0 && (!commits || commits.to === now.remote.commit)) return;
  const what = late.length > 0 ? late.slice(0, NAMED).join(', ') : 'A commit';
  const text = `${what} changed while it was pushed to ${source}.`;
  throw new ProjectSyncError('Nothing was started.', [{ text, ...again }], { source, canPush: true });
}

const NAMED = 5;

/** The push that is offered; without a plan none is, for these reasons. */
interface PlannedPush {
  readonly plan?: SyncPlan;
  readonly problems: readonly Reason[];
}

function planPush(comparison: Comparison): PlannedPush {
  const { push } = comparison.safe;
  if (!push.safe) return { problems: push.reasons };
  try {
    const plan = planSync('push', comparison, {});
    return plan.needsWord.length > 0 ? { problems: plan.needsWord } : { plan, problems: [] };
  } catch (error) {
    if (!(error instanceof ProjectSyncError)) throw error;
    return { problems: error.details.reasons };
  }
}

function refusal(comparison: Comparison, { plan, problems }: PlannedPush): ProjectSyncError {
  const { source } = comparison;
  const canPush = plan !== undefined && canOfferSync(comparison, 'push');
  const left = leftByPush(comparison);
  const text = plan && leftText(left);
  return new ProjectSyncError(
    `The checkout of ${source} is not in sync, nothing was started: ${comparison.verdict}.`,
    [
      ...problems,
      ...(text === undefined ? [] : [{ text, blocks: false, about: 'files' } as const]),
      nextStep(source, canPush, left.length > 0 && left.every((file) => isNewThere(file))),
    ],
    { source, canPush },
  );
}

function nextStep(source: string, canPush: boolean, isOnlyMore: boolean): Reason {
  const look = canPush
    ? `Push first (hsm sync push --source ${source}, or start with --sync push), or run what is there with --sync skip.`
    : `Look at it with hsm sync check --source ${source}, or run what is there with --sync skip.`;
  const action = isOnlyMore ? `${look} What only runs write there can be left out by sync.exclude.` : look;
  return { text: '', action, blocks: !canPush, about: 'everything' };
}

function fateOf({ verdict, blocked, special, local, remote }: FileComparison): string {
  if (special === 'leftOutThere') return 'left out there by a sparse checkout';
  if (special === 'submodule') return 'a submodule, which only git brings';
  if (blocked !== undefined) return 'cannot be transferred';
  switch (verdict) {
    case 'pull':
      return local.kind === 'absent' ? 'new there' : 'edited there';
    case 'deletedHere':
      return 'deleted here, still there';
    case 'deletedThere':
      return 'deleted there';
    case 'push':
      return remote.kind === 'absent' ? 'new here' : 'edited here';
    case 'conflict':
      return 'changed on both sides';
  }
}
