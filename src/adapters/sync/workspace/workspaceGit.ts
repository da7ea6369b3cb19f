import { existsSync } from 'node:fs';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CommitChange, GitState } from '../../../core/sync/sideState';
import type { GitCli } from '../../git/gitCli';
import { parseRawDiff } from '../checkout/diffWords';
import { wordOperation } from '../checkout/operations';
import { parseStatus } from '../checkout/statusWords';
import { splitWords } from '../checkout/words';
import type { HiddenCounts } from './hiddenCounts';
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
  /** Whether the executable bit of files means something, as git's `core.fileMode` says. */
  readonly hasModes: boolean;
  readonly head?: string;
}

/** Undefined outside a repository and without git. */
export async function findWorkspaceGit(git: GitCli): Promise<WorkspaceGit | undefined> {
  try {
    // One process for all. HEAD last: on a branch without commits git fails at it, and has said the rest.
    const place = ['--absolute-git-dir', '--show-prefix', '--git-common-dir'];
    const [{ stdout }, fileMode] = await Promise.all([
      git.run(['rev-parse', ...place, 'HEAD^{commit}']),
      git.run(['config', '--bool', 'core.fileMode']),
    ]);
    const [gitDir = '', prefix = '', common = '', head = ''] = stdout.toString('utf8').split('\n');
    if (gitDir === '') return undefined;
    // Git tells it from where the folder really is.
    const commonDir = resolve(await realpath(git.dir), common);
    const hasModes = fileMode.stdout.toString('utf8').trim() !== 'false';
    return { gitDir, commonDir, prefix, hasModes, ...(/^[0-9a-f]+$/.test(head) && { head }) };
  } catch {
    // There is no git, unless nobody wants to know any more.
    git.signal?.throwIfAborted();
    return undefined;
  }
}

/** Looks at the workspace's repository, and tells what of it could not be read; nothing is written. */
export async function readWorkspaceGit(
  git: GitCli,
  { gitDir, prefix, head }: WorkspaceGit,
  passOver: readonly string[],
  hidden: HiddenCounts,
): Promise<{
  readonly git: GitState;
  readonly unreadable: readonly Unreadable[];
  readonly indexStamp: string;
}> {
  const indexStamp = await stampOf(join(gitDir, 'index'));
  const known = hidden.get('local', indexStamp);
  const complaints: string[] = [];
  const [branch, status, count] = await Promise.all([
    branchOf(git, gitDir),
    git.text(
      [
        'status',
        '--porcelain=v2',
        '-z',
        '--no-renames',
        '--untracked-files=all',
        '--ignore-submodules=none',
        '--',
        '.',
        ...passOver,
      ],
      complaints,
    ),
    known ?? countHidden(git),
  ]);
  const state: GitState = {
    prefix,
    operations: OPERATION_FILES.filter((file) => existsSync(join(gitDir, file))).map(wordOperation),
    hidden: count,
    isShallow: existsSync(join(gitDir, 'shallow')),
    dirty: parseStatus(splitWords(Buffer.from(status)), prefix),
    ...(head !== undefined && { head }),
    ...(branch !== undefined && { branch }),
  };
  return { git: state, unreadable: unreadableOfGit(complaints.join('').split('\n')), indexStamp };
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

/** Entries that git was told not to look at: `S` sparse, lower case assume-unchanged. */
async function countHidden(git: GitCli): Promise<number> {
  const { stdout } = await git.run(['ls-files', '-v']);
  let count = 0;
  let start = 0;
  while (start < stdout.length) {
    const tag = stdout[start] ?? 0;
    if (tag === 0x53 || (tag >= 0x61 && tag <= 0x7a)) count++;
    const end = stdout.indexOf(10, start);
    start = end < 0 ? stdout.length : end + 1;
  }
  return count;
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
