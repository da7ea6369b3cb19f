import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalComputeSource, type LocalOptions } from '../../src/adapters/local/localComputeSource';
import type {
  AttemptRecord,
  SourceStatus,
  SweepContext,
  TaskSpec,
} from '../../src/core/compute/computeSource';
import { makeTempDir } from './tempDir';
import { waitUntil } from './waitUntil';

const signal = new AbortController().signal;

/** Makes rigs for the tests of a suite; each is closed after its test. Call it inside `describe`. */
export function useRigs(): (options?: Partial<LocalOptions>, context?: Partial<SweepContext>) => RunnerRig {
  let rigs: RunnerRig[] = [];
  afterEach(async () => {
    const over = rigs;
    rigs = [];
    await Promise.all(over.map((rig) => rig.close()));
  });
  return (options, context) => {
    const rig = new RunnerRig(options, context);
    rigs.push(rig);
    return rig;
  };
}

/** A process of this machine. */
export interface RunningProcess {
  readonly pid: number;
  /** Program and arguments, each ended by a NUL. */
  readonly command: string;
  readonly cwd: string;
  readonly env: ReadonlyMap<string, string>;
}

/** A sweep on a real runner in a directory of its own, with a look at its processes. Linux. */
export class RunnerRig {
  private readonly dir = makeTempDir();
  readonly context: SweepContext;
  source: LocalComputeSource;
  private batches = 0;
  private isSetUp = false;

  constructor(
    private readonly options: Partial<LocalOptions> = {},
    context: Partial<SweepContext> = {},
  ) {
    const sweepDir = join(this.dir.path, 'sweep');
    mkdirSync(sweepDir);
    this.context = {
      sweepId: `sweep-${this.dir.path}`,
      projectDir: this.dir.path,
      sweepDir,
      env: {},
      setup: [],
      ...context,
    };
    this.source = this.open();
  }

  /** A source object for the sweep, as another process would make it. */
  open(options: Partial<LocalOptions> = {}): LocalComputeSource {
    return new LocalComputeSource({
      name: 'local',
      slots: 2,
      graceSec: 1,
      tickSec: 1,
      ...this.options,
      ...options,
    });
  }

  /** The same rig with other options; for what depends on its directory. Before `setup`. */
  with(options: Partial<LocalOptions>): this {
    this.source = this.open(options);
    return this;
  }

  get projectDir(): string {
    return this.dir.path;
  }

  get runDir(): string {
    return join(this.context.sweepDir, 'runner', 'local');
  }

  /** A file in a task's directory; without a name the directory. */
  file(task: number, name = ''): string {
    return join(this.context.sweepDir, 'tasks', taskName(task), name);
  }

  read(task: number, name: string): string {
    return readFileSync(this.file(task, name), 'utf8');
  }

  async setup(): Promise<void> {
    await this.source.setup(this.context, signal);
    this.isSetUp = true;
  }

  /** Sets up if need be and hands a batch over. */
  async submit(...tasks: readonly TaskSpec[]): Promise<void> {
    if (!this.isSetUp) await this.setup();
    this.batches += 1;
    await this.source.submit(`b${String(this.batches).padStart(4, '0')}`, tasks, signal);
  }

  /** Lets tasks go on that wait for it: see {@link WAIT}. */
  letGo(): void {
    writeFileSync(join(this.dir.path, 'go'), '');
  }

  /** The kinds of the records on a task, in order. */
  async kinds(task: number, probe = false): Promise<string[]> {
    return (await this.records(probe)).filter((record) => record.task === task).map(({ kind }) => kind);
  }

  async records(probe = false): Promise<readonly AttemptRecord[]> {
    return (await this.source.status(undefined, probe, signal)).records;
  }

  /** Until there is a record of this kind on the task; looks with a probe where only that can tell. */
  until<K extends AttemptRecord['kind']>(kind: K, task: number): Promise<AttemptRecord & { kind: K }> {
    const probe = kind === 'lost' || kind === 'released';
    return waitUntil(`task ${task} is ${kind}`, async () => {
      const records = await this.records(probe);
      return records.find((record): record is AttemptRecord & { kind: K } => isOn(record, kind, task));
    });
  }

  /** Until every given task has ended. */
  async untilEnded(...tasks: readonly number[]): Promise<void> {
    await waitUntil(
      `tasks ${tasks.join(', ')} have ended`,
      async () => {
        const records = await this.records();
        return tasks.every((task) => records.some((record) => isOn(record, 'ended', task)));
      },
      60_000,
    );
  }

  /** Until the task's program runs, not only its wrapper. Resolves with the process that records the attempt. */
  async untilRuns(task: number): Promise<number> {
    const { pid } = await this.until('started', task);
    await waitUntil(`the program of task ${task} runs`, () =>
      this.taskProcesses(task).some((process) => process.pid !== pid),
    );
    return pid;
  }

  async untilAttemptEnded(task: number, attempt: number): Promise<void> {
    await waitUntil(`attempt ${attempt} of task ${task} has ended`, async () =>
      (await this.records()).some((record) => isOn(record, 'ended', task) && record.attempt === attempt),
    );
  }

  /** Until a probe finds the runner so. */
  untilStatus(runner: SourceStatus['runner']): Promise<SourceStatus> {
    return waitUntil(`the runner is ${runner}`, async () => {
      const status = await this.source.status(undefined, true, signal);
      return status.runner === runner && status;
    });
  }

  /** The shells that run one task each in a session of its own. */
  wrappers(): RunningProcess[] {
    return this.wrappersIn(this.runDir);
  }

  /** The same, of the runner in a directory. */
  wrappersIn(runDir: string): RunningProcess[] {
    return listProcesses().filter(({ command }) => command.includes(`${runDir}/task.sh\0`));
  }

  /** The runner's processes by their verb. */
  processesOf(verb: 'main' | 'lane' | 'watch' | 'kill'): RunningProcess[] {
    return listProcesses().filter(({ command }) => command.includes(`${this.runDir}/runner.sh\0${verb}`));
  }

  /** All processes of the runner in a directory. */
  runners(runDir: string): RunningProcess[] {
    return listProcesses().filter(({ command }) => command.includes(`${runDir}/runner.sh\0`));
  }

  /** Processes of the sweep's tasks, with the wrapper of each. */
  taskProcesses(task: number): RunningProcess[] {
    return listProcesses().filter(
      ({ env }) => env.get('HSM_SWEEP_ID') === this.context.sweepId && env.get('HSM_TASK') === String(task),
    );
  }

  /** What runs in the project's directory and is not the runner itself: the tasks' programs, whatever became of them. */
  programs(): RunningProcess[] {
    return listProcesses().filter(
      ({ cwd, command }) => cwd === this.projectDir && !command.includes(this.runDir),
    );
  }

  async close(): Promise<void> {
    await endRunner(this.context);
    await this.source.cleanup();
    this.dir.dispose();
  }
}

/** Shell lines of tasks. */
export const HANG = 'exec sleep 600';
export const WAIT = 'until [ -e go ]; do sleep 0.05; done';

/** So many tasks that end at once, numbered from `first`: more than a lane needs to see before it runs tasks itself. */
export function shortTasks(first: number, count = 4): TaskSpec[] {
  return Array.from({ length: count }, (_, index) => shellTask(first + index, 'true'));
}

export function taskName(task: number): string {
  return `task_${String(task).padStart(4, '0')}`;
}

/** A task that a shell line runs. */
export function shellTask(task: number, line: string, more: Partial<TaskSpec> = {}): TaskSpec {
  return {
    task,
    attempt: 1,
    name: taskName(task),
    argv: ['sh', '-c', line],
    env: {},
    paramsYaml: '',
    ...more,
  };
}

function isOn(record: AttemptRecord, kind: string, task: number): boolean {
  return record.kind === kind && record.task === task;
}

/** Kills all processes of a sweep's runner and tasks, by their directories, and waits for their end. */
export async function endRunner(context: SweepContext): Promise<void> {
  await waitUntil('no process of the sweep is left', () => {
    const left = listProcesses().filter(
      ({ command, cwd }) => command.includes(`${context.sweepDir}/`) || cwd === context.projectDir,
    );
    for (const { pid } of left) killIfThere(pid);
    return left.length === 0;
  });
}

export function killAll(processes: readonly RunningProcess[], signalName: NodeJS.Signals = 'SIGKILL'): void {
  for (const { pid } of processes) killIfThere(pid, signalName);
}

export function killIfThere(pid: number, signalName: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signalName);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function listProcesses(): RunningProcess[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []));
}

/** Nothing of a process that ended meanwhile, is a zombie, or is somebody else's. */
function readProcess(pid: number): RunningProcess[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const env = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return command === ''
      ? []
      : [{ pid, command, cwd: readlinkSync(`/proc/${pid}/cwd`), env: new Map(env.map(toPair)) }];
  } catch {
    return [];
  }
}

function toPair(line: string): [string, string] {
  const equals = line.indexOf('=');
  return [line.slice(0, equals), line.slice(equals + 1)];
}
