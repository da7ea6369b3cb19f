import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommitChange, GitState } from '../../../core/sync/sideState';
import type { GitCli } from '../../git/gitCli';
import { parseRawDiff } from '../checkout/diffWords';
import { wordOperation } from '../checkout/operations';
import { parseStatus } from '../checkout/statusWords';
import { splitWords } from '../checkout/words';
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

/** Undefined outside a repository and without git. */
export async function findWorkspaceGit(git: GitCli): Promise<WorkspaceGit | undefined> {
  try {
    const [{ stdout, exitCode }, verified] = await Promise.all([
      git.run(['rev-parse', '--absolute-git-dir', '--show-prefix', '--git-common-dir']),
      git.run(['rev-parse', '--verify', '--quiet', 'HEAD']),
    ]);
    if (exitCode !== 0) return undefined;
    const [gitDir = '', prefix = '', common = ''] = stdout.toString('utf8').split('\n');
    const head = verified.stdout.toString('utf8').trim();
    const commonDir = resolve(git.dir, common);
    return { gitDir, commonDir, prefix, ...(head !== '' && { head }) };
  } catch {
    return undefined;
  }
}

/** Looks at the workspace's repository, and tells what of it could not be read; nothing is written. */
export async function readWorkspaceGit(
  git: GitCli,
  { gitDir, prefix, head }: WorkspaceGit,
  passOver: readonly string[],
): Promise<{ readonly git: GitState; readonly unreadable: readonly Unreadable[] }> {
  const complaints: string[] = [];
  const [branch, status, hidden] = await Promise.all([
    git.run(['symbolic-ref', '--quiet', '--short', 'HEAD']),
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
    countHidden(git),
  ]);
  const name = branch.stdout.toString('utf8').trim();
  const state: GitState = {
    prefix,
    operations: OPERATION_FILES.filter((file) => existsSync(join(gitDir, file))).map(wordOperation),
    hidden,
    isShallow: existsSync(join(gitDir, 'shallow')),
    dirty: parseStatus(splitWords(Buffer.from(status)), prefix),
    ...(head !== undefined && { head }),
    ...(name !== '' && { branch: name }),
  };
  return { git: state, unreadable: unreadableOfGit(complaints.join('').split('\n')) };
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
