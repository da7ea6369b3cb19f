import { toNulList } from './hostScript';
import { readLocalTree, type LocalEntry } from './localTree';
import { parseSent, pushArguments } from './rsyncArguments';
import { runRsync } from './rsyncProcess';
import { linkThere, planTarPush, pushByTar } from './tarPush';
import type { SkippedFile, TransferResult, TransferRun } from './transfer';
import { failedTool } from './transferError';
import type { TransferMeans } from './transferMeans';
import { TransferWatch } from './transferWatch';

/** Where files go to on the host. */
export interface PushTarget {
  /** Absolute; made with its parents. */
  readonly dir: string;
  /** Nothing is there yet. */
  readonly isNew?: boolean;
  /** An earlier copy there: files that are the same in it (by size and time of change) become hard links to it. */
  readonly linkFrom?: string;
  /** The files may be read only, as those of the earlier copy are; directories stay writable. With tar the caller's work. */
  readonly readOnly?: boolean;
}

export interface PushOrder extends TransferMeans {
  readonly localDir: string;
  readonly files: readonly string[];
  readonly target: PushTarget;
  readonly run: TransferRun;
}

/** What of the files crossed the connection; directories do not count. */
interface Sent {
  readonly paths: ReadonlySet<string>;
  readonly skipped: readonly SkippedFile[];
}

/** See `FileTransfer.push`. */
export async function pushFiles(order: PushOrder): Promise<TransferResult> {
  const { entries, skipped } = await readLocalTree(order.localDir, order.files);
  const sent = await (isForTar(order) ? byTar : byRsync)(order, entries);
  const lost = new Set(sent.skipped.map(({ path }) => path));
  const files = entries.filter(({ kind, path }) => kind !== 'directory' && !lost.has(path));
  const arrived = files.filter(({ path }) => sent.paths.has(path));
  return {
    method: order.method,
    files: arrived.map(({ path }) => path),
    bytes: sizeOf(arrived),
    unchanged: files.filter(({ path }) => !sent.paths.has(path)).map(({ path }) => path),
    skipped: [...skipped, ...sent.skipped],
  };
}

/** Where there is nothing to compare with, rsync has nothing to spare. */
function isForTar({ method, target }: PushOrder): boolean {
  return method === 'tar' || (method === 'both' && target.isNew === true && target.linkFrom === undefined);
}

async function byRsync(order: PushOrder, entries: readonly LocalEntry[]): Promise<Sent> {
  const { host, log, localDir, target, run } = order;
  await host.makeDirs([target.dir], run.signal);
  const args = pushArguments({ remoteDir: target.dir, localDir }, target.linkFrom, target.readOnly);
  const stdin = toNulList(entries.map(({ path }) => path));
  const watch = new TransferWatch(host, totals(entries), run);
  try {
    const { end, stdout, stderr } = await runRsync({ host, args, stdin, watch, log });
    if (end.kind !== 'exited' || end.exitCode !== 0)
      throw failedTool(host, 'sending files', ['rsync', ...args], end, stderr);
    watch.done();
    return { paths: new Set(parseSent(stdout)), skipped: [] };
  } finally {
    watch.dispose();
  }
}

async function byTar(order: PushOrder, entries: readonly LocalEntry[]): Promise<Sent> {
  const { host, localDir, target, run } = order;
  const { dir, linkFrom } = target;
  const plan = await planTarPush(host, entries, target, run.signal);
  const linked = linkFrom !== undefined && (await linkThere(host, plan.link, { linkFrom, dir }, run.signal));
  const send = linked ? plan.send : [...plan.send, ...plan.link];
  const watch = new TransferWatch(host, totals(send), run);
  try {
    const skipped = await pushByTar(host, localDir, send, dir, watch);
    watch.done();
    return { paths: new Set(send.map(({ path }) => path)), skipped };
  } finally {
    watch.dispose();
  }
}

function totals(entries: readonly LocalEntry[]): { totalBytes: number; totalFiles: number } {
  return { totalBytes: sizeOf(entries), totalFiles: entries.filter(({ kind }) => kind === 'file').length };
}

function sizeOf(entries: readonly LocalEntry[]): number {
  return entries.reduce((total, { size }) => total + size, 0);
}
