import { mkdirSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DirectSource, type DirectOptions } from '../../src/adapters/direct/directSource';
import { LocalHost } from '../../src/adapters/host/localHost';
import type { AttemptRecord, SourceStatus, TaskSpec } from '../../src/core/compute/computeSource';
import { shellTask, type RunnerRig, type RunningProcess } from './runnerRig';
import { waitUntil } from './waitUntil';

const signal = new AbortController().signal;

/** One of several sweeps on one source, all in the directory of a rig. Their tasks write to one `ledger` when asked to. */
export class SharedSweep {
  readonly runDir: string;
  readonly source: DirectSource;
  private batches = 0;

  private constructor(
    private readonly rig: RunnerRig,
    readonly name: string,
    options: Partial<DirectOptions>,
  ) {
    const { sweepDir } = rig.context;
    this.runDir = join(sweepDir, name, 'run');
    mkdirSync(this.runDir, { recursive: true });
    const defaults = { name, type: 'ssh', slots: 2, host: new LocalHost(), tickSec: 1, graceSec: 1 } as const;
    this.source = new DirectSource({ ...defaults, ...options }, ({ projectDir }) => ({
      projectDir,
      tasksDir: join(sweepDir, name, 'tasks'),
      runDir: this.runDir,
      sharedDir: slotsDir(rig),
    }));
  }

  static async open(
    rig: RunnerRig,
    name: string,
    options: Partial<DirectOptions> = {},
  ): Promise<SharedSweep> {
    const sweep = new SharedSweep(rig, name, options);
    await sweep.source.setup({ ...rig.context, sweepId: name }, signal);
    return sweep;
  }

  async submit(...tasks: readonly TaskSpec[]): Promise<void> {
    this.batches += 1;
    await this.source.submit(`b${String(this.batches).padStart(4, '0')}`, tasks, signal);
  }

  async records(probe = false): Promise<readonly AttemptRecord[]> {
    return (await this.status(probe)).records;
  }

  status(probe = true): Promise<SourceStatus> {
    return this.source.status(undefined, probe, signal);
  }

  until<K extends AttemptRecord['kind']>(kind: K, task: number): Promise<AttemptRecord & { kind: K }> {
    return waitUntil(`task ${task} of ${this.name} is ${kind}`, async () =>
      (await this.records()).find(
        (record): record is AttemptRecord & { kind: K } => record.kind === kind && record.task === task,
      ),
    );
  }

  /** Until so many attempts have a record of this kind. */
  untilCount(kind: AttemptRecord['kind'], count: number): Promise<void> {
    return waitUntil(
      `${count} attempts of ${this.name} are ${kind}`,
      async () => (await this.records()).filter((record) => record.kind === kind).length >= count,
      60_000,
    ).then(() => undefined);
  }

  /** Until a probe finds that this many of its slots wait. */
  untilWaiting(slots: number): Promise<SourceStatus> {
    return waitUntil(`${slots} slots of ${this.name} wait`, async () => {
      const status = await this.status();
      return (status.waiting?.slots ?? 0) === slots && status;
    });
  }

  lanes(): RunningProcess[] {
    return this.rig.runners(this.runDir).filter(({ command }) => command.includes('\0lane\0'));
  }

  mains(): RunningProcess[] {
    return this.rig.runners(this.runDir).filter(({ command }) => command.includes('\0main\0'));
  }

  /** Tasks that write down when they begin and end, numbered from 1. */
  ledgerTasks(count: number, seconds: number): TaskSpec[] {
    const line = `echo begin ${this.name} >>ledger; sleep ${seconds}; echo end ${this.name} >>ledger`;
    return Array.from({ length: count }, (_, index) => shellTask(index + 1, line));
  }
}

/** Where the sweeps of a rig share their slots. */
export function slotsDir(rig: RunnerRig): string {
  return join(rig.context.sweepDir, 'the slots');
}

/** Names of the files of the locks and of those who wait. */
export function slotFiles(rig: RunnerRig): string[] {
  return readdirSync(join(slotsDir(rig), hostname()));
}

/** The most tasks that were between their beginning and their end at one time. */
export function mostAtOnce(ledger: readonly string[]): number {
  let [now, most] = [0, 0];
  for (const line of ledger) {
    now += line.startsWith('begin') ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}
