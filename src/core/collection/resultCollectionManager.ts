import type { CollectionReport, CollectOptions } from '../compute/computeSource';
import { ResultCollectionError } from './resultCollectionError';

/** What brings tasks' directories home from one place. Every compute source is one. */
export interface ResultCollector {
  /** The source's. */
  readonly name: string;
  /** @param tasks - number → name of the task's directory */
  collectResults(
    tasks: ReadonlyMap<number, string>,
    signal: AbortSignal,
    options?: CollectOptions,
  ): Promise<CollectionReport>;
}

/** What to bring from where. */
export interface Collection {
  readonly collector: ResultCollector;
  readonly tasks: ReadonlyMap<number, string>;
}

/** Brings results home from several sources at once. One that fails never keeps another. */
export class ResultCollectionManager {
  /**
   * @returns a report for each source, in the order given; what failed is in them
   * @throws the signal's reason
   */
  async collectAll(
    collections: readonly Collection[],
    signal: AbortSignal,
    options?: CollectOptions,
  ): Promise<ReadonlyMap<string, CollectionReport>> {
    const reports = await Promise.all(
      collections.map(async ({ collector, tasks }): Promise<[string, CollectionReport]> => [
        collector.name,
        await collectOne(collector, tasks, signal, options),
      ]),
    );
    signal.throwIfAborted();
    return new Map(reports);
  }
}

async function collectOne(
  collector: ResultCollector,
  tasks: ReadonlyMap<number, string>,
  signal: AbortSignal,
  options?: CollectOptions,
): Promise<CollectionReport> {
  try {
    return await collector.collectResults(tasks, signal, options);
  } catch (error) {
    return failedCollection(collector.name, tasks, error);
  }
}

/** The report of a collection that brought nothing. */
export function failedCollection(
  source: string,
  tasks: ReadonlyMap<number, string>,
  error: unknown,
): CollectionReport {
  const failure = ResultCollectionError.from(source, error);
  return { collected: [], failed: [...tasks.keys()], bytes: 0, errors: [failure.message], failure };
}
