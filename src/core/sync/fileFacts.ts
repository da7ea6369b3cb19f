import type { FileFact, SideFact } from './classify';
import { ABSENT, type Content } from './content';
import type { CommitChanges, GitState, History, SideState } from './sideState';

/** What both sides had at a path when they were last seen to be the same. */
export type SyncedContents = ReadonlyMap<string, Content>;

/** What is known of every path that may differ, by path. */
export function fileFacts(
  local: SideState,
  remote: SideState,
  history: History | undefined,
  synced: SyncedContents,
): Map<string, FileFact> {
  const facts = new Map<string, FileFact>();
  const sides =
    local.git && remote.git && history
      ? gitSides(local, remote, history)
      : manifestSides(local, remote, synced);
  for (const path of sides.paths) {
    const last = synced.get(path);
    facts.set(path, {
      local: sides.local(path),
      remote: sides.remote(path),
      ...(last && { synced: last }),
    });
  }
  return facts;
}

interface Sides {
  readonly paths: Iterable<string>;
  local(path: string): SideFact;
  remote(path: string): SideFact;
}

/** Without git everything was looked into on both sides. */
function manifestSides(local: SideState, remote: SideState, synced: SyncedContents): Sides {
  const fact = (side: SideState, path: string): SideFact => {
    const content = side.contents.get(path) ?? ABSENT;
    return { content, isAtBase: content.kind === 'absent' && !synced.has(path) };
  };
  return {
    paths: new Set([...local.contents.keys(), ...remote.contents.keys()]),
    local: (path) => fact(local, path),
    remote: (path) => fact(remote, path),
  };
}

/** With git, what is neither dirty nor touched by a commit that one side lacks is the same. */
function gitSides(local: SideState, remote: SideState, history: History): Sides {
  const here = { state: local, git: local.git, changes: history.localChanges };
  const there = { state: remote, git: remote.git, changes: history.remoteChanges };
  return {
    paths: new Set([
      ...(local.git?.dirty.keys() ?? []),
      ...(remote.git?.dirty.keys() ?? []),
      ...history.localChanges.keys(),
      ...history.remoteChanges.keys(),
    ]),
    local: (path) => gitFact(path, here, there),
    remote: (path) => gitFact(path, there, here),
  };
}

interface GitSide {
  readonly state: SideState;
  readonly git: GitState | undefined;
  readonly changes: CommitChanges;
}

function gitFact(path: string, side: GitSide, other: GitSide): SideFact {
  const seen = asRepository(path, [side, other], side.state.contents.get(path));
  const change = side.changes.get(path);
  const isHidden = side.git?.hidden.has(path) === true && (!seen || seen.kind === 'absent');
  if (change) return { content: isHidden ? change.after : (seen ?? change.after), isAtBase: false };
  if (side.git?.dirty.has(path)) return { content: seen ?? ABSENT, isAtBase: false };
  const base = other.changes.get(path)?.before;
  if (!seen) return { content: base ?? ABSENT, isAtBase: true };
  // Nobody deleted it: a sparse checkout leaves it out.
  if (isHidden) return { content: seen, isAtBase: true };
  // Neither dirty nor committed since: it is as the merge base has it. But what lies where that has nothing is ignored
  // by git, and in nobody's history.
  const isInBase = base ? base.kind !== 'absent' : other.git?.dirty.get(path)?.inHead === true;
  return { content: seen, isAtBase: (seen.kind !== 'absent') === isInBase };
}

/** A folder with a git of its own is something, though it is no file. */
function asRepository(
  path: string,
  sides: readonly GitSide[],
  seen: Content | undefined,
): Content | undefined {
  if (seen?.kind !== 'absent' || seen.isFolder !== true) return seen;
  const kinds = sides.map(({ git }) => git?.dirty.get(path)?.kind);
  return kinds.some((kind) => kind === 'submodule' || kind === 'repository')
    ? { kind: 'other', what: 'there is a folder in its place' }
    : seen;
}
