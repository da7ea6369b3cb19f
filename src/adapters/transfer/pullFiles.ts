import { errorText, HsmError } from '../../core/base/errors';
import { fetchInto, inspect, type Errand, type Fetched, type Wanted } from './fetching';
import { planPull, type PullPlan } from './selection';
import { makeLinks } from './localLinks';
import { makeDirectories } from './localPlaces';
import { findUnchanged, Staging } from './staging';
import type { PullResult, Selection, SkippedFile, TransferRun } from './transfer';
import { isNoRoomCode, noRoomHere } from './transferError';
import type { TransferMeans } from './transferMeans';
import { listTree } from './treeListing';
import type { FileSum } from './fileSum';

export interface PullOrder extends TransferMeans {
  readonly remoteDir: string;
  readonly localDir: string;
  readonly wanted: Selection;
  readonly run: TransferRun;
  /** Is told what is wanted before any of it comes. */
  readonly onPlan?: (plan: PullPlan) => void;
}

/** See `FileTransfer.pull`. */
export async function pullFiles(order: PullOrder): Promise<PullResult> {
  const { host, remoteDir, localDir, wanted, run, method } = order;
  const { entries, complaints } = await listTree(host, remoteDir, wanted.files, run.signal);
  const plan = planPull(entries, wanted);
  order.onPlan?.(plan);
  const unchanged =
    wanted.evenIfUnchanged === true ? new Set<string>() : await findUnchanged(localDir, plan.files);
  const needed =
    unchanged.size === 0 ? plan.files : new Map([...plan.files].filter(([path]) => !unchanged.has(path)));
  const { arrived, skipped, sums, unlinked } = await withRoom(localDir, async () => {
    const arrival = needed.size === 0 ? nothing : await bringThrough({ ...order, plan }, needed);
    await lastLook(run);
    await makeDirectories(localDir, plan.directories, run.signal);
    return { ...arrival, unlinked: await makeLinks(localDir, plan.links, run.signal) };
  });
  const unseen = complaints.map(({ path = '', reason }): SkippedFile => {
    return { path, reason: 'unreadable', detail: `could not be looked at there: ${reason}` };
  });
  return {
    method,
    files: [...arrived.keys()],
    bytes: sum([...arrived.values()]),
    unchanged: [...unchanged],
    skipped: [...plan.skipped, ...skipped, ...unlinked, ...unseen],
    sums,
  };
}

/** What came: files with their sizes, and those that did not come, with the reason. */
interface Arrival {
  readonly arrived: ReadonlyMap<string, number>;
  readonly skipped: readonly SkippedFile[];
  readonly sums: ReadonlyMap<string, FileSum>;
}

const nothing: Arrival = { arrived: new Map(), skipped: [], sums: new Map() };

async function withRoom<T>(localDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isNoRoomCode(error) ? noRoomHere(localDir, errorText(error)) : error;
  }
}

/** @throws the signal's reason, when nothing is to appear here any more */
async function lastLook({ beforeAppearing, signal }: TransferRun): Promise<void> {
  await beforeAppearing?.();
  signal.throwIfAborted();
}

async function bringThrough(errand: Errand, needed: Wanted): Promise<Arrival> {
  const staging = Staging.open(errand.localDir);
  const { wanted, run } = errand;
  try {
    const { complete, parts } = await staging.keepOnly(needed);
    const known = wanted.evenIfUnchanged === true ? new Set<string>() : complete;
    const missing = known.size === 0 ? needed : new Map([...needed].filter(([path]) => !known.has(path)));
    const fetched: Fetched =
      missing.size === 0
        ? { sums: new Map(), odd: [] }
        : await fetchInto(staging.files, errand, missing, parts);
    const { arrived, skipped } = inspect(staging.files, needed, wanted.maxSize ?? Infinity, fetched);
    await lastLook(run);
    const misplaced = await staging.publish([...arrived.keys()], run.signal);
    for (const { path } of misplaced) arrived.delete(path);
    staging.remove();
    return { arrived, skipped: [...skipped, ...misplaced], sums: fetched.sums };
  } catch (error) {
    // What else is written to a full disk needs the room more.
    if (HsmError.is(error, 'disk.unwritable') || isNoRoomCode(error)) staging.remove();
    else staging.leave();
    throw error;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
