import { errorText } from '../base/errors';
import {
  attemptKey,
  type AttemptRef,
  type CollectionProgress,
  type CollectionReport,
  type CollectOptions,
} from '../compute/computeSource';
import { collectedRecord } from './collectedRecord';
import type { ResultCollector } from './resultCollectionManager';
import type { CollectedSweep } from './collectedSweep';
import { TransferMeter } from './transferMeter';

/** Brings the directories of one source's tasks, and notes down what came. */
export class DirectoryTransfer {
  private readonly meter: TransferMeter;

  constructor(
    private readonly source: string,
    private readonly sweep: CollectedSweep,
  ) {
    this.meter = new TransferMeter(sweep.clock, () => {
      sweep.progressed();
    });
  }

  /** How far the transfers are that go on. @param all - also of those that have only just begun */
  progress(all: boolean): CollectionProgress | undefined {
    return this.meter.total(all);
  }

  /** Earlier attempts after the others, each into the place of its number. */
  async bring(
    collector: ResultCollector,
    attempts: readonly AttemptRef[],
    signal: AbortSignal,
    options: CollectOptions,
  ): Promise<CollectionReport> {
    const earlier = new Set([...this.sweep.earlier(this.source)].map(attemptKey));
    const [before, present] = [attempts.filter(isEarlier), attempts.filter((each) => !isEarlier(each))];
    const reports = [await this.bringInto(undefined, collector, present, signal, options)];
    for (const number of new Set(before.map(({ attempt }) => attempt))) {
      const same = before.filter(({ attempt }) => attempt === number);
      reports.push(await this.bringInto(number, collector, same, signal, options));
    }
    return joinReports(reports);

    function isEarlier(attempt: AttemptRef): boolean {
      return earlier.has(attemptKey(attempt));
    }
  }

  private async bringInto(
    earlierAttempt: number | undefined,
    collector: ResultCollector,
    attempts: readonly AttemptRef[],
    signal: AbortSignal,
    { onProgress }: CollectOptions,
  ): Promise<CollectionReport> {
    const tasks = attempts.map(({ task }) => task);
    const bring = async (free: readonly number[], calledOff?: AbortSignal): Promise<CollectionReport> => {
      const names = new Map(free.map((task) => [task, this.sweep.nameOf(task)]));
      if (names.size === 0) return NOTHING;
      const aborted = calledOff ? AbortSignal.any([signal, calledOff]) : signal;
      try {
        return await this.meter.during((tell) =>
          collector.collectResults(names, aborted, {
            ...(earlierAttempt !== undefined && { earlierAttempt }),
            onProgress: (progress) => {
              tell(progress);
              onProgress?.(progress);
            },
          }),
        );
      } catch (error) {
        if (calledOff?.aborted !== true || signal.aborted) throw error;
        return { ...NOTHING, failed: free, errors: [errorText(calledOff.reason)] };
      }
    };
    const report =
      earlierAttempt === undefined
        ? await this.sweep.withRoom(this.source, tasks, bring)
        : await this.sweep.withEarlierRoom(this.source, tasks, bring);
    const collected = new Set(report.collected);
    const home = attempts.filter(({ task }) => collected.has(task));
    if (home.length > 0) {
      const at = this.sweep.clock.now();
      await this.sweep.remember(collectedRecord(at, this.source, home, report.bytes, report.leftOut));
    }
    this.sweep.arrived(report.collected);
    return report;
  }
}

const NOTHING: CollectionReport = { collected: [], failed: [], bytes: 0, errors: [] };

function joinReports(reports: readonly CollectionReport[]): CollectionReport {
  const [first = NOTHING] = reports;
  if (reports.length < 2) return first;
  const failure = reports.find((report) => report.failure)?.failure;
  const leftOut = reports.flatMap((report) => report.leftOut ?? []);
  const totals = reports.flatMap((report) => report.leftOutTotal ?? []);
  const failed = new Set(reports.flatMap((report) => report.failed));
  return {
    collected: [...new Set(reports.flatMap(({ collected }) => collected))].filter(
      (task) => !failed.has(task),
    ),
    failed: [...failed],
    bytes: sumOf(reports, 'bytes'),
    errors: reports.flatMap(({ errors }) => errors),
    ...(failure && { failure }),
    ...(leftOut.length > 0 && { leftOut }),
    ...(totals.length > 0 && {
      leftOutTotal: { files: sumOf(totals, 'files'), bytes: sumOf(totals, 'bytes') },
    }),
  };
}

function sumOf<K extends string>(values: readonly Readonly<Record<K, number>>[], key: K): number {
  return values.reduce((sum, value) => sum + value[key], 0);
}
