import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Emitter } from '../../core/base/event';
import { HsmError } from '../../core/base/errors';
import { LocalResultCollector } from '../../core/collection/localResultCollector';
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
import { parseRunnerLog } from '../../core/compute/runnerLog';
import { LocalHost } from '../host/localHost';
import { AttemptFiles } from './attemptFiles';
import { checkLocalHealth } from './localHealth';
import { ProcessRunner } from './processRunner';

export interface ProcessOptions {
  readonly name: string;
  /** Tasks at one time. */
  readonly slots: number;
  /** GPUs by slot. With any, there are no more slots than entries. */
  readonly gpus?: readonly (readonly number[])[];
  /** Seconds between asking a task to end and ending it. Default 10. */
  readonly graceSec?: number;
}

/**
 * Runs tasks on this machine as processes of this one, for systems without a POSIX shell. They survive this process,
 * but their exit codes do not: a task that ends while nobody watches is lost, and that is said. Nor is anything new
 * started then. Where there is a shell, `LocalComputeSource` does better.
 */
export class ProcessComputeSource implements ComputeSource {
  readonly type = 'local';
  readonly name: string;
  readonly maxSlots: number;
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly host: Host = new LocalHost();
  private resultsDir = homedir();
  private sweep: { readonly files: AttemptFiles; readonly runner: ProcessRunner } | undefined;

  constructor(private readonly options: ProcessOptions) {
    this.name = options.name;
    this.maxSlots = Math.min(options.slots, this.slotLimit());
  }

  async setup(context: SweepContext, signal: AbortSignal): Promise<Placement> {
    signal.throwIfAborted();
    this.checkContext(context);
    const tasksDir = join(context.sweepDir, 'tasks');
    this.sweep ??= await this.open(context, tasksDir, signal);
    this.resultsDir = context.sweepDir;
    return { projectDir: context.projectDir, tasksDir };
  }

  submit(token: string, tasks: readonly TaskSpec[], signal: AbortSignal): Promise<void> {
    return this.act(signal, ({ files, runner }) => {
      if (tasks.length > 0 && !files.hasBatch(token)) {
        files.writeBatch(token, tasks);
        runner.enqueue(tasks);
      }
      runner.startQueued();
    });
  }

  control(control: SourceControl, signal: AbortSignal): Promise<void> {
    return this.act(signal, ({ runner }) => {
      runner.setControl({ ...control, slots: Math.min(control.slots, this.slotLimit()) });
      runner.startQueued();
    });
  }

  async status(cursor: string | undefined, probe: boolean, signal: AbortSignal): Promise<SourceStatus> {
    const { files, runner } = this.ready();
    if (probe) runner.probe();
    const offset = Number(cursor ?? 0);
    const read = await this.host.readFrom(files.log, offset, signal);
    const piece = parseRunnerLog(read.text);
    return {
      cursor: String(read.end - piece.incompleteBytes),
      records: piece.records,
      runner: runner.state,
      ...(runner.trouble !== undefined && { trouble: runner.trouble }),
    };
  }

  cancel(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void> {
    return this.act(signal, ({ runner }) => {
      runner.cancel(attempts);
    });
  }

  withdraw(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void> {
    return this.act(signal, ({ runner }) => {
      runner.takeBack(attempts);
    });
  }

  collectResults(tasks: ReadonlyMap<number, string>): Promise<CollectionReport> {
    const list = (): Promise<readonly string[]> => Promise.resolve(this.ready().files.taskNames());
    return new LocalResultCollector(this.name, list).collectResults(tasks);
  }

  readTaskFile(task: string, file: string, range: FileRange, signal: AbortSignal): Promise<FilePiece> {
    return this.host.readRange(join(this.resultsDir, 'tasks', task, file), range, signal);
  }

  healthCheck(signal: AbortSignal): Promise<HealthReport> {
    const alive: HealthReport = { state: 'healthy', problems: [], latencyMs: 0 };
    return checkLocalHealth(alive, this.host, this.resultsDir, this.options.gpus ?? [], signal);
  }

  cleanup(): Promise<void> {
    this.sweep?.runner.dispose();
    this.changed.dispose();
    return Promise.resolve();
  }

  private async open(
    context: SweepContext,
    tasksDir: string,
    signal: AbortSignal,
  ): Promise<{ files: AttemptFiles; runner: ProcessRunner }> {
    const folder = this.name.replaceAll(/[^\w.-]/g, '_');
    const files = new AttemptFiles(join(context.sweepDir, 'runner', folder), tasksDir);
    files.prepare();
    const runner = new ProcessRunner({
      context,
      files,
      control: { slots: this.maxSlots, paused: false },
      gpus: this.options.gpus ?? [],
      graceSec: this.options.graceSec ?? 10,
      onRecord: () => {
        this.changed.fire();
      },
    });
    const { text } = await this.host.readFrom(files.log, 0, signal);
    runner.restore(parseRunnerLog(text).records);
    return { files, runner };
  }

  private checkContext({ projectDir, setup }: SweepContext): void {
    if (!statSync(projectDir, { throwIfNoEntry: false })?.isDirectory()) {
      throw this.unavailable(`the project directory ${projectDir} is not there.`);
    }
    if (setup.length > 0) {
      throw this.unavailable(
        'its setup lines need a POSIX shell. Remove them, or use a source on a Unix system.',
      );
    }
  }

  /** Pinned slots end with the GPUs: a task that needs one must not run without. */
  private slotLimit(): number {
    const gpus = this.options.gpus ?? [];
    return gpus.some((group) => group.length > 0) ? gpus.length : Infinity;
  }

  private act(
    signal: AbortSignal,
    work: (sweep: { files: AttemptFiles; runner: ProcessRunner }) => void,
  ): Promise<void> {
    return new Promise((resolve) => {
      signal.throwIfAborted();
      work(this.ready());
      resolve();
    });
  }

  private ready(): { files: AttemptFiles; runner: ProcessRunner } {
    if (this.sweep === undefined) throw new Error(`source ${this.name} is used before its setup`);
    return this.sweep;
  }

  private unavailable(reason: string): HsmError<'source.unavailable'> {
    const message = `The source "${this.name}" cannot run tasks on this machine: ${reason}`;
    return new HsmError('source.unavailable', message, { source: this.name });
  }
}
