/** What a rerun gives its tasks instead of what the sweep's file and configuration give. Absent fields: as it was. */
export interface ResourceChange {
  /** Names of sources. The tasks run on no others from then on. Not empty. */
  readonly sources?: readonly string[];
  /** Seconds after which an attempt is ended (walltime); null: never. */
  readonly timeLimitSec?: number | null;
  /** Memory of this machine for one task, as schedulers write it, e.g. `32G`. Only sources with a scheduler can give it. */
  readonly memory?: string;
  /** Tasks at one time on each of the sources: those that share a machine then share its memory with fewer. */
  readonly slots?: number;
}

/** What a task was given by reruns; how many run at one time is the sweep's, not the task's. */
export type TaskResources = Omit<ResourceChange, 'slots'>;

/** In which of several sets of sources a task may run; undefined: in all of the launch. Equal sets are one object. */
export type SourceBinding = readonly string[] | undefined;

/** What each task was given by reruns. A later rerun changes what it names and keeps the rest. */
export class ChangedResources {
  private readonly byTask = new Map<number, TaskResources>();
  /** By its names, in their order. */
  private readonly known = new Map<string, readonly string[]>();

  of(task: number): TaskResources | undefined {
    return this.byTask.get(task);
  }

  bindingOf(task: number): SourceBinding {
    return this.byTask.get(task)?.sources;
  }

  /** All that there ever were; last that of everything that is not bound and can go where the others leave room. */
  get bindings(): readonly SourceBinding[] {
    return [...this.known.values(), undefined];
  }

  change(tasks: readonly number[], { sources, timeLimitSec, memory }: ResourceChange): void {
    const own: TaskResources = {
      ...(sources === undefined ? {} : { sources: this.intern(sources) }),
      ...(timeLimitSec === undefined ? {} : { timeLimitSec }),
      ...(memory === undefined ? {} : { memory }),
    };
    if (Object.keys(own).length === 0) return;
    // Many tasks, few different pasts.
    const after = new Map<TaskResources | undefined, TaskResources>();
    for (const task of tasks) {
      const before = this.byTask.get(task);
      const merged = after.get(before) ?? { ...before, ...own };
      after.set(before, merged);
      this.byTask.set(task, merged);
    }
  }

  private intern(sources: readonly string[]): readonly string[] {
    const sorted = [...new Set(sources)].sort();
    const key = JSON.stringify(sorted);
    const binding = this.known.get(key) ?? sorted;
    this.known.set(key, binding);
    return binding;
  }
}
