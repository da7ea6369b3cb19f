import { existsSync } from 'node:fs';
import { copyFile, lstat, mkdir, mkdtemp, readFile, realpath, rm, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorText, HsmError } from '../../../core/base/errors';
import type { CommitChange, GitState } from '../../../core/sync/sideState';
import type { GitCli } from '../../git/gitCli';
import { parseRawDiff } from '../checkout/diffWords';
import { wordOperation } from '../checkout/operations';
import { parseStatus } from '../checkout/statusWords';
import { joinWords, splitWords } from '../checkout/words';
import type { HiddenFiles, IndexNotes } from './indexNotes';
import { readIndex } from './readIndex';
import { unreadableOfGit, type Unreadable } from '../unreadable';

const OPERATION_FILES = [
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'BISECT_LOG',
  'rebase-merge',
  'rebase-apply',
  'index.lock',
];

/** Where the workspace's repository is. */
export interface WorkspaceGit {
  /** Of this working tree, absolute. */
  readonly gitDir: string;
  /** Of the repository, absolute; another one in a linked working tree. */
  readonly commonDir: string;
  readonly prefix: string;
  readonly head?: string;
}

/** Undefined outside a repository and without git. @throws HsmError `command.failed` when git does not want the repository */
export async function findWorkspaceGit(git: GitCli): Promise<WorkspaceGit | undefined> {
  try {
    // One process for all. HEAD last: on a branch without commits git fails at it, and has said the rest.
    const place = ['--absolute-git-dir', '--show-prefix', '--git-common-dir'];
    const { stdout, stderr } = await git.run(['rev-parse', ...place, 'HEAD^{commit}']);
    const [gitDir = '', prefix = '', common = '', head = ''] = stdout.toString('utf8').split('\n');
    // Something is there, but git does not want it, e.g. because of another owner.
    if (gitDir === '' && !stderr.includes('not a git repository')) throw gitFailure('rev-parse', stderr);
    if (gitDir === '') return undefined;
    // Git tells it from where the folder really is.
    const commonDir = resolve(await realpath(git.dir), common);
    return { gitDir, commonDir, prefix, ...(/^[0-9a-f]+$/.test(head) && { head }) };
  } catch (error) {
    // There is no git, unless nobody wants to know any more.
    git.signal?.throwIfAborted();
    if (error instanceof HsmError) throw error;
    return undefined;
  }
}

function gitFailure(command: string, stderr: string): HsmError {
  const words = stderr.replaceAll(/\s+/g, ' ').trim();
  const details = { argv: ['git', command], exitCode: undefined, stderr };
  return new HsmError(
    'command.failed',
    `Git does not work in the workspace here. It says: ${words}`,
    details,
  );
}

/** Whether the executable bit of files means something, as git's `core.fileMode` says. */
export async function readHasModes(git: GitCli): Promise<boolean> {
  const { stdout } = await git.run(['config', '--bool', 'core.fileMode']);
  return stdout.toString('utf8').trim() !== 'false';
}

/** What a look at the workspace's repository goes by. */
export interface WorkspaceLook {
  /** Pathspecs of what is left out. */
  readonly passOver: readonly string[];
  readonly hidden: HiddenFiles;
  /** A folder for what is needed meanwhile, absolute; made when needed. */
  readonly scratchDir: string;
}

/** Looks at the workspace's repository, and tells what of it could not be read; nothing of it is written. */
export async function readWorkspaceGit(
  git: GitCli,
  { gitDir, prefix, head }: WorkspaceGit,
  { passOver, hidden, scratchDir }: WorkspaceLook,
): Promise<{
  readonly git: GitState;
  readonly unreadable: readonly Unreadable[];
  /** Empty: the index is to be read again the next time. */
  readonly indexStamp: string;
  readonly hasModes: boolean;
}> {
  const indexStamp = await stampOf(join(gitDir, 'index'));
  const known = hidden.get('local', indexStamp);
  const [branch, plain, notes, hasModes] = await Promise.all([
    branchOf(git, gitDir),
    readStatus(git, passOver),
    known ? { hidden: known, unwatched: [], submodules: [], isLasting: true } : readIndex(git),
    readHasModes(git),
  ]);
  const status =
    notes.unwatched.length === 0
      ? plain
      : await withWatched(git, { index: join(gitDir, 'index'), scratchDir }, notes, (copy) =>
          readStatus(copy, passOver),
        );
  const state: GitState = {
    prefix,
    operations: OPERATION_FILES.filter((file) => existsSync(join(gitDir, file))).map(wordOperation),
    hidden: new Set(notes.hidden),
    emptySubmodules: new Set(notes.submodules.filter((path) => !existsSync(join(git.dir, path, '.git')))),
    isShallow: existsSync(join(gitDir, 'shallow')),
    dirty: parseStatus(splitWords(Buffer.from(status.text)), prefix),
    ...(head !== undefined && { head }),
    ...(branch !== undefined && { branch }),
  };
  return {
    git: state,
    unreadable: status.unreadable,
    indexStamp: notes.isLasting ? indexStamp : '',
    hasModes,
  };
}

async function readStatus(
  git: GitCli,
  passOver: readonly string[],
): Promise<{ readonly text: string; readonly unreadable: readonly Unreadable[] }> {
  const complaints: string[] = [];
  const look = ['--porcelain=v2', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=none'];
  // For a program that says nothing `simple-git` waits another 50 ms. The lines of the branch are passed over.
  const speaking = ['--branch', '--no-ahead-behind'];
  const text = await git
    .text(['status', ...look, ...speaking, '--', '.', ...passOver], complaints)
    .catch((error: unknown) => {
      git.signal?.throwIfAborted();
      throw gitFailure('status', errorText(error));
    });
  return { text, unreadable: unreadableOfGit(complaints.join('').split('\n')) };
}

/** What makes git look at a file again; it takes one of these words at a time. */
const WATCH_AGAIN = ['--no-assume-unchanged', '--no-skip-worktree'];

/** Lets git look at a copy of the index in which it passes over none of these files: so it tells how they are. */
async function withWatched<T>(
  git: GitCli,
  { index, scratchDir }: { readonly index: string; readonly scratchDir: string },
  { unwatched }: IndexNotes,
  look: (git: GitCli) => Promise<T>,
): Promise<T> {
  await mkdir(scratchDir, { recursive: true });
  const folder = await mkdtemp(join(scratchDir, 'index-'));
  try {
    const copy = join(folder, 'index');
    const { atime, mtimeMs } = await lstat(index);
    await copyFile(index, copy);
    // Git tells by the time of an index which entries may have changed unseen. Earlier means that it looks.
    await utimes(copy, atime, Math.floor(mtimeMs / 1000));
    const onCopy = git.onIndex(copy);
    for (const again of WATCH_AGAIN) {
      const watch = ['-c', 'core.splitIndex=false', 'update-index', '-z', again, '--stdin'];
      const { exitCode, stderr } = await onCopy.run(watch, joinWords(unwatched));
      if (exitCode !== 0) throw new Error(`git update-index failed on a copy of the index: ${stderr}`);
    }
    return await look(onCopy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Read from git's file: another process would cost more than all else here. Undefined when HEAD is detached. */
async function branchOf(git: GitCli, gitDir: string): Promise<string | undefined> {
  const text = await readFile(join(gitDir, 'HEAD'), 'utf8');
  const [, branch] = /^ref: refs\/heads\/(.+)\n$/.exec(text) ?? [];
  // Where refs are kept in tables, the file says nothing.
  if (branch !== '.invalid') return branch;
  const told = await git.run(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return told.stdout.toString('utf8').trim() || undefined;
}

async function stampOf(file: string): Promise<string> {
  try {
    const { size, mtimeNs, ctimeNs, ino } = await lstat(file, { bigint: true });
    return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
  } catch {
    // A repository in which nothing was ever added has no index.
    return '';
  }
}

/** What commits changed between two of them, by path relative to the project. */
export async function readCommitChanges(
  git: GitCli,
  from: string,
  to: string,
): Promise<ReadonlyMap<string, CommitChange>> {
  const diff = await git.text(['diff-tree', '-r', '-z', '--no-renames', '--relative', from, to]);
  return parseRawDiff(splitWords(Buffer.from(diff)));
}

/** Empty on a branch without commits. */
export async function headOf(git: GitCli): Promise<string> {
  return (await git.run(['rev-parse', '--verify', '--quiet', 'HEAD'])).stdout.toString('utf8').trim();
}

/** Which of the paths are not as an index has them, or the index not as HEAD. */
export async function editedOf(
  git: GitCli,
  paths: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const look = ['--porcelain=v2', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules=all'];
  const { stdout, stderr, exitCode } = await git.run(['status', ...look], undefined, env);
  if (exitCode !== 0) throw new Error(`git status failed: ${stderr}`);
  const dirty = parseStatus(splitWords(stdout), '');
  return paths.filter((path) => dirty.has(path));
}
