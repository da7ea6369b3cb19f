import type { CollectionReport } from '../compute/computeSource';
import type { ResultCollector } from './resultCollectionManager';

/** Tasks of this machine write into the sweep's directory: there is nothing to bring, only to see that it is there. */
export class LocalResultCollector implements ResultCollector {
  /**
   * @param name - the source's
   * @param exists - whether the directory of a task, by its name, is in the sweep's directory
   */
  constructor(
    readonly name: string,
    private readonly exists: (task: string) => Promise<boolean>,
  ) {}

  async collectResults(tasks: ReadonlyMap<number, string>): Promise<CollectionReport> {
    const collected: number[] = [];
    const failed: number[] = [];
    const errors: string[] = [];
    for (const [number, name] of tasks) {
      if (await this.exists(name)) collected.push(number);
      else {
        failed.push(number);
        errors.push(`The directory of ${name} is gone.`);
      }
    }
    return { collected, failed, bytes: 0, errors };
  }
}
