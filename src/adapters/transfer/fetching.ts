import { existsSync, lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { toNulList } from './hostScript';
import { pullArguments } from './rsyncArguments';
import { runRsync } from './rsyncProcess';
import type { PullPlan } from './selection';
import { isSame } from './staging';
import { pullByTar } from './tarPull';
import type { Selection, SkippedFile, TransferRun } from './transfer';
import { failedTool, isNoRoom, noRoomHere } from './transferError';
import type { TransferMeans } from './transferMeans';
import { TransferWatch } from './transferWatch';
import type { TreeEntry } from './treeListing';
import type { FileSum } from './fileSum';

/** What is to be fetched. */
export interface Errand extends TransferMeans {
  readonly remoteDir: string;
  /** Where the files are to appear in the end: earlier versions of them may serve. */
  readonly localDir: string;
  readonly wanted: Selection;
  readonly plan: PullPlan;
  readonly run: TransferRun;
}

/** Files that are wanted, by their path. */
export type Wanted = ReadonlyMap<string, TreeEntry>;

/** What came, and what came in another shape or not whole, with the reason. */
export interface Fetched {
  /** Sums of what passed; not of all files. */
  readonly sums: ReadonlyMap<string, FileSum>;
  readonly odd: readonly SkippedFile[];
}

/** A file that is written to may be longer when it comes than when it was listed. */
const GROWTH_BYTES = 64 * 1024 * 1024;

/** rsync takes longer to begin than so many bytes take to come. */
const WORTH_RSYNC = 1024 * 1024;

/**
 * Fetches files into a directory in which nobody else writes.
 *
 * Where both can be had, rsync does what it alone can: to go on with a large file, or to bring what changed of one. For
 * everything else a tar stream is faster, and it is hashed as it passes.
 *
 * @param parts - of the missing files those of which the directory has something
 */
export async function fetchInto(
  dir: string,
  errand: Errand,
  missing: Wanted,
  parts: readonly string[],
): Promise<Fetched> {
  const totalBytes = sumOf(missing);
  // Names and other things that are not content come with every file.
  const maxBytes = totalBytes * 1.1 + missing.size * 4096 + GROWTH_BYTES;
  const watch = new TransferWatch(
    errand.host,
    { totalBytes, totalFiles: missing.size, maxBytes },
    errand.run,
  );
  // rsync goes on to the end once it has begun.
  const isNarrow = errand.method === 'both' && (await errand.host.isNarrow?.(watch.signal)) === true;
  const method = isNarrow ? 'tar' : errand.method;
  const { byRsync, byTar } = divide({ ...errand, method }, missing, new Set(parts));
  try {
    const slow = byRsync.size === 0 ? [] : await fetchByRsync(dir, errand, byRsync, watch);
    const fast = byTar.size === 0 ? nothing : await fetchByTar(dir, errand, byTar, parts, watch);
    watch.done();
    return { sums: fast.sums, odd: [...slow, ...fast.odd] };
  } finally {
    watch.dispose();
  }
}

const nothing: Fetched = { sums: new Map(), odd: [] };

function divide(
  { method, localDir }: Errand,
  missing: Wanted,
  parts: ReadonlySet<string>,
): { byRsync: Wanted; byTar: Wanted } {
  const none: Wanted = new Map();
  if (method === 'rsync') return { byRsync: missing, byTar: none };
  if (method === 'tar') return { byRsync: none, byTar: missing };
  const hasSome = ({ path, size }: TreeEntry): boolean =>
    size >= WORTH_RSYNC && (parts.has(path) || existsSync(join(localDir, path)));
  const byRsync = new Map([...missing].filter(([, entry]) => hasSome(entry)));
  return { byRsync, byTar: new Map([...missing].filter(([path]) => !byRsync.has(path))) };
}

async function fetchByTar(
  dir: string,
  errand: Errand,
  missing: Wanted,
  parts: readonly string[],
  watch: TransferWatch,
): Promise<Fetched> {
  const { plan, wanted } = errand;
  // A second name of a file comes as a link to the first, which then has to come, too.
  const isEverything =
    plan.isWhole && missing.size === plan.files.size && plan.skipped.every(({ reason }) => reason !== 'size');
  const roots = isEverything && parts.length === 0 ? rootsOf(wanted) : undefined;
  const maxSize = wanted.maxSize ?? Infinity;
  const { sums, skipped } = await pullByTar(
    { ...errand, intoDir: dir, watch, maxSize, roots },
    missing,
    parts.filter((path) => missing.has(path)),
  );
  return { sums, odd: skipped };
}

async function fetchByRsync(
  dir: string,
  errand: Errand,
  missing: Wanted,
  watch: TransferWatch,
): Promise<readonly SkippedFile[]> {
  const { host, log, remoteDir, localDir, wanted, plan } = errand;
  const { maxSize, evenIfUnchanged } = wanted;
  const basis = existsSync(localDir) ? localDir : undefined;
  // rsync's sending side reads a list of names byte by byte, which for many files takes longer than to send them. When
  // nearly all are wanted, their directories are named instead.
  const isWorthIt = missing.size > 100 && missing.size * 4 > plan.files.size;
  const roots = plan.isWhole && isWorthIt && evenIfUnchanged !== true ? rootsOf(wanted) : undefined;
  const whole = roots !== undefined;
  const args = pullArguments({ remoteDir, localDir: dir }, { basis, maxSize, evenIfUnchanged, whole });
  const { end, stderr } = await runRsync({
    host,
    args,
    stdin: toNulList(roots ?? missing.keys()),
    watch,
    log,
  });
  const code = end.kind === 'exited' ? end.exitCode : -1;
  if (code === 0 || code === VANISHED) return [];
  if (code !== PARTIAL && isNoRoom(stderr) && end.kind !== 'lost')
    throw noRoomHere(localDir, lastLine(stderr));
  if (code !== PARTIAL) throw failedTool(host, 'collecting files', ['rsync', ...args], end, stderr);
  return incomplete(dir, missing);
}

/** Exit codes of rsync: some files could not be transferred; some were gone when their turn came. */
const [PARTIAL, VANISHED] = [23, 24];

/** rsync keeps what it has of a file that it could not finish; such a file has not its time of change. */
function incomplete(dir: string, missing: Wanted): SkippedFile[] {
  return [...missing.values()].flatMap((entry) => {
    const stat = lstatSync(join(dir, entry.path), { throwIfNoEntry: false });
    return !stat || isSame(stat, entry) ? [] : [{ path: entry.path, reason: 'unreadable', detail: notWhole }];
  });
}

const notWhole = 'did not come whole';

/** Takes from what came only the plain files that may come; each of the others gets its reason. */
export function inspect(
  dir: string,
  needed: Wanted,
  maxSize: number,
  { sums, odd }: Fetched,
): { arrived: Map<string, number>; skipped: SkippedFile[] } {
  const arrived = new Map<string, number>();
  const skipped = [...odd];
  const known = new Set(odd.map(({ path }) => path));
  for (const path of needed.keys()) {
    if (known.has(path)) continue;
    const written = sums.get(path);
    if (written) {
      arrived.set(path, written.size);
      continue;
    }
    const stat = lstatSync(join(dir, path), { throwIfNoEntry: false });
    if (stat?.isFile() && stat.size <= maxSize) arrived.set(path, stat.size);
    else {
      if (stat) rmSync(join(dir, path), { recursive: true, force: true });
      skipped.push(
        stat ? { path, reason: 'size', detail: tooLarge } : { path, reason: 'unreadable', detail: gone },
      );
    }
  }
  return { arrived, skipped };
}

const tooLarge = 'grew beyond the size that is allowed';
const gone = 'could not be read there, or was gone when its turn came';

function rootsOf({ files }: Selection): readonly string[] {
  return files ?? [''];
}

function sumOf(entries: Wanted): number {
  let total = 0;
  for (const { size } of entries.values()) total += size;
  return total;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
