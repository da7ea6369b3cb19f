import type { Direction, FileComparison, Reason } from '../../core/sync/comparison';
import { runningReasons } from '../../core/sync/consent';
import type { PlannedFile } from '../../core/sync/plan';
import type { SyncReport } from '../../core/sync/syncFacade';
import { harmlessText } from '../text/harmlessText';
import type { L10n } from '../text/l10n';
import type { Press, SyncStep } from './syncPress';

/** What has to be asked before steps are done. */
export interface SyncQuestion {
  readonly title: string;
  readonly detail: string;
  /** The button. It says the act. */
  readonly yes: string;
  /** What the user agrees to by saying yes. */
  readonly agreed: readonly Reason[];
}

/** A modal with more cannot be read, nor its buttons be reached. */
const REASONS_SHOWN = 10;

/** Names that a sentence lists; the rest is counted. */
const NAMED = 5;

export function fileCount(l10n: L10n, count: number): string {
  return count === 1 ? l10n.t('1 file') : l10n.t('{0} files', count);
}

export function commitCount(l10n: L10n, count: number | undefined): string {
  if (count === undefined) return l10n.t('some commits');
  return count === 1 ? l10n.t('1 commit') : l10n.t('{0} commits', count);
}

/**
 * What to ask before steps: nothing when each is safe. Deleting, replacing a changed version and pushing under tasks
 * that run from the checkout are named one by one.
 */
export function questionOf(
  l10n: L10n,
  source: string,
  steps: readonly SyncStep[],
  runningTasks: number,
  when: 'needed' | 'always' = 'needed',
): SyncQuestion | undefined {
  const pushes = steps.some(({ direction }) => direction === 'push');
  const running = pushes ? runningReasons(source, runningTasks) : [];
  const needsWord = steps.flatMap(({ plan }) => plan.needsWord);
  const reasons = [
    ...(running.length > 0 ? [runningText(l10n, source, runningTasks)] : []),
    ...reasonTexts(l10n, needsWord),
  ];
  const deletes = steps.flatMap((step) => deleted(step));
  if (when === 'needed' && reasons.length === 0 && deletes.length === 0) return undefined;
  const replaces = needsWord.length > 0 || deletes.length > 0;
  return {
    title: l10n.t('This needs your word: {0}', stepsTitle(l10n, source, steps)),
    detail: [
      ...reasons,
      ...steps.map((step) => stepText(l10n, source, step)),
      replaces && l10n.t('What is replaced or deleted is kept as a backup, which can be restored.'),
    ]
      .filter(Boolean)
      .join('\n\n'),
    yes: yesOf(l10n, steps),
    agreed: [...running, ...needsWord],
  };
}

function reasonTexts(l10n: L10n, reasons: readonly Reason[]): string[] {
  const more = reasons.length - REASONS_SHOWN;
  return [
    ...reasons.slice(0, REASONS_SHOWN).map(({ text }) => harmlessText(text)),
    ...(more > 0
      ? [l10n.t('And {0} more like these: look at them in the Sync view before you agree.', more)]
      : []),
  ];
}

/** What a press does and what it leaves, when that is not simply everything. */
export function pressQuestion(
  l10n: L10n,
  source: string,
  { steps, left, refused }: Press,
  runningTasks: number,
  /** The user has not seen yet what differs. */
  isNew: boolean,
): SyncQuestion | undefined {
  const question = questionOf(l10n, source, steps, runningTasks);
  const untouched = leftText(l10n, left);
  const conflicts = left.some(({ verdict }) => verdict === 'conflict');
  if (!question && refused.length === 0 && !conflicts && !isNew) return undefined;
  return {
    title: question?.title ?? stepsTitle(l10n, source, steps),
    detail: [
      question?.detail ?? steps.map((step) => stepText(l10n, source, step)).join('\n\n'),
      ...refused.map((text) => harmlessText(text)),
      untouched,
    ]
      .filter(Boolean)
      .join('\n\n'),
    yes: yesOf(l10n, steps),
    agreed: question?.agreed ?? [],
  };
}

/** Why a press does nothing, in words. */
export function nothingToDo(l10n: L10n, source: string, { left, refused }: Press): string {
  if (left.length === 0 && refused.length === 0) return l10n.t('{0} is in sync.', source);
  const text = leftText(l10n, left);
  return [
    l10n.t('Nothing is selected that could go by itself to or from {0}.', source),
    ...refused.map((reason) => harmlessText(reason)),
    text,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What transfers came to; empty: to nothing. */
export function doneText(l10n: L10n, source: string, reports: readonly SyncReport[]): string {
  const hasBackup = reports.some(({ backup }) => backup !== undefined);
  return [
    ...reports.map((report) => wentText(l10n, source, report)),
    hasBackup && l10n.t('What was replaced is kept as a backup.'),
    reports.some(({ comparison }) => !comparison) && notComparedText(l10n, source, reports),
  ]
    .filter(Boolean)
    .join(' ');
}

function wentText(l10n: L10n, source: string, report: SyncReport): string {
  const { direction, commits, written, deleted: gone } = report;
  const parts = [
    commits > 0 && commitCount(l10n, commits),
    written.length > 0 && fileCount(l10n, written.length),
  ].filter(Boolean);
  const what = parts.join(l10n.t(' and '));
  const went =
    direction === 'push'
      ? l10n.t('Pushed {0} to {1}.', what, source)
      : l10n.t('Pulled {0} from {1}.', what, source);
  const deletes =
    direction === 'push'
      ? l10n.t('Deleted {0} on {1}.', fileCount(l10n, gone.length), source)
      : l10n.t('Deleted {0} here.', fileCount(l10n, gone.length));
  return [what !== '' && went, gone.length > 0 && deletes].filter(Boolean).join(' ');
}

function notComparedText(l10n: L10n, source: string, reports: readonly SyncReport[]): string {
  const why = reports.find(({ notCompared }) => notCompared !== undefined)?.notCompared;
  return why === undefined
    ? l10n.t('{0} was not compared again.', source)
    : l10n.t('{0} could not be compared again: {1}', source, harmlessText(why));
}

/** `a.py, b.py and 3 more`. */
export function listPaths(l10n: L10n, paths: readonly string[]): string {
  const named = paths.slice(0, NAMED).map((path) => harmlessText(path));
  const more = paths.length - named.length;
  return more > 0 ? l10n.t('{0} and {1} more', named.join(', '), more) : named.join(', ');
}

function stepText(l10n: L10n, source: string, step: SyncStep): string {
  const { direction, plan } = step;
  const gone = deleted(step);
  const written = plan.files.filter((file) => !isDelete(file)).map(({ path }) => path);
  const isPush = direction === 'push';
  const lines = [
    plan.commits &&
      (isPush
        ? l10n.t('Push {0} to {1}.', commitCount(l10n, plan.commits.count), source)
        : l10n.t('Pull {0} from {1}.', commitCount(l10n, plan.commits.count), source)),
    written.length > 0 &&
      (isPush
        ? l10n.t('Push {0} to {1}: {2}.', fileCount(l10n, written.length), source, listPaths(l10n, written))
        : l10n.t(
            'Pull {0} from {1}: {2}.',
            fileCount(l10n, written.length),
            source,
            listPaths(l10n, written),
          )),
    gone.length > 0 &&
      (isPush
        ? l10n.t('Delete {0} on {1}: {2}.', fileCount(l10n, gone.length), source, listPaths(l10n, gone))
        : l10n.t('Delete {0} here: {1}.', fileCount(l10n, gone.length), listPaths(l10n, gone))),
  ];
  return lines.filter(Boolean).join('\n');
}

function stepsTitle(l10n: L10n, source: string, steps: readonly SyncStep[]): string {
  const [only] = steps;
  if (steps.length !== 1 || !only) return l10n.t('Sync with {0}?', source);
  return only.direction === 'push' ? l10n.t('Push to {0}?', source) : l10n.t('Pull from {0}?', source);
}

function yesOf(l10n: L10n, steps: readonly SyncStep[]): string {
  const directions = new Set<Direction>(steps.map(({ direction }) => direction));
  if (directions.size > 1) return l10n.t('Push and Pull');
  return directions.has('push') ? l10n.t('Push') : l10n.t('Pull');
}

function runningText(l10n: L10n, source: string, count: number): string {
  return count === 1
    ? l10n.t('1 task runs from the checkout of {0} now. It would meet the new code midway.', source)
    : l10n.t(
        '{0} tasks run from the checkout of {1} now. They would meet the new code midway.',
        count,
        source,
      );
}

function leftText(l10n: L10n, left: readonly FileComparison[]): string {
  const of = (verdicts: readonly FileComparison['verdict'][]): string[] =>
    left.filter(({ verdict }) => verdicts.includes(verdict)).map(({ path }) => path);
  const conflicts = of(['conflict']);
  const deletes = of(['deletedHere', 'deletedThere']);
  const others = of(['push', 'pull']);
  return [
    conflicts.length > 0 &&
      l10n.t(
        'Changed on both sides and left alone until you choose a side: {0}.',
        listPaths(l10n, conflicts),
      ),
    deletes.length > 0 && l10n.t('Deleted on one side and not selected: {0}.', listPaths(l10n, deletes)),
    others.length > 0 && l10n.t('Not selected: {0}.', listPaths(l10n, others)),
  ]
    .filter(Boolean)
    .join(' ');
}

function deleted({ plan }: SyncStep): string[] {
  return plan.files.filter(isDelete).map(({ path }) => path);
}

function isDelete({ next }: PlannedFile): boolean {
  return next.kind === 'absent';
}
