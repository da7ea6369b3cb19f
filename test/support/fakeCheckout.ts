import type { Backup, Side } from '../../src/core/sync/backup';
import type { CheckoutPort, SidesSeen, Transferred } from '../../src/core/sync/checkoutPort';
import type { SyncedContents } from '../../src/core/sync/fileFacts';
import type { SyncPlan } from '../../src/core/sync/plan';
import { ProjectSync } from '../../src/core/sync/projectSync';
import { gitSide, SAME } from '../unit/core/sync/sides';
import { ManualClock } from './manualClock';

type Texts = Readonly<Record<string, string | undefined>>;

/** A workspace and a checkout on one commit, in memory, which writes down what it is told to transfer. */
export class FakeCheckout implements CheckoutPort {
  readonly plans: SyncPlan[] = [];
  readonly restored: string[] = [];
  backupList: readonly Backup[] = [];
  /** Called at the beginning of every look; may reject, or take its time. */
  onLook: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();

  /** What HEAD has, and the edits on both sides (undefined: deleted). */
  constructor(
    readonly head: Texts,
    public here: Texts,
    public there: Texts,
  ) {}

  async look(signal: AbortSignal): Promise<SidesSeen> {
    await this.onLook(signal);
    const look = [...Object.keys(this.here), ...Object.keys(this.there)];
    return {
      local: gitSide(this.head, this.here, look),
      remote: gitSide(this.head, this.there, look),
      history: SAME,
      kindOf: (path) => (path.endsWith('.yaml') ? 'config' : 'code'),
      isLeftOut: () => false,
      errors: [],
      warnings: [],
      isInterrupted: false,
    };
  }

  transfer(plan: SyncPlan): Promise<Transferred> {
    this.plans.push(plan);
    const gone = plan.files.filter(({ next }) => next.kind === 'absent').map(({ path }) => path);
    const written = plan.files.map(({ path }) => path).filter((path) => !gone.includes(path));
    return Promise.resolve({ written, deleted: gone });
  }

  recover(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  readRemote(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  backups(): Promise<readonly Backup[]> {
    return Promise.resolve(this.backupList);
  }

  restore(
    { id }: { readonly id: string; readonly side: Side },
    files: readonly string[],
  ): Promise<readonly string[]> {
    this.restored.push(`${id}: ${files.join(' ')}`);
    return Promise.resolve(files);
  }

  readSynced(): Promise<SyncedContents> {
    return Promise.resolve(new Map());
  }

  writeSynced(): Promise<void> {
    return Promise.resolve();
  }
}

/** The checkout of the source `gpubox`, as a project has it. */
export function syncOf(checkout: CheckoutPort, runningTasks: () => number = () => 0): ProjectSync {
  return new ProjectSync({
    places: () => [{ source: 'gpubox', host: 'box', checkout: '~/p' }],
    open: () => checkout,
    runningTasks,
    learnRunningTasks: () => Promise.resolve(),
    clock: new ManualClock(),
  });
}
