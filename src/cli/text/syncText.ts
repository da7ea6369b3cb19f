import type { Backup } from '../../core/sync/backup';
import type { Comparison, FileComparison, Safety } from '../../core/sync/comparison';
import type { SyncReport } from '../../core/sync/syncFacade';
import { oneLine } from './displayWidth';
import { formatTable } from './table';

const VERDICTS: Readonly<Record<FileComparison['verdict'], string>> = {
  push: 'to push',
  pull: 'to pull',
  conflict: 'conflict',
  deletedHere: 'deleted here',
  deletedThere: 'deleted there',
};

/** A list of files ends here; the rest is counted. `--json` has all. */
const SHOWN_FILES = 200;

/** How a checkout stands: the verdict, every file that differs, and what stands in the way of either direction. */
export function formatComparison(comparison: Comparison): string[] {
  const { source, verdict, local, remote, files, safe, warnings, errors } = comparison;
  const shown = files.slice(0, SHOWN_FILES);
  return [
    `${source}: ${oneLine(verdict)}`,
    ...(local.commit === undefined ? [] : [`  here:  ${formatSide(local)}`]),
    ...(remote.commit === undefined ? [] : [`  there: ${formatSide(remote)}`]),
    ...(shown.length === 0 ? [] : formatTable(COLUMNS, shown.map(formatFile)).map((line) => `  ${line}`)),
    ...(files.length > shown.length ? [`  and ${files.length - shown.length} more files`] : []),
    ...formatSafety('push', safe.push),
    ...formatSafety('pull', safe.pull),
    ...[...errors, ...warnings].map((text) => `  ${oneLine(text)}`),
  ];
}

const COLUMNS = [
  { title: 'WHAT', align: 'left' },
  { title: 'KIND', align: 'left' },
  { title: 'FILE', align: 'left' },
] as const;

function formatFile(file: FileComparison): string[] {
  const { path, kind, via, renamedFrom, blocked, note } = file;
  const more = [
    ...(via === 'commit' ? ['by commits'] : []),
    ...(renamedFrom === undefined ? [] : [`was ${renamedFrom}`]),
    ...(blocked === undefined ? [] : [blocked]),
    ...(note === undefined ? [] : [note]),
  ];
  return [wordVerdict(file), kind, oneLine(more.length > 0 ? `${path} (${more.join('; ')})` : path)];
}

function wordVerdict({ verdict, special }: FileComparison): string {
  if (special === 'submodule') return 'submodule';
  return special === 'leftOutThere' ? 'left out there' : VERDICTS[verdict];
}

function formatSide({ commit = '', branch }: Comparison['local']): string {
  return `${commit.slice(0, 10)} ${branch === undefined ? '(no branch)' : oneLine(branch)}`;
}

function formatSafety(direction: 'push' | 'pull', safety: Safety): string[] {
  if (safety.safe) return [];
  return [
    `  ${direction} is not safe:`,
    ...safety.reasons.map(({ text, action }) => `    ${oneLine([text, action ?? ''].join(' ').trim())}`),
  ];
}

/** What a transfer did. */
export function formatReport(report: SyncReport): string[] {
  const { source, direction, commits, written, deleted, backup, comparison, notCompared } = report;
  const moved = [
    ...(commits > 0 ? [plural(commits, 'commit')] : []),
    ...(written.length > 0 ? [plural(written.length, 'file')] : []),
  ];
  const [verb, where] = direction === 'push' ? ['pushed', 'there'] : ['pulled', 'here'];
  const done = [
    ...(moved.length > 0 ? [`${verb} ${moved.join(', ')}`] : []),
    ...(deleted.length > 0 ? [`deleted ${plural(deleted.length, 'file')} ${where}`] : []),
  ];
  return [
    `${source}: ${done.length > 0 ? done.join(', ') : `nothing to ${direction}`}`,
    ...(written.length > 0 ? [`  ${verb}: ${someNames(written)}`] : []),
    ...(deleted.length > 0 ? [`  deleted: ${someNames(deleted)}`] : []),
    ...(backup ? [`  what was replaced is kept: hsm sync restore --source ${source} ${backup.id}`] : []),
    `  ${comparison ? `now: ${oneLine(comparison.verdict)}` : notComparedText(notCompared)}`,
  ];
}

/** A report need not name more; `--json` does. */
const NAMED_FILES = 10;

function someNames(paths: readonly string[]): string {
  const more = paths.length - NAMED_FILES;
  const shown = paths.slice(0, NAMED_FILES).join(', ');
  return oneLine(more > 0 ? `${shown} and ${more} more` : shown);
}

function notComparedText(why: string | undefined): string {
  if (why === undefined) return 'it was not compared again';
  return `it could not be compared again: ${oneLine(why)}`;
}

/** What of a folder stays as it is because it does not go that way by itself. */
export function formatStaying(files: readonly FileComparison[]): string {
  const shown = files.slice(0, 5).map(({ path, verdict, via, blocked }) => {
    const why = via === 'commit' ? 'by commits' : blocked === undefined ? VERDICTS[verdict] : 'blocked';
    return `${path} (${why})`;
  });
  const more = files.length - shown.length;
  return oneLine([...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', '));
}

/** Backups of both sides, newest first. */
export function formatBackups(backups: readonly Backup[]): string[] {
  if (backups.length === 0) return ['There are no backups.'];
  const columns = [
    { title: 'BACKUP', align: 'left' },
    { title: 'SIDE', align: 'left' },
    { title: 'FILES', align: 'left' },
  ] as const;
  return formatTable(
    columns,
    backups.map(({ id, side, files }) => [
      id,
      side === 'local' ? 'here' : 'there',
      oneLine(
        files.length > 5 ? `${files.slice(0, 5).join(', ')} and ${files.length - 5} more` : files.join(', '),
      ),
    ]),
  );
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
