import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { HsmError } from '../../core/base/errors';
import type { Backup } from '../../core/sync/backup';
import type { Comparison, Direction, FileComparison, Reason } from '../../core/sync/comparison';
import type { Agreed } from '../../core/sync/consent';
import { canGoAlone, chooseNamed, findNamed } from '../../core/sync/fileChoice';
import { deletesBefore, isBelow } from '../../core/sync/placeTaken';
import { questionsOf } from '../../core/sync/projectSyncError';
import type { SyncChoice } from '../../core/sync/syncFacade';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toBackupJson, toComparisonJson, toSyncReportJson } from '../jsonShapes';
import { oneLine } from '../text/displayWidth';
import { formatBackups, formatComparison, formatReport, formatStaying } from '../text/syncText';

export interface SyncFlags {
  readonly source?: string;
  /** Paths, or folders for everything below them. */
  readonly files?: readonly string[];
  readonly commits?: boolean;
  /** What was deleted on the sending side goes too. */
  readonly deletes?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `hsm sync check`: how workspace and checkout stand. */
export async function checkSync(context: CommandContext, flags: SyncFlags): Promise<ExitCode> {
  const { project, out, interrupted } = context;
  const comparison = await project.sync.compare(sourceOf(context, flags), interrupted);
  if (flags.json === true) out.print(JSON.stringify(toComparisonJson(comparison)));
  else out.print(...formatComparison(comparison));
  return comparison.inSync ? EXIT.ok : EXIT.notInSync;
}

/** `hsm sync push` and `hsm sync pull`. */
export async function transferSync(
  context: CommandContext,
  direction: Direction,
  flags: SyncFlags,
): Promise<ExitCode> {
  const { project, out, interrupted } = context;
  const source = sourceOf(context, flags);
  const report = await untilInterrupted(context, source, async () => {
    const shown = await project.sync.compare(source, interrupted);
    const choice = choiceOf(context, direction, flags, shown);
    return withWord(context, flags, (agreed) =>
      showing(context, source, () =>
        project.sync[direction](source, choice, { agreed, shown, signal: interrupted }),
      ),
    );
  });
  if (!report) return EXIT.interrupted;
  if (flags.json === true) out.print(JSON.stringify(toSyncReportJson(report)));
  else out.print(...formatReport(report));
  const didNothing = report.commits + report.written.length + report.deleted.length === 0;
  // Of files that were named, what is not transferred is the same already.
  const isShort = didNothing && flags.files === undefined && report.comparison?.inSync !== true;
  return isShort ? EXIT.notInSync : EXIT.ok;
}

/**
 * Once files change, a transfer goes on to its end: what gives way to the user's Ctrl-C has changed nothing. What fails while
 * it is ending says so itself.
 */
async function untilInterrupted<T>(
  { interrupted, err }: CommandContext,
  source: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const isGivingWay =
      error === interrupted.reason || (error instanceof Error && error.name === 'AbortError');
    if (!interrupted.aborted || !isGivingWay) throw error;
    err.print(`${source}: interrupted. Nothing was changed.`);
    return undefined;
  }
}

/** `hsm sync restore [BACKUP]`: puts back what a sync replaced; without a backup, lists them. */
export async function restoreSync(
  context: CommandContext,
  id: string | undefined,
  flags: SyncFlags,
): Promise<ExitCode> {
  const { project, out, interrupted: signal } = context;
  const source = sourceOf(context, flags);
  const backups = await project.sync.backups(source, signal);
  if (id === undefined) {
    const listed = backups.filter((backup) => holdsAny(context, backup, flags.files));
    if (flags.json === true) out.print(JSON.stringify(listed.map(toBackupJson)));
    else out.print(...formatBackups(listed));
    return EXIT.ok;
  }
  const backup = backups.find((each) => each.id === id);
  if (!backup) {
    throw new HsmError('input.invalid', `${source} has no backup ${id}.`, {
      hint: `List them with hsm sync restore --source ${source}.`,
    });
  }
  const files = flags.files && filesOfBackup(context, backup, flags.files);
  const restored = await withWord(context, flags, (agreed) =>
    project.sync.restore(source, backup, { agreed, signal, ...(files && { files }) }),
  );
  if (flags.json === true) out.print(JSON.stringify({ source, backup: id, restored }));
  else out.print(oneLine(`${source}: put back ${restored.join(', ')}`));
  return EXIT.ok;
}

/** Shows on the terminal how far a transfer is, as long as it goes on. */
async function showing<T>(
  { project, err }: CommandContext,
  source: string,
  work: () => Promise<T>,
): Promise<T> {
  const listener = project.sync.onDidChange(() => {
    const { text, fraction } = project.sync.remote(source)?.progress ?? {};
    const percent = fraction === undefined ? '' : ` (${Math.floor(fraction * 100)} %)`;
    err.setFooter(text === undefined ? [] : [oneLine(`${text}${percent}`)]);
  });
  try {
    return await work();
  } finally {
    listener.dispose();
    err.setFooter([]);
  }
}

/** Does what is safe at once; what is not only after a yes to what stands against it. */
async function withWord<T>(
  { ask, err }: CommandContext,
  { yes, json }: SyncFlags,
  act: (agreed: Agreed) => Promise<T>,
): Promise<T> {
  let told: readonly Reason[] = [];
  for (;;) {
    try {
      return await act(yes === true ? 'everything' : told);
    } catch (error) {
      const reasons = questionsOf(error);
      if (!reasons) throw error;
      if (ask && json !== true) {
        err.print(...reasons.map(({ text }) => text));
        told = [...told, ...reasons];
        if (await ask('Do it all the same?')) continue;
      }
      err.print('With --yes it is done, and what is replaced is kept as a backup.');
      throw error;
    }
  }
}

/** The only checkout need not be named. */
function sourceOf({ project }: CommandContext, { source }: SyncFlags): string {
  if (source !== undefined) return source;
  const names = project.sync.remotes().map((remote) => remote.source);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new HsmError('input.invalid', 'Name the source whose checkout is meant, with --source.', {
    hint:
      names.length > 0
        ? `Sources with a checkout: ${names.join(', ')}.`
        : 'No source has a checkout: add `checkout: ~/path/there` to one in .hsm/config.yaml. If it is there, hsm check tells what is wrong with it.',
  });
}

function choiceOf(
  context: CommandContext,
  direction: Direction,
  flags: SyncFlags,
  comparison: Comparison,
): SyncChoice {
  const { deletes = false } = flags;
  const commits = flags.commits ?? (deletes && !flags.files && comparison.offer?.commits === direction);
  const files = flags.files ?? (deletes ? ['.'] : undefined);
  if (!files) return flags.commits === undefined ? {} : { commits };
  const going = new Set<string>();
  const staying = new Map<string, FileComparison>();
  for (const name of files) {
    const { all, left } = chooseOf(direction, comparison, inProject(context, name), { commits, deletes });
    if (all.length === 0) {
      if (flags.files && !isInWorkspace(context, name)) throw nothingThere(name);
      context.err.print(`${oneLine(name)} is the same on both sides, or takes no part in a sync.`);
    }
    const stays = new Set(left.map(({ path }) => path));
    if (all.length > 0 && all.every(({ path }) => stays.has(path))) throw nothingGoing(direction, name, left);
    for (const { path, via } of all) if (!stays.has(path) && via === 'file') going.add(path);
    for (const file of left) staying.set(file.path, file);
  }
  const rest = [...staying.values()].filter(({ path }) => !going.has(path));
  if (rest.length > 0) context.err.print(`Left as it is until it is named itself: ${formatStaying(rest)}.`);
  return { files: [...going], ...((flags.commits !== undefined || commits) && { commits }) };
}

/** All that differs at a name, and what of it stays as it is. */
function chooseOf(
  direction: Direction,
  comparison: Comparison,
  name: string,
  { commits, deletes }: { readonly commits: boolean; readonly deletes: boolean },
): { readonly all: readonly FileComparison[]; readonly left: readonly FileComparison[] } {
  const { going, staying } = chooseNamed(direction, comparison, name);
  const isDelete = (file: FileComparison): boolean =>
    deletes && file.verdict === DELETED[direction] && canGoAlone(file);
  const all = [...going, ...staying];
  const byCommit = all.filter(({ via }) => via === 'commit');
  const before = deletesBefore(direction, all);
  // What commits delete in a file's place is a folder there until they have gone.
  const isFreed = ({ path, verdict }: FileComparison): boolean =>
    deletes &&
    verdict === direction &&
    before.has(path) &&
    !byCommit.some((each) => isBelow(each.path, path));
  const left = staying.filter(
    (file) => !isDelete(file) && !isFreed(file) && !(commits && file.via === 'commit'),
  );
  return { all, left };
}

const DELETED = { push: 'deletedHere', pull: 'deletedThere' } as const;

function isInWorkspace(context: CommandContext, name: string): boolean {
  return existsSync(resolve(context.project.projectDir, inProject(context, name)));
}

function nothingThere(name: string): HsmError {
  return new HsmError(
    'input.invalid',
    `There is no ${name}, neither in the workspace nor among what differs.`,
    {
      hint: 'hsm sync check lists what differs.',
    },
  );
}

function nothingGoing(direction: Direction, name: string, left: readonly FileComparison[]): HsmError {
  const verb = direction === 'push' ? 'pushed' : 'pulled';
  return new HsmError(
    'input.invalid',
    `Nothing in ${name} can be ${verb} by itself: ${formatStaying(left)}.`,
    {
      hint: 'A file that is named itself goes whatever became of it: it is replaced, deleted or put back. With --deletes all of a folder that was deleted goes too.',
    },
  );
}

function holdsAny(context: CommandContext, { files }: Backup, names: readonly string[] | undefined): boolean {
  const held = files.map((path) => ({ path }));
  return (names ?? ['.']).some((name) => {
    const { exact, below } = findNamed(held, inProject(context, name));
    return exact !== undefined || below.length > 0;
  });
}

function filesOfBackup(
  context: CommandContext,
  { id, files }: Backup,
  names: readonly string[],
): readonly string[] {
  const held = files.map((path) => ({ path }));
  const chosen = names.flatMap((name) => {
    const { exact, below } = findNamed(held, inProject(context, name));
    if (exact || below.length > 0) return exact ? [exact, ...below] : below;
    throw new HsmError('input.invalid', `The backup ${id} does not hold ${name}.`, {
      hint: 'hsm sync restore lists what backups hold.',
    });
  });
  return [...new Set(chosen.map(({ path }) => path))];
}

/** Names are those that `sync check` lists; `./a` and the like start at the folder where the user is. */
function inProject({ cwd, project }: CommandContext, name: string): string {
  if (!isAbsolute(name) && !/^\.\.?(\/|$)/u.test(name)) return name;
  const path = relative(project.projectDir, resolve(cwd, name)).replaceAll(sep, '/');
  return name.endsWith('/') ? `${path}/` : path;
}
