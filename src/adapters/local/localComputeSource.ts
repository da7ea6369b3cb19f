import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Disposable } from '../../core/base/lifecycle';
import { DisposableStore } from '../../core/base/lifecycle';
import { errorText } from '../../core/base/errors';
import { Emitter } from '../../core/base/event';
import type { Logger } from '../../core/base/logger';
import type { HealthReport, Placement, SweepContext } from '../../core/compute/computeSource';
import type { Host } from '../../core/compute/host';
import { withFindings } from '../../core/project/healthFindings';
import { DirectSource, type DirectPlacement } from '../direct/directSource';
import type { Surroundings } from '../direct/runnerFiles';
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
  /** What prepares the environment of tasks, and where the project is: for checks before a sweep is set up. */
  readonly surroundings?: Surroundings;
  readonly projectDir?: string;
  /**
   * Where the sweeps of all projects take turns at this machine's slots and GPUs. Absent, or where nothing can be written:
   * they do not share them.
   */
  readonly sharedDir?: string;
  readonly logger?: Logger;
  /** The shell that runs the runner. Default: `sh`, and for lanes without setup lines `dash` where it is. */
  readonly shell?: string;
  /** Seconds between SIGTERM and SIGKILL. Default 10. */
  readonly graceSec?: number;
  /** Seconds between the runner's looks at itself when nothing pokes it. Default 10. */
  readonly tickSec?: number;
}

/** Runs tasks on this machine: the direct launcher on the local host, with the log watched instead of polled. */
export class LocalComputeSource extends DirectSource {
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly held = new DisposableStore();
  private watch: Disposable | undefined;
  private resultsDir = homedir();
  private sharedDir: string | undefined;

  constructor(private readonly options: LocalOptions) {
    const host = options.host ?? new LocalHost();
    super({ ...options, type: 'local', host }, (context) => ({
      ...placeLocally(options.name, context),
      ...(this.sharedDir !== undefined && { sharedDir: this.sharedDir }),
    }));
    this.held.add(this.changed);
  }

  override async setup(context: SweepContext, signal: AbortSignal): Promise<Placement> {
    this.sharedDir = await this.shareSlots();
    const placement = await super.setup(context, signal);
    this.resultsDir = context.sweepDir;
    this.watch ??= this.held.add(
      new FileWatch(join(placeLocally(this.name, context).runDir, 'events'), () => {
        this.changed.fire();
      }),
    );
    return placement;
  }

  /** Somebody without a home that can be written, as in many containers, has no other sweeps to share with. */
  private async shareSlots(): Promise<string | undefined> {
    const { sharedDir, logger } = this.options;
    if (sharedDir === undefined) return undefined;
    try {
      await mkdir(sharedDir, { recursive: true });
      await access(sharedDir, constants.W_OK);
      return sharedDir;
    } catch (error) {
      logger?.warn(
        `Slots are not shared with other sweeps, because ${sharedDir} cannot be written: ${errorText(error)}`,
      );
      return undefined;
    }
  }

  override async healthCheck(signal: AbortSignal): Promise<HealthReport> {
    const shell = await super.healthCheck(signal);
    const { gpus = [], projectDir } = this.options;
    const setup = await this.surroundingsFindings(projectDir, signal);
    return withFindings(await checkLocalHealth(shell, this.host, this.resultsDir, gpus, signal), setup);
  }

  override async cleanup(): Promise<void> {
    this.held.dispose();
    await super.cleanup();
  }
}

function placeLocally(name: string, context: SweepContext): DirectPlacement {
  return {
    projectDir: context.projectDir,
    tasksDir: join(context.sweepDir, 'tasks'),
    runDir: join(context.sweepDir, 'runner', name.replaceAll(/[^\w.-]/g, '_')),
  };
}
