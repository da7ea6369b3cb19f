import type { Content } from '../../core/sync/content';
import type { CommitChanges, DirtyEntry, SideState } from '../../core/sync/sideState';
import type { GitCli } from '../git/gitCli';
import { parseStatus } from './checkout/statusWords';
import { splitWords } from './checkout/words';

const UNTRACKED: DirtyEntry = { kind: 'untracked', inHead: false, hasStagedContent: false };

/** A side, and what is at paths of it. */
export interface LookedAt {
  readonly state: SideState;
  readonly look: (paths: readonly string[]) => Promise<ReadonlyMap<string, Content>>;
}

/**
 * Looks at the files that the side which is to get commits ignores where these bring new ones: git's status passes them over,
 * and a merge would not. They come out as untracked ones.
 */
export async function withIgnored(
  sender: LookedAt,
  receiver: LookedAt,
  brought: CommitChanges,
): Promise<{ readonly sender: SideState; readonly receiver: SideState }> {
  const { git } = receiver.state;
  const added = [...brought].flatMap(([path, { before }]) =>
    before.kind === 'absent' && git?.dirty.has(path) !== true ? [path] : [],
  );
  const found = added.length > 0 ? [...(await receiver.look(added))] : [];
  // What lies behind a link that the commits replace is not theirs to run over.
  const present = found.filter(([, { kind }]) => kind === 'file' || kind === 'link');
  if (!git || present.length === 0) return { sender: sender.state, receiver: receiver.state };
  const dirty = new Map([...git.dirty, ...present.map(([path]) => [path, UNTRACKED] as const)]);
  const sent = await sender.look(present.map(([path]) => path));
  return {
    sender: withContents(sender.state, sent),
    receiver: { ...withContents(receiver.state, new Map(present)), git: { ...git, dirty } },
  };
}

function withContents(state: SideState, more: ReadonlyMap<string, Content>): SideState {
  return { ...state, contents: new Map([...state.contents, ...more]) };
}

/** Files outside the project that are edited here, from the repository's top. */
export async function editedOutside(git: GitCli, prefix: string): Promise<readonly string[]> {
  const look = ['--porcelain=v2', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules=all'];
  const outside = [':(top)', `:(top,exclude,literal)${prefix.replace(/\/$/, '')}`];
  const { stdout, stderr, exitCode } = await git.run(['status', ...look, '--', ...outside]);
  if (exitCode !== 0) throw new Error(`git status failed here: ${stderr}`);
  return [...parseStatus(splitWords(stdout), '').keys()];
}

/** Which of these paths the commits between two change, both known here. */
export async function changedBetween(
  git: GitCli,
  { from, to }: { readonly from: string; readonly to: string },
  paths: readonly string[],
): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const names = await git.run(['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to]);
  const changed = new Set(splitWords(names.stdout));
  return paths.filter((path) => changed.has(path));
}
