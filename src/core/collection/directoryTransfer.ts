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

  /**
   * Earlier attempts after the others, each into the place of its number. Where tasks go on elsewhere meanwhile, their
   * attempts are earlier ones from then on, and the others come all the same.
   */
  async bring(
    collector: ResultCollector,
    attempts: readonly AttemptRef[],
    signal: AbortSignal,
    options: CollectOptions,
  ): Promise<CollectionReport> {
    const errand: Errand = { collector, signal, options };
    const { earlier, present } = this.divide(attempts);
    const { report, moved, reason } = await this.bringPresent(errand, present);
    const reports = [report];
    const before = [...earlier, ...moved];
    for (const number of new Set(before.map(({ attempt }) => attempt))) {
      const same = before.filter(({ attempt }) => attempt === number);
      reports.push((await this.bringInto(number, errand, same)).report);
    }
    const told = new Set(reports.flatMap(({ collected, failed }) => [...collected, ...failed]));
    const late = moved.map(({ task }) => task).filter((task) => !told.has(task));
    if (late.length > 0) reports.push(calledOffReport(late, reason));
    return joinReports(reports);
  }

  /** @returns also those whose tasks went on elsewhere meanwhile: they did not come, for that reason */
  private async bringPresent(
    errand: Errand,
    attempts: readonly AttemptRef[],
  ): Promise<{ report: CollectionReport; moved: readonly AttemptRef[]; reason: unknown }> {
    const moved: AttemptRef[] = [];
    for (let rest = attempts, reason: unknown; ;) {
      const { report, calledOff } = await this.bringInto(undefined, errand, rest);
      reason = calledOff?.reason ?? reason;
      const { earlier, present } = this.divide(rest);
      // Whoever called it off without a task that moved wants none of them now.
      if (!calledOff || earlier.length === 0) return { report, moved, reason };
      moved.push(...earlier);
      rest = present;
    }
  }

  private divide(attempts: readonly AttemptRef[]): {
    readonly earlier: readonly AttemptRef[];
    readonly present: readonly AttemptRef[];
  } {
    const keys = new Set([...this.sweep.earlier(this.source)].map(attemptKey));
    return {
      earlier: attempts.filter((attempt) => keys.has(attemptKey(attempt))),
      present: attempts.filter((attempt) => !keys.has(attemptKey(attempt))),
    };
  }

  private async bringInto(
    earlierAttempt: number | undefined,
    { collector, signal, options }: Errand,
    attempts: readonly AttemptRef[],
  ): Promise<Brought> {
    const tasks = attempts.map(({ task }) => task);
    const bring = async (free: readonly number[], mayCome?: AbortSignal): Promise<Brought> => {
      const names = new Map(free.map((task) => [task, this.sweep.nameOf(task)]));
      if (names.size === 0) return { report: NOTHING };
      const aborted = mayCome ? AbortSignal.any([signal, mayCome]) : signal;
      try {
        const report = await this.meter.during((tell) =>
          collector.collectResults(names, aborted, {
            ...options,
            ...(earlierAttempt !== undefined && { earlierAttempt }),
            onProgress: (progress) => {
              tell(progress);
              options.onProgress?.(progress);
            },
          }),
        );
        return { report };
      } catch (error) {
        if (mayCome?.aborted !== true || signal.aborted) throw error;
        return { report: calledOffReport(free, mayCome.reason), calledOff: mayCome };
      }
    };
    const brought =
      earlierAttempt === undefined
        ? await this.sweep.withRoom(this.source, tasks, bring)
        : await this.sweep.withEarlierRoom(this.source, tasks, bring);
    await this.note(attempts, brought.report);
    return brought;
  }

  private async note(attempts: readonly AttemptRef[], report: CollectionReport): Promise<void> {
    const collected = new Set(report.collected);
    const home = attempts.filter(({ task }) => collected.has(task));
    if (home.length > 0) {
      const at = this.sweep.clock.now();
      await this.sweep.remember(collectedRecord(at, this.source, home, report.bytes, report.leftOut));
    }
    this.sweep.arrived(report.collected);
  }
}

/** How attempts are to be brought. */
interface Errand {
  readonly collector: ResultCollector;
  readonly signal: AbortSignal;
  readonly options: CollectOptions;
}

interface Brought {
  readonly report: CollectionReport;
  /** What ended it, where it was called off. */
  readonly calledOff?: AbortSignal;
}

const NOTHING: CollectionReport = { collected: [], failed: [], bytes: 0, errors: [] };

function calledOffReport(tasks: readonly number[], reason: unknown): CollectionReport {
  return { ...NOTHING, failed: tasks, errors: [errorText(reason)] };
}

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
