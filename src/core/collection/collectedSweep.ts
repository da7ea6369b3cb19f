import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type { AttemptRef } from '../compute/computeSource';
import type { CollectedRecord, Homecomings } from './collectedRecord';
import type { ResultCollector } from './resultCollectionManager';

/** What the collection from one source needs of its sweep. */
export interface CollectedSweep {
  readonly clock: Clock;
  readonly log: Logger;
  readonly homes: Homecomings;
  /** Attempts that ran on a source and have ended, whether home or not, in the order of their tasks. */
  ended(source: string): Iterable<AttemptRef>;
  /** Attempts that began on a source and whose tasks went on on another one, the last of each task. */
  earlier(source: string): Iterable<AttemptRef>;
  /**
   * Does work that lets files of these tasks appear here. Leaves out those that went on elsewhere meanwhile or of which
   * files come from another source just now, and moves what earlier attempts from other sources left here out of the way.
   *
   * @param work - ends when `calledOff` aborts: then a task that went on elsewhere needs its directory
   */
  withRoom<T>(
    source: string,
    tasks: readonly number[],
    work: (tasks: readonly number[], calledOff: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** The same for files of earlier attempts, which have places of their own. */
  withEarlierRoom<T>(
    source: string,
    tasks: readonly number[],
    work: (tasks: readonly number[]) => Promise<T>,
  ): Promise<T>;
  /** Tasks that run there now. */
  running(source: string): Iterable<number>;
  /** Name of a task's directory. */
  nameOf(task: number): string;
  /** The source once it can be asked. */
  collectorOf(source: string): ResultCollector | undefined;
  remember(record: CollectedRecord): Promise<void>;
  /** Files of these tasks came. */
  arrived(tasks: readonly number[]): void;
  /** How far the transfers are may have changed. */
  progressed(): void;
}
