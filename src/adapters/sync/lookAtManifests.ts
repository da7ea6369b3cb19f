import { join } from 'node:path';
import type { Content } from '../../core/sync/content';
import type { SideState } from '../../core/sync/sideState';
import { readLeftovers, refusalError, refusalOf, type Leftovers } from './checkout/answers';
import { parseListing, type ListedFile } from './checkout/listing';
import { parseLook } from './checkout/lookWords';
import { joinWords } from './checkout/words';
import { faultyNames, makeLeftOut } from './choice';
import { chooseHere, type Chosen } from './workspace/chooseHere';
import type { Look } from './look';
import type { Places } from './places';
import { isInterruptedHere } from './pendingHere';
import { unreadableOfFind, type Unreadable } from './unreadable';
import { HashCache } from './workspace/hashCache';
import { PRUNED_NAMES } from './workspace/leftOut';
import { lookHere } from './workspace/lookHere';

/**
 * Compares by content alone. The files are those that the workspace's rules choose, on both sides. Each side is hashed
 * only where size, times or inode changed since its last hash.
 *
 * @param hasGitHere - the workspace has git and the checkout has not
 */
export async function lookAtManifests(
  places: Places,
  hasGitHere: boolean,
  signal: AbortSignal,
): Promise<Look> {
  const isLeftOut = makeLeftOut(places);
  const [here, listing] = await Promise.all([chooseHere(places, hasGitHere), listThere(places, signal)]);
  const localPaths = here.paths.filter((path) => !isLeftOut(path));
  // What lies in a folder that is left out need not be readable.
  const inside = ({ path = '' }: Unreadable): string => `${path}/x`;
  const judged = [...listing.files.map(({ path }) => path), ...listing.unreadable.map(inside)];
  const { isIgnored, beyond } = await here.judge(judged);
  const unreadable = listing.unreadable.filter(
    (each) => !isLeftOut(inside(each)) && !isIgnored(inside(each)),
  );
  const files = listing.files.filter(({ path }) => !isLeftOut(path) && !isIgnored(path));
  const [local, remote] = await Promise.all([
    hashHere(places, { paths: localPaths, hasModes: here.hasModes }, signal),
    hashThere(places, { ...listing, files }, signal),
  ]);
  const where = hasGitHere ? `on ${places.hostLabel}` : listing.hasGit ? 'here' : 'on either side';
  return {
    remoteRoot: listing.root,
    leftovers: listing.leftovers,
    seen: {
      local: side(local),
      remote: side(remote),
      isLeftOut,
      kindOf: places.kindOf,
      isInterrupted: listing.hasPending || isInterruptedHere(places.root),
      errors: [
        ...here.errors,
        ...unreadable.map(({ text }) => `Not everything can be read on ${places.hostLabel}: ${text}.`),
        ...faultyNames([...local.keys(), ...remote.keys()]),
      ],
      warnings: [
        `There is no git repository ${where}: the contents of files were compared, commits were not.`,
        ...beyond.map(
          (path) => `${path} is a symbolic link or a submodule here: what is in it there was not compared.`,
        ),
      ],
    },
  };
}

function side(contents: ReadonlyMap<string, Content>): SideState {
  return { contents, warnings: [] };
}

interface Listing {
  readonly files: readonly ListedFile[];
  readonly root: string;
  readonly hasPending: boolean;
  readonly leftovers: Leftovers;
  readonly hasGit: boolean;
  /** Whether the executable bit means something there. */
  readonly hasModes: boolean;
  readonly unreadable: readonly Unreadable[];
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
    leftovers: readLeftovers(meta.get('leftovers')),
    hasGit: meta.get('git') === 'yes',
    hasModes: meta.get('modes') !== 'no',
    unreadable: unreadableOfFind(sections.get('errors') ?? []),
    nowMs: Number(meta.get('now')) * 1000,
  };
}

async function hashHere(
  places: Places,
  { paths, hasModes }: Pick<Chosen, 'paths' | 'hasModes'>,
  signal: AbortSignal,
): Promise<Map<string, Content>> {
  const cache = new HashCache(join(places.stateDir, 'hashes.json'), places.log);
  await cache.load();
  const contents = await lookHere({ root: places.root, hasModes }, paths, cache, signal);
  cache.keepOnly(contents);
  await cache.save();
  return withoutAbsent(contents);
}

async function hashThere(
  places: Places,
  { files, nowMs, hasModes }: Pick<Listing, 'files' | 'nowMs' | 'hasModes'>,
  signal: AbortSignal,
): Promise<Map<string, Content>> {
  const cache = new HashCache(join(places.stateDir, 'hashes-there.json'), places.log);
  await cache.load();
  const contents = new Map<string, Content>();
  const unknown = new Map<string, ListedFile>();
  for (const file of files) {
    const sha256 = file.kind === 'file' ? cache.get(file.path, file.stamp) : undefined;
    if (sha256 === undefined) unknown.set(file.path, file);
    else
      contents.set(file.path, { kind: 'file', sha256, ...(hasModes && { isExecutable: file.isExecutable }) });
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
