import type { FileSum } from './fileSum';
import { pullFiles, type PullOrder } from './pullFiles';
import type { PullPlan } from './selection';
import type { TreeEntry } from './treeListing';
import type { ComparedPull } from './transfer';
import { compareWith, sumThere } from './verification';

/** Takes less than a second to hash. */
const LITTLE_BYTES = 64 * 1024 * 1024;
/** So much is hashed in some seconds: where a connection carries one thing at a time, others then have their turn. */
const PIECE_BYTES = 2 * 1024 ** 3;

/** See `FileTransfer.pullCompared`. */
export async function pullCompared(order: PullOrder): Promise<ComparedPull> {
  if (order.tools.sha256 === undefined) return { ...(await pullFiles(order)), differences: undefined };
  const over = new AbortController();
  const signal = AbortSignal.any([order.run.signal, over.signal]);
  let there: Promise<ReadonlyMap<string, FileSum>> = Promise.resolve(new Map());
  const onPlan = (plan: PullPlan): void => {
    if (plan.files.size === 0) return;
    there = sumInPieces(order, plan, signal);
    // When the pull fails first, nobody asks any more.
    there.catch(() => undefined);
  };
  try {
    const pulled = await pullFiles({ ...order, onPlan });
    const files = [...pulled.files, ...pulled.unchanged];
    if (files.length === 0) return { ...pulled, differences: [] };
    const differences = await compareWith(there, pulled.sums, order.localDir, files, signal);
    return { ...pulled, differences };
  } finally {
    over.abort();
  }
}

async function sumInPieces(
  order: PullOrder,
  plan: PullPlan,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileSum>> {
  const { host, tools, remoteDir } = order;
  const sum = (names: readonly string[], bytes: number): Promise<ReadonlyMap<string, FileSum>> =>
    sumThere(host, tools, remoteDir, names, signal, bytes <= LITTLE_BYTES);
  const total = sizeOf([...plan.files.values()]);
  if (total <= PIECE_BYTES || (await host.isNarrow?.(signal)) !== true)
    return sum(namesFor(order, plan), total);
  const sums = new Map<string, FileSum>();
  for (const piece of piecesOf([...plan.files.values()]))
    for (const [path, each] of await sum(
      piece.map(({ path }) => path),
      sizeOf(piece),
    ))
      sums.set(path, each);
  return sums;
}

function piecesOf(files: readonly TreeEntry[]): TreeEntry[][] {
  const pieces: TreeEntry[][] = [];
  let bytes = PIECE_BYTES;
  for (const file of files) {
    if (bytes + file.size > PIECE_BYTES) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(file);
    bytes += file.size;
  }
  return pieces;
}

function sizeOf(files: readonly TreeEntry[]): number {
  return files.reduce((total, { size }) => total + size, 0);
}

/** Directories of which everything is wanted are named as such: names of all files take their time on the way. */
function namesFor({ wanted }: PullOrder, { files, isWhole, skipped }: PullPlan): readonly string[] {
  const isEverything = isWhole && skipped.every(({ reason }) => reason !== 'size');
  return isEverything && wanted.files ? wanted.files : [...files.keys()];
}
