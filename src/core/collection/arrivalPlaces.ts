/** From where files come into the tasks' directories just now: never from two sources into one. */
export class ArrivalPlaces {
  private readonly comings = new Map<number, { readonly source: string; count: number }>();

  /** @returns those of the tasks into whose directories nothing comes from another source; {@link leave} them later */
  enter(source: string, tasks: readonly number[]): readonly number[] {
    const free = tasks.filter((task) => (this.comings.get(task)?.source ?? source) === source);
    for (const task of free) {
      const coming = this.comings.get(task) ?? { source, count: 0 };
      coming.count += 1;
      this.comings.set(task, coming);
    }
    return free;
  }

  /** Whether files come from there into the directory of the task's present attempt. */
  isComing(source: string, task: number): boolean {
    return this.comings.get(task)?.source === source;
  }

  leave(tasks: readonly number[]): void {
    for (const task of tasks) {
      const coming = this.comings.get(task);
      if (!coming) continue;
      coming.count -= 1;
      if (coming.count === 0) this.comings.delete(task);
    }
  }
}
