import type { Disposable } from '../base/lifecycle';
import type { Series } from './logSink';
import type { Objective } from './objective';
import type { ResultTable } from './resultTable';
import type { ReadProgress } from './sweepResults';

/** The results of one sweep, as a page or a command sees them. */
export interface ResultSource {
  /** All tasks with parameters and states, and what is known of their metrics without looking at their files. */
  known(): Promise<ResultTable>;
  /** Everything, after a look at all tasks' files. @param onRead - is told now and then, when there is much to read */
  table(onRead?: (progress: ReadProgress) => void): Promise<ResultTable>;
  /** Rows as they are in memory; nothing is read. */
  rows(tasks: readonly number[]): ResultTable;
  /**
   * Reads what changes for as long as somebody follows, seldom enough not to be the work: every two seconds, and at most
   * a tenth of the time.
   *
   * @param onChange - is told the tasks whose rows changed
   */
  follow(onChange: (tasks: readonly number[]) => void): Disposable;
  /** How a metric went in some tasks, in their order. Tasks that did not log it by step are left out. */
  series(query: SeriesQuery, signal: AbortSignal): Promise<readonly TaskSeries[]>;
  /** What the sweep is after; undefined while there is no metric at all. */
  objective(): Promise<Objective | undefined>;
  /** Remembers it with the sweep. @throws HsmError `disk.unwritable` */
  setObjective(objective: Pick<Objective, 'metric' | 'goal'>): Promise<void>;
}

export interface SeriesQuery {
  readonly metric: string;
  readonly tasks: readonly number[];
  /** Longer courses are thinned to about so many points. */
  readonly maxPoints: number;
}

export interface TaskSeries extends Series {
  readonly task: number;
}
