import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Disposable } from '../../core/base/lifecycle';
import { DisposableStore } from '../../core/base/lifecycle';
import { Emitter } from '../../core/base/event';
import type { Logger } from '../../core/base/logger';
import type {
  AttemptRef,
  CollectionReport,
  ComputeSource,
  HealthReport,
  Placement,
  SourceControl,
  SourceStatus,
  SweepContext,
  TaskSpec,
} from '../../core/compute/computeSource';
import type { FilePiece, FileRange, Host } from '../../core/compute/host';
import { DirectSource, type DirectPlacement } from '../direct/directSource';
import { LocalHost } from '../host/localHost';
import { FileWatch } from './fileWatch';
import { checkLocalHealth } from './localHealth';

export interface LocalOptions {
  readonly name: string;
  /** Tasks at one time. */
  readonly slots: number;
  /** GPUs by slot. */
  readonly gpus?: readonly (readonly number[])[];
  readonly host?: Host;
  readonly logger?: Logger;
  /** The shell that runs the runner. Default: `sh`, and for lanes without setup lines `dash` where it is. */
  readonly shell?: string;
  /** Seconds between SIGTERM and SIGKILL. Default 10. */
  readonly graceSec?: number;
  /** Seconds between the runner's looks at itself when nothing pokes it. Default 10. */
  readonly tickSec?: number;
}

/** Runs tasks on this machine: the direct launcher on the local host, with the log watched instead of polled. */
export class LocalComputeSource implements ComputeSource {
  readonly type = 'local';
  readonly name: string;
  readonly maxSlots: number;
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly host: Host;
  private readonly direct: DirectSource;
  private readonly held = new DisposableStore();
  private watch: Disposable | undefined;
  private resultsDir = homedir();

  constructor(private readonly options: LocalOptions) {
    this.host = options.host ?? new LocalHost();
    this.direct = new DirectSource({ ...options, type: 'local', host: this.host }, (context) =>
      placeLocally(options.name, context),
    );
    this.name = options.name;
    this.maxSlots = this.direct.maxSlots;
    this.held.add(this.changed);
  }

  async setup(context: SweepContext, signal: AbortSignal): Promise<Placement> {
    const placement = await this.direct.setup(context, signal);
    this.resultsDir = context.sweepDir;
    this.watch ??= this.held.add(
      new FileWatch(join(placeLocally(this.name, context).runDir, 'events'), () => {
        this.changed.fire();
      }),
    );
    return placement;
  }

  submit(token: string, tasks: readonly TaskSpec[], signal: AbortSignal): Promise<void> {
    return this.direct.submit(token, tasks, signal);
  }

  control(control: SourceControl, signal: AbortSignal): Promise<void> {
    return this.direct.control(control, signal);
  }

  status(cursor: string | undefined, probe: boolean, signal: AbortSignal): Promise<SourceStatus> {
    return this.direct.status(cursor, probe, signal);
  }

  cancel(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void> {
    return this.direct.cancel(attempts, signal);
  }

  withdraw(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void> {
    return this.direct.withdraw(attempts, signal);
  }

  collectResults(tasks: ReadonlyMap<number, string>): Promise<CollectionReport> {
    return this.direct.collectResults(tasks);
  }

  readTaskFile(task: string, file: string, range: FileRange, signal: AbortSignal): Promise<FilePiece> {
    return this.direct.readTaskFile(task, file, range, signal);
  }

  async healthCheck(signal: AbortSignal): Promise<HealthReport> {
    const shell = await this.direct.healthCheck(signal);
    return checkLocalHealth(shell, this.host, this.resultsDir, this.options.gpus ?? [], signal);
  }

  async cleanup(): Promise<void> {
    this.held.dispose();
    await this.direct.cleanup();
  }
}

function placeLocally(name: string, context: SweepContext): DirectPlacement {
  return {
    projectDir: context.projectDir,
    tasksDir: join(context.sweepDir, 'tasks'),
    runDir: join(context.sweepDir, 'runner', name.replaceAll(/[^\w.-]/g, '_')),
  };
}
