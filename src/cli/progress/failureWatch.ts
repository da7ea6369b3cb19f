import type { TaskSummary } from '../../core/facade';
import type { CliProject } from '../cliProject';
import { failureTitle } from '../failureTitle';
import type { FailureLine } from './progressText';

/** Finds the tasks of a sweep that failed since it was asked last. */
export class FailureWatch {
  /** Tasks with the attempt that was told of: a task that is run again can fail again. */
  private readonly told = new Map<number, number>();

  constructor(
    private readonly project: CliProject,
    private readonly sweepId: string,
  ) {}

  /** In the order of their numbers. */
  next(): TaskSummary[] {
    const failed = this.project.tasks(this.sweepId, { states: ['failed', 'lost'] });
    const fresh = failed.filter((task) => this.told.get(task.number) !== task.attempt);
    for (const task of fresh) this.told.set(task.number, task.attempt);
    return fresh;
  }

  /** What a failed task died of, in one line. */
  async describe(task: TaskSummary): Promise<FailureLine> {
    return {
      task: task.number,
      name: task.name,
      title: await failureTitle(this.project, this.sweepId, task),
    };
  }
}
