import { toDisposable, type Disposable } from '../../src/core/base/lifecycle';
import { selectRows } from '../../src/core/results/buildResultTable';
import { guessObjective, type Objective } from '../../src/core/results/objective';
import type { ResultSource, TaskSeries } from '../../src/core/results/resultSource';
import type { ResultTable } from '../../src/core/results/resultTable';

/** Results in memory. */
export class FakeResults implements ResultSource {
  chosen: Pick<Objective, 'metric' | 'goal'> | undefined;
  private readonly followers = new Set<(tasks: readonly number[]) => void>();

  constructor(
    public answer: ResultTable,
    readonly courses: readonly TaskSeries[] = [],
  ) {}

  known(): Promise<ResultTable> {
    return Promise.resolve(this.answer);
  }

  table(): Promise<ResultTable> {
    return Promise.resolve(this.answer);
  }

  rows(tasks: readonly number[]): ResultTable {
    return selectRows(
      this.answer,
      tasks.map((task) => this.answer.tasks.indexOf(task)),
    );
  }

  follow(onChange: (tasks: readonly number[]) => void): Disposable {
    this.followers.add(onChange);
    return toDisposable(() => this.followers.delete(onChange));
  }

  /** Tells followers of a change. */
  change(tasks: readonly number[]): void {
    for (const follower of this.followers) follower(tasks);
  }

  series(): Promise<readonly TaskSeries[]> {
    return Promise.resolve(this.courses);
  }

  objective(): Promise<Objective | undefined> {
    if (this.chosen) return Promise.resolve({ ...this.chosen, from: 'chosen' });
    return Promise.resolve(guessObjective(this.answer.metrics.map(({ name }) => name)));
  }

  setObjective(objective: Pick<Objective, 'metric' | 'goal'>): Promise<void> {
    this.chosen = objective;
    return Promise.resolve();
  }
}
