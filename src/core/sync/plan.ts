import type { Comparison, Direction, FileComparison, Reason, SideSummary, UnderCommits } from './comparison';
import type { Content } from './content';
import { quoteWord } from '../base/shellWord';
import { canGoAlone, ownDirection } from './fileChoice';
import { isInTheWay } from './inTheWay';
import { deletesBefore, isBelow } from './placeTaken';
import { ProjectSyncError } from './projectSyncError';
import type { SyncChoice } from './syncFacade';
import { fileCount } from './verdictText';

/** One file that a transfer makes as it is on the sending side. */
export interface PlannedFile {
  readonly path: string;
  /** What the receiving side must still have, else nothing is done. */
  readonly expected: Content;
  /** What it has afterwards; `absent`: the file goes. */
  readonly next: Content;
}

/** Everything that one transfer does, decided before it begins. */
export interface SyncPlan {
  readonly direction: 'push' | 'pull';
  /** Deletes first, because something may take their place; each kind sorted by path. */
  readonly files: readonly PlannedFile[];
  /** Absent: no commits travel. */
  readonly commits?: CommitPlan;
  /** Why it needs the user's word; empty when it is safe. */
  readonly needsWord: readonly Reason[];
}

export interface CommitPlan {
  /** The commit that the receiving side goes to, and the one that it must still be at (absent: it has none). */
  readonly to: string;
  readonly from?: string;
  /** How many; absent: not known. */
  readonly count?: number;
  /**
   * Paths which the commits touch and the receiver has edited, in a way that loses nothing: their files are left to
   * `files`, git only takes note of the new versions.
   */
  readonly leave: readonly string[];
}

/** More deletes than this need the user's word; without git also more than a fifth of the files, when not few. */
const MANY_DELETES = 20;
const FEW_DELETES = 5;

/**
 * Decides what a transfer does.
 *
 * @throws ProjectSyncError when the choice cannot be done at all, or there is nothing to do
 */
export function planSync(direction: Direction, comparison: Comparison, choice: SyncChoice): SyncPlan {
  const safety = comparison.safe[direction];
  const reasons = safety.safe ? [] : safety.reasons;
  refuse(reasons.filter(({ about, blocks }) => blocks && about === 'everything'));
  const commits = planCommits(direction, comparison, choice, reasons);
  const chosen = chooseFiles(direction, comparison, choice, commits !== undefined);
  const files = deletesFirst(chosen.map((file) => plannedFile(direction, file)));
  return {
    direction,
    files,
    ...(commits && { commits }),
    needsWord: [
      ...(commits ? reasons.filter(({ about, blocks }) => !blocks && about === 'commits') : []),
      ...overwriteReasons(direction, chosen),
      ...deleteReasons(files, comparison),
    ],
  };
}

function planCommits(
  direction: Direction,
  comparison: Comparison,
  { files, commits: wanted = files === undefined }: SyncChoice,
  reasons: readonly Reason[],
): CommitPlan | undefined {
  const [sender, receiver] = endsOf(direction, comparison);
  if (!wanted || comparison.method === 'checksum') return undefined;
  if (sender.commit === undefined || sender.commit === receiver.commit) return undefined;
  const blocking = reasons.filter(({ about, blocks }) => blocks && about === 'commits');
  if (blocking.length > 0) {
    // Files can go without them, unless commits were asked for by name.
    if (files === undefined && comparison.files.some(defaultRule(direction, comparison))) return undefined;
    refuse(blocking);
  }
  refuse(comparison.underCommits.flatMap((file) => inTheWay(direction, file, files ?? [])));
  const count = direction === 'push' ? comparison.ahead : comparison.behind;
  return {
    to: sender.commit,
    ...(receiver.commit !== undefined && { from: receiver.commit }),
    ...(count !== undefined && { count }),
    leave: comparison.underCommits.map(({ path }) => path),
  };
}

/** An edit on the receiving side that the commits would run over: only the user can say which version counts. */
function inTheWay(direction: Direction, file: UnderCommits, chosen: readonly string[]): Reason[] {
  if (!isInTheWay(file)) return [];
  const { path, hasStagedContent } = file;
  const where = direction === 'push' ? 'in the checkout' : 'here';
  const blocks = { blocks: true, about: 'commits' } as const;
  if (hasStagedContent) {
    const text = `The commits change ${path}, of which a version is staged ${where} that differs from the file.`;
    return [{ text, action: 'Commit it or take it out of the index with git.', ...blocks }];
  }
  if (chosen.includes(path)) return [];
  const text = `The commits change ${path}, which was edited ${where} too.`;
  const flags = `--files ${quoteWord(path)} --commits --yes`;
  const action = `Look at the difference and choose ${path} to replace it (hsm sync ${direction} ${flags}).`;
  return [{ text, action, ...blocks }];
}

function chooseFiles(
  direction: Direction,
  comparison: Comparison,
  { files: wanted }: SyncChoice,
  withCommits: boolean,
): readonly FileComparison[] {
  const isNamed = new Set(wanted);
  const listed = new Map(comparison.files.map((file) => [file.path, file]));
  const unknown = (wanted ?? []).filter((path) => !listed.has(path));
  refuse(
    unknown.map((path) => ({
      text: `${path} does not differ as far as the last comparison knows.`,
      action: 'Compare again.',
      blocks: true,
      about: 'files',
    })),
  );
  // A file that the commits touch goes with them, else the receiver would be left with an older version on top.
  const goesAlong = new Set(
    withCommits
      ? comparison.underCommits.filter(({ verdict }) => verdict === direction).map(({ path }) => path)
      : [],
  );
  const isDefault = defaultRule(direction, comparison);
  const before = deletesBefore(direction, comparison.files);
  const isByCommit = (path: string): boolean => listed.get(path)?.via === 'commit';
  // A folder is in the way until the commits have deleted what is in it: the file goes with the next transfer.
  const isFree = ({ path }: FileComparison): boolean =>
    (before.get(path) ?? []).every((each) => withCommits && isByCommit(each) && !isBelow(each, path));
  const chosen = comparison.files.filter((file) => {
    if (file.via === 'commit' && withCommits) return false;
    if (goesAlong.has(file.path)) return true;
    return wanted ? isNamed.has(file.path) : isDefault(file) && isFree(file);
  });
  const going = new Set(chosen.map(({ path }) => path));
  refuse(
    chosen
      .filter((file) => !isFree(file))
      .flatMap(({ path }) => {
        const taking = before.get(path)?.filter((each) => !going.has(each)) ?? [];
        return placeTaken(direction, path, { taking, isByCommit: taking.some(isByCommit) });
      }),
  );
  return chosen;
}

function placeTaken(
  direction: Direction,
  path: string,
  { taking, isByCommit }: { readonly taking: readonly string[]; readonly isByCommit: boolean },
): Reason[] {
  if (taking.length === 0) return [];
  const names = taking.slice(0, 5).join(', ') + (taking.length > 5 ? ` and ${taking.length - 5} more` : '');
  const blocks = { blocks: true, about: 'files' } as const;
  if (isByCommit) {
    const text = `${path} needs the place of ${names}, which commits delete.`;
    return [{ text, action: `First ${direction} the commits without it, then compare again.`, ...blocks }];
  }
  const text = `${path} needs the place of ${names}, which would have to be deleted.`;
  return [{ text, action: `Choose ${names} too.`, ...blocks }];
}

function deletesFirst(files: readonly PlannedFile[]): readonly PlannedFile[] {
  const isDelete = ({ next }: PlannedFile): boolean => next.kind === 'absent';
  return [...files.filter(isDelete), ...files.filter((file) => !isDelete(file))];
}

/** What goes unless the user names files: what the direction can take, and what is offered. */
function defaultRule(direction: Direction, { offer }: Comparison): (file: FileComparison) => boolean {
  const offered = new Set(offer?.[direction]);
  return (file) => canGoAlone(file) && (file.verdict === direction || offered.has(file.path));
}

function plannedFile(direction: Direction, file: FileComparison): PlannedFile {
  const { path, local, remote, blocked } = file;
  const files = { blocks: true, about: 'files' } as const;
  if (blocked !== undefined) refuse([{ text: `${path}: ${blocked}`, ...files }]);
  if (file.via === 'commit')
    refuse([{ text: `${path} was changed by commits and travels with them.`, ...files }]);
  return direction === 'push'
    ? { path, expected: remote, next: local }
    : { path, expected: local, next: remote };
}

/** What is against the file's own direction, worded by what becomes of the receiving side's file. */
function overwriteReasons(direction: Direction, chosen: readonly FileComparison[]): Reason[] {
  return chosen
    .filter((file) => ownDirection(file) !== direction)
    .map((file) => ({ text: fateText(direction, file), blocks: false, about: 'files' }));
}

function fateText(direction: Direction, file: FileComparison): string {
  const { expected, next } = plannedFile(direction, file);
  const { path, verdict } = file;
  const [where, there] = direction === 'push' ? ['in the checkout', 'there'] : ['here', 'here'];
  if (expected.kind === 'absent') return `${path} was deleted ${where}; it would be put back.`;
  // A file that only one side has is new there; where both changed something, the other side deleted it.
  const became = next.kind === 'absent' && verdict !== 'conflict' ? 'is only' : 'was changed';
  return next.kind === 'absent'
    ? `${path} ${became} ${where}; it would be deleted ${there} and kept as a backup.`
    : `${path} ${became} ${where}; that version would be replaced and kept as a backup.`;
}

function deleteReasons(files: readonly PlannedFile[], { method, compared }: Comparison): Reason[] {
  const deletes = files.filter(({ next }) => next.kind === 'absent').length;
  const isMuch = method === 'checksum' && deletes > FEW_DELETES && deletes > compared / 5;
  if (deletes <= MANY_DELETES && !isMuch) return [];
  return [{ text: `${fileCount(deletes)} would be deleted.`, blocks: false, about: 'files' }];
}

function endsOf(direction: Direction, { local, remote }: Comparison): [SideSummary, SideSummary] {
  return direction === 'push' ? [local, remote] : [remote, local];
}

function refuse(reasons: readonly Reason[]): void {
  if (reasons.length > 0) throw new ProjectSyncError('Nothing was transferred.', reasons);
}
