import type { Comparison, Reason } from './comparison';
import { ProjectSyncError } from './projectSyncError';
import type { SyncSettings } from './syncSettings';

/** What the user said of a checkout when starting a sweep: bring it up to date first, or run what is there. */
export type StartWish = 'push' | 'skip';

/**
 * Decides whether a sweep may start on a checkout as it is, or after a push.
 *
 * @throws ProjectSyncError when the user has to decide or do something first
 */
export function decideStart(
  comparison: Comparison,
  beforeStart: SyncSettings['beforeStart'],
  wish: StartWish | undefined,
): 'go' | 'push' {
  if (comparison.inSync) return 'go';
  const { push } = comparison.safe;
  const hasOnlyOurs = comparison.files.every(
    ({ verdict }) => verdict === 'push' || verdict === 'deletedHere',
  );
  const canPush = push.safe && hasOnlyOurs;
  if (canPush && (wish === 'push' || beforeStart === 'always')) return 'push';
  const { source } = comparison;
  const problems = push.safe ? [] : push.reasons;
  throw new ProjectSyncError(
    `The checkout of ${source} is not in sync, nothing was started: ${comparison.verdict}.`,
    [...problems, nextStep(source, canPush)],
    { source, canPush },
  );
}

function nextStep(source: string, canPush: boolean): Reason {
  const action = canPush
    ? `Push first (hsm sync push --source ${source}, or start with --sync push), or run what is there with --sync skip.`
    : `Look at it with hsm sync check --source ${source}, or run what is there with --sync skip.`;
  return { text: '', action, blocks: !canPush, about: 'everything' };
}
