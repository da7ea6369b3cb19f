import { formatEvent, parseEvent } from '../../src/core/engine/journalEvent';
import { submittingEvent } from '../../src/core/engine/sourceWorker';
import { SweepSnapshot } from '../../src/core/engine/sweepState';

/**
 * Prints what the state of a sweep holds in memory, with `--expose-gc`. Usage: WAY TASKS, with WAY bytes, objects,
 * waiting or queued.
 */
const [way, tasks] = [process.argv[2], Number(process.argv[3])];
const BATCH = 5_000;

function build(): unknown {
  if (way === 'bytes') return new Uint8Array(tasks);
  if (way === 'objects') return Array.from({ length: tasks }, (_, index) => plainTask(index + 1));
  const snapshot = new SweepSnapshot({ total: tasks, sources: ['local'], retries: 0, lost: 'ask' });
  if (way === 'queued') handOver(snapshot);
  return snapshot;
}

/** What an engine without columns would keep. */
function plainTask(number: number): object {
  return {
    number,
    state: 'waiting',
    attempt: 0,
    source: undefined,
    startedAt: undefined,
    endedAt: undefined,
  };
}

/** As the journal tells it: written and read back. */
function handOver(snapshot: SweepSnapshot): void {
  for (let first = 1; first <= tasks; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, tasks - first + 1) }, (_, index) => ({
      task: first + index,
      attempt: 1,
    }));
    const token = String(snapshot.batches + 1);
    for (const event of [
      submittingEvent('local', token, batch, 1),
      { kind: 'submitted', at: 1, source: 'local', token } as const,
    ]) {
      const read = parseEvent(formatEvent(event));
      if (read) snapshot.apply(read);
    }
  }
}

function held(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const before = held();
const began = performance.now();
const built = build();
const wallMs = performance.now() - began;
const heldBytes = held() - before;
console.log(JSON.stringify({ wallMs, heldBytes, isKept: built !== undefined }));
