import type { StartOptions } from '../../core/facade';
import type { StartWish } from '../../core/sync/beforeStart';
import type { Comparison, Reason } from '../../core/sync/comparison';
import { planSync } from '../../core/sync/plan';
import { ProjectSyncError, questionsOf } from '../../core/sync/projectSyncError';
import type { SyncSummary } from '../../core/sync/syncFacade';
import { harmlessText } from '../text/harmlessText';
import type { L10n } from '../text/l10n';
import type { SyncStep } from './syncPress';
import { questionOf } from './syncWords';

export interface StartQuestion {
  readonly title: string;
  readonly detail: string;
  /** The sources that the question is about. */
  readonly sources: readonly string[];
  /** Those whose checkouts would be pushed to. Empty: no push would make the start possible. */
  readonly pushes: readonly string[];
  /** What the user agrees to by pushing. */
  readonly agreed: readonly Reason[];
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
  const concerned = remotes.filter((remote) =>
    source === undefined ? (sources?.includes(remote.source) ?? true) : remote.source === source,
  );
  const isPushable = canPush === true || (source === undefined && questionsOf(error) !== undefined);
  const pushes = isPushable ? concerned.flatMap((remote) => pushTo(l10n, remote)) : [];
  // A push that failed says in its message what became of it.
  const hasFailed = source === undefined && questionsOf(error) === undefined;
  const texts = hasFailed
    ? [harmlessText(error.message)]
    : reasons.filter(({ runningTasks }) => runningTasks === undefined).map(({ text }) => harmlessText(text));
  const verdicts = concerned.flatMap(({ source: name, comparison }) =>
    comparison?.inSync === false ? [l10n.t('{0}: {1}.', name, harmlessText(comparison.verdict))] : [],
  );
  return {
    title: l10n.t('The checkout is not in sync. Nothing was started.'),
    detail: [...new Set([...verdicts, ...texts, ...pushes.map(({ detail }) => detail)])]
      .filter(Boolean)
      .join('\n\n'),
    sources: concerned.map(({ source: name }) => name),
    pushes: pushes.map(({ source: name }) => name),
    agreed: pushes.flatMap(({ agreed }) => agreed),
  };
}

/** A start as the user decided of the checkouts that a question was about; of others it stays as it was. */
export function decidedFor(
  options: StartOptions,
  remotes: readonly SyncSummary[],
  question: Pick<StartQuestion, 'sources' | 'agreed'>,
  wish: StartWish,
): StartOptions {
  const { sync, agreed = [] } = options;
  const before = typeof sync === 'object' ? sync : remotes.flatMap(({ source }) => wishes(source, sync));
  const decided = question.sources.flatMap((source) => wishes(source, wish));
  return {
    ...options,
    sync: new Map([...before, ...decided]),
    agreed: agreed === 'everything' ? agreed : [...agreed, ...(wish === 'push' ? question.agreed : [])],
  };
}

function wishes(source: string, wish: StartWish | undefined): [string, StartWish][] {
  return wish === undefined ? [] : [[source, wish]];
}

interface Push {
  readonly source: string;
  readonly detail: string;
  readonly agreed: readonly Reason[];
}

/** Only what loses nothing: for everything else there is the Sync view. */
function pushTo(l10n: L10n, { source, comparison, runningTasks }: SyncSummary): Push[] {
  const step = comparison?.inSync === false ? defaultPush(comparison) : undefined;
  const question = step && questionOf(l10n, source, [step], runningTasks, 'always');
  return question ? [{ source, detail: question.detail, agreed: question.agreed }] : [];
}

function defaultPush(comparison: Comparison): SyncStep | undefined {
  if (!comparison.safe.push.safe) return undefined;
  try {
    const plan = planSync('push', comparison, {});
    return plan.needsWord.length === 0 ? { direction: 'push', choice: {}, plan } : undefined;
  } catch (error) {
    if (!(error instanceof ProjectSyncError)) throw error;
    return undefined;
  }
}
