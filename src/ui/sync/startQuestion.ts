import type { Comparison } from '../../core/sync/comparison';
import type { ProjectSyncError } from '../../core/sync/projectSyncError';
import type { SyncSummary } from '../../core/sync/syncFacade';
import { harmlessText } from '../text/harmlessText';
import type { L10n } from '../text/l10n';
import { planPress, type SyncStep } from './syncPress';
import { questionOf } from './syncWords';

/** What would be pushed to one checkout before a start. */
export interface StartPush {
  readonly source: string;
  /** What the question is about. */
  readonly comparison: Comparison;
  readonly steps: readonly SyncStep[];
}

export interface StartQuestion {
  readonly title: string;
  readonly detail: string;
  /** Empty: no push would make the start possible. */
  readonly pushes: readonly StartPush[];
}

/**
 * What to ask when a start was refused because of a checkout.
 *
 * @param sources - those that the sweep runs on; absent: not known here
 */
export function startQuestion(
  l10n: L10n,
  error: ProjectSyncError,
  remotes: readonly SyncSummary[],
  sources?: readonly string[],
): StartQuestion {
  const { reasons, source, canPush } = error.details;
  // A push that was refused names what stands in its way: tasks that run from the checkout.
  const isQuestion = source === undefined && reasons.length > 0 && reasons.every(({ blocks }) => !blocks);
  const concerned = remotes.filter((remote) =>
    source === undefined ? (sources?.includes(remote.source) ?? true) : remote.source === source,
  );
  const pushes = canPush === true || isQuestion ? concerned.flatMap(pushOf) : [];
  const acts = pushes.map(({ source: name, steps }) => {
    const running = concerned.find((remote) => remote.source === name)?.runningTasks ?? 0;
    return questionOf(l10n, name, steps, running, 'always')?.detail;
  });
  const texts = reasons.map(({ text }) => harmlessText(text)).filter(Boolean);
  const verdicts = concerned.flatMap(({ source: name, comparison }) =>
    comparison?.inSync === false ? [l10n.t('{0}: {1}.', name, harmlessText(comparison.verdict))] : [],
  );
  return {
    title: l10n.t('The checkout is not in sync. Nothing was started.'),
    detail: [...new Set([...verdicts, ...texts, ...acts])].filter(Boolean).join('\n\n'),
    pushes,
  };
}

/** Only what loses nothing: for everything else there is the Sync view. */
function pushOf({ source, comparison }: SyncSummary): StartPush[] {
  if (!comparison || comparison.inSync || !comparison.safe.push.safe) return [];
  const { offer } = comparison;
  const ticked = {
    push: offer?.push ?? [],
    pull: [],
    ...(offer?.commits === 'push' && { commits: 'push' as const }),
  };
  const { steps } = planPress(comparison, ticked);
  return steps.length > 0 && steps.every(({ plan }) => plan.needsWord.length === 0)
    ? [{ source, comparison, steps }]
    : [];
}
