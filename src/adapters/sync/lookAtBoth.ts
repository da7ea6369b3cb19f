import { join } from 'node:path';
import { HsmError } from '../../core/base/errors';
import type { Content } from '../../core/sync/content';
import { fileCount } from '../../core/sync/verdictText';
import type { GitState, History, SideState } from '../../core/sync/sideState';
import type { GitCli } from '../git/gitCli';
import { readProbe, refusalError, refusalOf } from './checkout/answers';
import { parseRawDiff } from './checkout/diffWords';
import { formatListed, parseListing } from './checkout/listing';
import { parseLook } from './checkout/lookWords';
import { parseStatus } from './checkout/statusWords';
import { joinWords, type Sections } from './checkout/words';
import { readHistory, type ChangesThere } from './history';
import { faultyNames, makeLeftOut } from './choice';
import { isInterruptedHere } from './pendingHere';
import { lookAtManifests } from './lookAtManifests';
import type { Places } from './places';
import type { Look } from './look';
import { changedBetween, editedOutside, withIgnored, type LookedAt } from './underCommits';
import { unreadableOfGit, type Unreadable } from './unreadable';
import { HashCache } from './workspace/hashCache';
import { HiddenFiles } from './workspace/indexNotes';
import { makePathTest } from './workspace/leftOut';
import { lookHere } from './workspace/lookHere';
import { hideFromGit } from './workspace/workspaceChange';
import { findWorkspaceGit, readWorkspaceGit, type WorkspaceGit } from './workspace/workspaceGit';

/** Looks at both sides at the same time: with git where both have it, else by size, time and hash of every file. */
export async function lookAtBoth(anyTime: Places, signal: AbortSignal): Promise<Look> {
  const places = { ...anyTime, git: anyTime.git.until(signal) };
  const here = await findWorkspaceGit(places.git);
  if (!here) return lookAtManifests(places, false, signal);
  await hideFromGit(here.commonDir);
  const passOver = passedOver(places);
  const [hidden, cache] = await loadMemory(places);
  // The checkout's git works while ours does; it is told our edited files as soon as they are known.
  const look = { passOver, hidden, scratchDir: places.stateDir };
  const local = readWorkspaceGit(places.git, here, look);
  local.catch(() => undefined);
  const input = (async function* () {
    const { dirty } = (await local).git;
    yield joinWords([...dirty.keys()].map((path) => `p${here.prefix}${path}`));
    yield joinWords(knownThere(cache));
  })();
  const args = [here.head ?? '', hidden.stampOf('remote'), ...passOver];
  const sections = await places.there.ask({ name: 'probe', args, input }, signal);
  const refusal = refusalOf(sections);
  if (refusal?.kind === 'notgit') return lookAtManifests(places, true, signal);
  if (refusal) throw refusalError(refusal, places);
  return lookByGit(places, { here, ...(await local), sections, hidden, cache }, signal);
}

interface GitLook {
  readonly here: WorkspaceGit;
  readonly git: GitState;
  /** In the workspace. */
  readonly unreadable: readonly Unreadable[];
  readonly indexStamp: string;
  readonly hasModes: boolean;
  readonly hidden: HiddenFiles;
  /** Of the checkout's files, by their paths from the repository's top. */
  readonly cache: HashCache;
  /** Of `probe.sh`. */
  readonly sections: Sections;
}

async function lookByGit(
  places: Places,
  { here, git, unreadable, indexStamp, hasModes, hidden, cache: cacheThere, sections }: GitLook,
  signal: AbortSignal,
): Promise<Look> {
  const probe = readProbe(sections, (stamp) => hidden.get('remote', stamp));
  await hidden.set({
    local: [indexStamp, [...git.hidden]],
    remote: [probe.indexStamp, [...probe.git.hidden]],
  });
  if (probe.git.prefix !== here.prefix) {
    const message = `The project is in the folder "${here.prefix}" of its repository here and in "${probe.git.prefix}" there.`;
    throw new HsmError('input.invalid', message, { hint: 'Correct `checkout` in .hsm/config.yaml.' });
  }
  const seenThere: SideState = {
    git: probe.git,
    contents: withTracked(
      withoutPrefix(await contentsThere(sections, cacheThere, probe.nowMs), here.prefix),
      probe.git,
    ),
    warnings: [],
  };
  const cache = new HashCache(join(places.stateDir, 'hashes.json'), places.log);
  await cache.load();
  const paths = new Set([...git.dirty.keys(), ...probe.git.dirty.keys()]);
  const lookLocally = (wanted: Iterable<string>): Promise<Map<string, Content>> =>
    lookHere({ root: places.root, hasModes }, wanted, cache, signal);
  const [contentsHere, lying] = await Promise.all([
    lookLocally(paths),
    readHistory({
      git: places.git,
      here: here.head,
      there: probe.git.head,
      relation: sections.get('relation') ?? [],
      changesThere: (from) => readChangesThere(places, from, signal),
    }),
  ]);
  const workspace = { state: { git, contents: contentsHere, warnings: [] }, look: lookLocally };
  const checkout = {
    state: seenThere,
    look: (wanted: readonly string[]) => lookThere(places, wanted, signal),
  };
  const { local, remote } = await lookUnderCommits(workspace, checkout, lying);
  const outside = await outsideEdits(places.git, lying, {
    prefix: here.prefix,
    heads: { here: here.head, there: probe.git.head },
    editedThere: [...parseStatus(sections.get('outside') ?? [], '').keys()],
  });
  const history = { ...lying, ...(outside.length > 0 && { editedOutside: outside }) };
  const { contents } = local;
  cache.keepOnly(contents);
  await cache.save();
  // Not what is left out anyway: a name among our own files is hostile.
  const isExcluded = makePathTest(places.exclude);
  const wordUnreadable = (found: readonly Unreadable[], where: string): string[] =>
    found
      .filter(({ path }) => path === undefined || !isExcluded(`${path}/x`))
      .map(({ text }) => `Not everything can be read ${where}: ${text}.`);
  return {
    remoteRoot: probe.root,
    leftovers: probe.leftovers,
    seen: {
      local,
      remote,
      history,
      isLeftOut: makeLeftOut(places),
      kindOf: places.kindOf,
      isInterrupted: probe.hasPending || isInterruptedHere(places.root),
      errors: [
        ...wordUnreadable(unreadable, 'here'),
        ...wordUnreadable(unreadableOfGit(sections.get('errors') ?? []), `on ${places.hostLabel}`),
        ...faultyNames([...contents.keys(), ...remote.contents.keys()].filter((path) => !isExcluded(path))),
      ],
      warnings: gitWarnings(git, probe.git, places.hostLabel),
    },
  };
}

async function loadMemory({ stateDir, log }: Places): Promise<[HiddenFiles, HashCache]> {
  const hidden = new HiddenFiles(join(stateDir, 'hidden-files.json'));
  const cache = new HashCache(join(stateDir, 'hashes-there-git.json'), log);
  await Promise.all([hidden.load(), cache.load()]);
  return [hidden, cache];
}

/** Enough for what a repository has beside its commits; more would make every comparison slow to begin. */
const MAX_KNOWN = 20_000;

function* knownThere(cache: HashCache): Generator<string> {
  let left = MAX_KNOWN;
  for (const [path, stamp] of cache.stamped()) {
    if (left-- === 0) return;
    yield `k${formatListed(path, stamp)}`;
  }
}

/** What was not read there again, because it is known, is filled in. */
async function contentsThere(
  sections: Sections,
  cache: HashCache,
  nowMs: number,
): Promise<Map<string, Content>> {
  const listed = parseListing(sections.get('stamps') ?? []);
  const known = listed.flatMap(({ path, stamp }) => {
    const sha256 = cache.get(path, stamp);
    return sha256 === undefined ? [] : [[path, sha256] as const];
  });
  const words = [...(sections.get('look') ?? []), ...(sections.get('hashes') ?? [])];
  const contents = parseLook(words, new Map(known));
  for (const { path, stamp } of listed) {
    const content = contents.get(path);
    if (content?.kind === 'file') cache.set(path, stamp, content.sha256, nowMs);
  }
  cache.keepOnly(contents);
  await cache.save();
  return contents;
}

/** Pathspecs that keep git from listing what never takes part. */
function passedOver({ output }: Places): string[] {
  return ['.hsm/sync', ...(output === undefined ? [] : [output])].map((path) => `:(exclude,literal)${path}`);
}

async function lookUnderCommits(
  workspace: LookedAt,
  checkout: LookedAt,
  { relation, localChanges, remoteChanges }: History,
): Promise<{ readonly local: SideState; readonly remote: SideState }> {
  if (relation === 'ahead') {
    const { sender, receiver } = await withIgnored(workspace, checkout, localChanges);
    return { local: sender, remote: receiver };
  }
  if (relation === 'behind') {
    const { sender, receiver } = await withIgnored(checkout, workspace, remoteChanges);
    return { local: receiver, remote: sender };
  }
  return { local: workspace.state, remote: checkout.state };
}

async function lookThere(
  places: Places,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Content>> {
  const input = joinWords(paths.map((path) => `./${path}`));
  const sections = await places.there.ask({ name: 'look', input }, signal);
  const refusal = refusalOf(sections);
  if (refusal) throw refusalError(refusal, places);
  return parseLook(sections.get('look') ?? []);
}

/** What commits that go one way change outside the project where the receiving side has edits. */
async function outsideEdits(
  git: GitCli,
  { relation }: History,
  {
    prefix,
    heads: { here, there },
    editedThere,
  }: {
    readonly prefix: string;
    readonly heads: { readonly here: string | undefined; readonly there: string | undefined };
    readonly editedThere: readonly string[];
  },
): Promise<readonly string[]> {
  if (prefix === '' || here === undefined || there === undefined) return [];
  if (relation === 'ahead') return changedBetween(git, { from: there, to: here }, editedThere);
  // Commits that are not known here yet are looked at when they have arrived.
  if (relation !== 'behind' || !(await git.succeeds(['cat-file', '-e', `${there}^{commit}`]))) return [];
  return changedBetween(git, { from: here, to: there }, await editedOutside(git, prefix));
}

async function readChangesThere(places: Places, from: string, signal: AbortSignal): Promise<ChangesThere> {
  const sections = await places.there.ask({ name: 'diff', args: [from] }, signal);
  const [count, ...diff] = sections.get('diff') ?? [];
  return { commits: Number(count), changes: parseRawDiff(diff) };
}

function withoutPrefix(contents: Map<string, Content>, prefix: string): Map<string, Content> {
  if (prefix === '') return contents;
  return new Map(
    [...contents].flatMap(([path, content]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), content] as const] : [],
    ),
  );
}

/** Where the disk does not tell which files are executable, git's index may. */
function withTracked(contents: Map<string, Content>, { dirty }: GitState): Map<string, Content> {
  for (const [path, { isExecutable }] of dirty) {
    const content = contents.get(path);
    if (isExecutable && content?.kind === 'file' && content.isExecutable === undefined)
      contents.set(path, { ...content, isTrackedExecutable: true });
  }
  return contents;
}

function gitWarnings(here: GitState, there: GitState, host: string): string[] {
  const hidden = here.hidden.size;
  return [
    ...(hidden > 0 ? [`A sparse checkout here leaves out ${fileCount(hidden)} of git.`] : []),
    ...(there.lfs?.hasTool === false
      ? [`Files of Git LFS are only pointers on ${host}: git-lfs is not installed there.`]
      : []),
    ...(there.branch === undefined ? [`The checkout on ${host} is on no branch (detached HEAD).`] : []),
  ];
}
