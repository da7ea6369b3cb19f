import { join } from 'node:path';
import type { Content } from '../../core/sync/content';
import type { GitState, SideState } from '../../core/sync/sideState';
import { refusalError, refusalOf } from './checkout/answers';
import { parseListing, type ListedFile } from './checkout/listing';
import { parseLook } from './checkout/lookWords';
import { joinWords, splitWords } from './checkout/words';
import { faultyNames, makeLeftOut } from './choice';
import type { Look } from './look';
import type { Places } from './places';
import { isInterruptedHere } from './pendingHere';
import { HashCache } from './workspace/hashCache';
import { PRUNED_NAMES } from './workspace/leftOut';
import { listHere } from './workspace/listHere';
import { lookHere } from './workspace/lookHere';

/** Git of the workspace, where only it has git. */
export interface GitHere {
  readonly git: GitState;
  readonly prefix: string;
  /** Why the checkout has none. */
  readonly reason: string;
}

/**
 * Compares by content alone. The files are those that the workspace's rules choose, on both sides. Each side is hashed
 * only where size, times or inode changed since its last hash.
 */
export async function lookAtManifests(
  places: Places,
  gitHere: GitHere | undefined,
  signal: AbortSignal,
): Promise<Look> {
  const isLeftOut = makeLeftOut(places);
  const [here, listing] = await Promise.all([chooseHere(places, gitHere), listThere(places, signal)]);
  const localPaths = here.paths.filter((path) => !isLeftOut(path));
  const isIgnored = await here.isIgnored(listing.files.map(({ path }) => path));
  const files = listing.files.filter(({ path }) => !isLeftOut(path) && !isIgnored(path));
  const [local, remote] = await Promise.all([
    hashHere(places, localPaths, signal),
    hashThere(places, files, listing.nowMs, signal),
  ]);
  const where = gitHere ? `on ${places.hostLabel}` : 'here';
  return {
    remoteRoot: listing.root,
    seen: {
      local: side(local),
      remote: side(remote),
      isLeftOut,
      kindOf: places.kindOf,
      isInterrupted: listing.hasPending || isInterruptedHere(places.root),
      errors: faultyNames([...local.keys(), ...remote.keys()]),
      warnings: [
        `There is no git repository ${where}: the contents of files were compared, commits were not.`,
      ],
    },
  };
}

function side(contents: ReadonlyMap<string, Content>): SideState {
  return { contents, warnings: [] };
}

interface Chosen {
  readonly paths: readonly string[];
  /** Which of the checkout's paths the workspace's rules leave out. */
  isIgnored(paths: readonly string[]): Promise<(path: string) => boolean>;
}

async function chooseHere({ root, git }: Places, gitHere: GitHere | undefined): Promise<Chosen> {
  if (!gitHere) {
    const { paths, rules } = await listHere(root);
    return { paths, isIgnored: () => Promise.resolve((path) => rules.ignores(path)) };
  }
  const listed = await git.run(['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  // Files that were deleted are listed as long as the index has them; the look at them says so.
  const paths = [...new Set(splitWords(listed.stdout))].filter((path) => !path.endsWith('/'));
  const known = new Set(paths);
  return {
    paths,
    isIgnored: async (theirs) => {
      const foreign = theirs.filter((path) => !known.has(path));
      const answer = await git.run(['check-ignore', '-z', '--stdin'], joinWords(foreign));
      const ignored = new Set(splitWords(answer.stdout));
      return (path) => ignored.has(path);
    },
  };
}

interface Listing {
  readonly files: readonly ListedFile[];
  readonly root: string;
  readonly hasPending: boolean;
  /** By the clock there. */
  readonly nowMs: number;
}

async function listThere(places: Places, signal: AbortSignal): Promise<Listing> {
  const input = Buffer.from(`${PRUNED_NAMES.join('\n')}\n\n`);
  const sections = await places.there.ask({ name: 'list', input }, signal);
  const refusal = refusalOf(sections);
  if (refusal) throw refusalError(refusal, places);
  const meta = new Map(
    (sections.get('meta') ?? []).map((word) => word.split(/=(.*)/su, 2) as [string, string]),
  );
  return {
    files: parseListing(sections.get('list') ?? []),
    root: meta.get('root') ?? '',
    hasPending: meta.get('pending') === 'yes',
    nowMs: Number(meta.get('now')) * 1000,
  };
}

async function hashHere(
  places: Places,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Content>> {
  const cache = new HashCache(join(places.stateDir, 'hashes.json'), places.log);
  await cache.load();
  const contents = await lookHere(places.root, paths, cache, signal);
  cache.keepOnly(contents);
  await cache.save();
  return withoutAbsent(contents);
}

async function hashThere(
  places: Places,
  files: readonly ListedFile[],
  nowMs: number,
  signal: AbortSignal,
): Promise<Map<string, Content>> {
  const cache = new HashCache(join(places.stateDir, 'hashes-there.json'), places.log);
  await cache.load();
  const contents = new Map<string, Content>();
  const unknown = new Map<string, ListedFile>();
  for (const file of files) {
    const sha256 = file.kind === 'file' ? cache.get(file.path, file.stamp) : undefined;
    if (sha256 === undefined) unknown.set(file.path, file);
    else contents.set(file.path, { kind: 'file', sha256, isExecutable: file.isExecutable });
  }
  if (unknown.size > 0) {
    const sections = await places.there.ask({ name: 'look', input: joinWords(unknown.keys()) }, signal);
    for (const [path, content] of parseLook(sections.get('look') ?? [])) {
      contents.set(path, content);
      const file = unknown.get(path);
      if (content.kind === 'file' && file) cache.set(path, file.stamp, content.sha256, nowMs);
    }
  }
  cache.keepOnly(contents);
  await cache.save();
  return withoutAbsent(contents);
}

function withoutAbsent(contents: Map<string, Content>): Map<string, Content> {
  for (const [path, content] of contents) if (content.kind === 'absent') contents.delete(path);
  return contents;
}
