import { existsSync, lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorText, HsmError } from '../../core/base/errors';
import { toNulList } from './hostScript';
import { pullArguments } from './rsyncArguments';
import { runRsync } from './rsyncProcess';
import { planPull, type PullPlan } from './selection';
import { findUnchanged, isSame, makeDirectories, Staging } from './staging';
import { pullByTar } from './tarPull';
import type { Selection, SkippedFile, TransferResult, TransferRun } from './transfer';
import { failedTool, isNoRoom, isNoRoomCode, noRoomHere } from './transferError';
import type { TransferMeans } from './transferMeans';
import { TransferWatch } from './transferWatch';
import { listTree, type TreeEntry } from './treeListing';

export interface PullOrder extends TransferMeans {
  readonly remoteDir: string;
  readonly localDir: string;
  readonly wanted: Selection;
  readonly run: TransferRun;
}

/** Files that are wanted, by their path. */
type Wanted = ReadonlyMap<string, TreeEntry>;

/** A file that is written to may be longer when it comes than when it was listed. */
const GROWTH_BYTES = 64 * 1024 * 1024;

/** See `FileTransfer.pull`. */
export async function pullFiles(order: PullOrder): Promise<TransferResult> {
  const { host, remoteDir, localDir, wanted, run, method } = order;
  const { entries, complaints } = await listTree(host, remoteDir, wanted.files, run.signal);
  const plan = planPull(entries, wanted);
  const unchanged =
    wanted.evenIfUnchanged === true ? new Set<string>() : await findUnchanged(localDir, plan.files);
  const needed = new Map([...plan.files].filter(([path]) => !unchanged.has(path)));
  const { arrived, skipped } =
    needed.size === 0 ? nothing : await bring({ ...order, roots: rootsOf(order, plan, needed) }, needed);
  makeDirectories(localDir, plan.directories);
  const unseen = complaints.map(({ path = '', reason }): SkippedFile => {
    return { path, reason: 'unreadable', detail: `could not be looked at there: ${reason}` };
  });
  return {
    method,
    files: [...arrived.keys()],
    bytes: sum([...arrived.values()]),
    unchanged: [...unchanged],
    skipped: [...plan.skipped, ...skipped, ...unseen],
  };
}

/**
 * rsync's sending side reads a list of names byte by byte, which for many files takes longer than to send them. When
 * nearly all are wanted, their directories are named instead.
 */
function rootsOf({ wanted }: PullOrder, plan: PullPlan, needed: Wanted): readonly string[] | undefined {
  const isWorthIt = needed.size > 100 && needed.size * 4 > plan.files.size;
  return plan.isWhole && isWorthIt && wanted.evenIfUnchanged !== true ? (wanted.files ?? ['']) : undefined;
}

/** An order, and the directories that are wanted as a whole where they can be named. */
interface Errand extends PullOrder {
  readonly roots: readonly string[] | undefined;
}

/** What came: files with their sizes, and those that did not come, with the reason. */
interface Arrival {
  readonly arrived: ReadonlyMap<string, number>;
  readonly skipped: readonly SkippedFile[];
}

const nothing: Arrival = { arrived: new Map(), skipped: [] };

async function bring(order: Errand, needed: Wanted): Promise<Arrival> {
  try {
    return await bringThrough(Staging.open(order.localDir), order, needed);
  } catch (error) {
    throw isNoRoomCode(error) ? noRoomHere(order.localDir, errorText(error)) : error;
  }
}

async function bringThrough(staging: Staging, order: Errand, needed: Wanted): Promise<Arrival> {
  try {
    const { complete, parts } = await staging.keepOnly(needed);
    const known = order.wanted.evenIfUnchanged === true ? new Set<string>() : complete;
    const missing = new Map([...needed].filter(([path]) => !known.has(path)));
    const odd = missing.size === 0 ? [] : await fetchInto(staging.files, order, missing, parts);
    const { arrived, skipped } = inspect(staging.files, order, needed, odd);
    const misplaced = await staging.publish([...arrived.keys()]);
    for (const { path } of misplaced) arrived.delete(path);
    staging.remove();
    return { arrived, skipped: [...skipped, ...misplaced] };
  } catch (error) {
    // What else is written to a full disk needs the room more.
    if (HsmError.is(error, 'disk.unwritable') || isNoRoomCode(error)) staging.remove();
    else staging.leave();
    throw error;
  }
}

async function fetchInto(
  dir: string,
  order: Errand,
  missing: Wanted,
  parts: readonly string[],
): Promise<readonly SkippedFile[]> {
  const totalBytes = sum([...missing.values()].map(({ size }) => size));
  // Names and other things that are not content come with every file.
  const maxBytes = totalBytes * 1.1 + missing.size * 4096 + GROWTH_BYTES;
  const watch = new TransferWatch(order.host, { totalBytes, totalFiles: missing.size, maxBytes }, order.run);
  try {
    const odd =
      order.method === 'rsync'
        ? await fetchByRsync(dir, order, missing, watch)
        : await pullByTar({ ...order, intoDir: dir, watch, maxSize: maxSizeOf(order) }, missing, parts);
    watch.done();
    return odd;
  } finally {
    watch.dispose();
  }
}

async function fetchByRsync(
  dir: string,
  { host, log, remoteDir, localDir, wanted, roots }: Errand,
  missing: Wanted,
  watch: TransferWatch,
): Promise<readonly SkippedFile[]> {
  const { maxSize, evenIfUnchanged } = wanted;
  const basis = existsSync(localDir) ? localDir : undefined;
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
function inspect(
  dir: string,
  order: PullOrder,
  needed: Wanted,
  odd: readonly SkippedFile[],
): { arrived: Map<string, number>; skipped: SkippedFile[] } {
  const arrived = new Map<string, number>();
  const skipped = [...odd];
  const known = new Set(odd.map(({ path }) => path));
  const maxSize = maxSizeOf(order);
  for (const path of needed.keys()) {
    if (known.has(path)) continue;
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

function maxSizeOf({ wanted }: PullOrder): number {
  return wanted.maxSize ?? Infinity;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
