import type { FailureGroup } from '../../core/analysis/failure';
import type { Change, SweepFacade, SweepSummary, TaskSummary } from '../../core/facade';
import type { L10n } from '../text/l10n';
import { failureEntry, type FailureEntry } from './failureEntries';

type Facade = Pick<SweepFacade, 'failureGroups' | 'failure'>;

interface Found {
  /** The tasks that it is of, and the causes as they were then. */
  readonly tasks: string;
  readonly groups: readonly FailureGroup[];
  readonly entries: readonly FailureEntry[];
}

/**
 * The causes of sweeps' failures as Problems shows them, found anew only when something about them changed: a task failed
 * again or no longer counts, or more of what one wrote came from elsewhere.
 */
export class FoundFailures {
  private bySweep = new Map<string, Found>();
  /** Sweeps of which something changed since they were looked at. */
  private readonly stale = new Set<string>();

  constructor(
    private readonly facade: Facade,
    private readonly l10n: L10n,
  ) {}

  /** Something of these sweeps changed. */
  note({ sweeps }: Change): void {
    for (const id of sweeps?.keys() ?? []) this.stale.add(id);
  }

  /** @param tasks - those of the sweep that failed and are not dismissed */
  async of({ id }: SweepSummary, tasks: readonly TaskSummary[]): Promise<readonly FailureEntry[]> {
    const key = tasks.map(({ number, attempt }) => `${number}.${attempt}`).join();
    const before = this.bySweep.get(id);
    if (before?.tasks === key && !this.stale.has(id)) return before.entries;
    this.stale.delete(id);
    try {
      const groups = tasks.length === 0 ? [] : await this.facade.failureGroups(id);
      if (before?.tasks === key && before.groups === groups) return before.entries;
      const entries = await this.entriesOf(id, groups, new Set(tasks.map(({ number }) => number)));
      this.bySweep.set(id, { tasks: key, groups, entries });
      return entries;
    } catch (error) {
      this.stale.add(id);
      throw error;
    }
  }

  /** Forgets all other sweeps. */
  keepOnly(sweeps: readonly SweepSummary[]): void {
    const ids = new Set(sweeps.map(({ id }) => id));
    this.bySweep = new Map([...this.bySweep].filter(([id]) => ids.has(id)));
  }

  private async entriesOf(
    sweepId: string,
    groups: readonly FailureGroup[],
    shown: ReadonlySet<number>,
  ): Promise<readonly FailureEntry[]> {
    const entries: FailureEntry[] = [];
    for (const group of groups) {
      const tasks = group.tasks.filter((task) => shown.has(task));
      const [first] = tasks;
      if (first === undefined || group.file === undefined) continue;
      const example = await this.facade.failure(sweepId, first);
      const entry = failureEntry(this.l10n, sweepId, group, tasks, example);
      if (entry) entries.push(entry);
    }
    return entries;
  }
}
