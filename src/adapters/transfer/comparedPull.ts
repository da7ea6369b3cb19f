import type { FileSum } from './fileSum';
import { pullFiles, type PullOrder } from './pullFiles';
import type { PullPlan } from './selection';
import type { ComparedPull } from './transfer';
import { compareWith, LITTLE_BYTES, PIECE_BYTES, sumInPieces, sumThere } from './verification';

/** See `FileTransfer.pullCompared`. */
export async function pullCompared(order: PullOrder): Promise<ComparedPull> {
  if (order.tools.sha256 === undefined) return { ...(await pullFiles(order)), differences: undefined };
  const over = new AbortController();
  const signal = AbortSignal.any([order.run.signal, over.signal]);
  let there: Promise<ReadonlyMap<string, FileSum>> = Promise.resolve(new Map());
  const onPlan = (plan: PullPlan): void => {
    if (plan.files.size === 0) return;
    there = sumOf(order, plan, signal);
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

async function sumOf(
  order: PullOrder,
  plan: PullPlan,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileSum>> {
  const { host, tools, remoteDir } = order;
  const files = [...plan.files.values()];
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > PIECE_BYTES && (await host.isNarrow?.(signal)) === true)
    return sumInPieces(host, tools, remoteDir, files, signal);
  return sumThere(host, tools, remoteDir, namesFor(order, plan), signal, total <= LITTLE_BYTES);
}

/** Directories of which everything is wanted are named as such: names of all files take their time on the way. */
function namesFor({ wanted }: PullOrder, { files, isWhole, skipped }: PullPlan): readonly string[] {
  const isEverything = isWhole && skipped.every(({ reason }) => reason !== 'size');
  return isEverything && wanted.files ? wanted.files : [...files.keys()];
}
