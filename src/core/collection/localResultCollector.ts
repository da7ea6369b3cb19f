import type { CollectionReport } from '../compute/computeSource';
import { ResultCollectionError } from './resultCollectionError';
import type { ResultCollector } from './resultCollectionManager';

/** Tasks of this machine write into the sweep's directory: there is nothing to bring, only to see that it is there. */
export class LocalResultCollector implements ResultCollector {
  /**
   * @param name - the source's
   * @param list - the names of the tasks' directories that are in the sweep's directory
   */
  constructor(
    readonly name: string,
    private readonly list: () => Promise<Iterable<string>>,
  ) {}

  async collectResults(tasks: ReadonlyMap<number, string>): Promise<CollectionReport> {
    const collected: number[] = [];
    const failed: number[] = [];
    const errors: string[] = [];
    const present = new Set(tasks.size === 0 ? [] : await this.list());
    for (const [number, name] of tasks) {
      if (present.has(name)) collected.push(number);
      else {
        failed.push(number);
        errors.push(`The directory of ${name} is gone.`);
      }
    }
    const [first] = errors;
    const failure = first === undefined ? undefined : new ResultCollectionError(this.name, 'gone', first);
    return { collected, failed, bytes: 0, errors, ...(failure && { failure }) };
  }
}
