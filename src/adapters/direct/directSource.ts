import { secretValues } from '../../core/analysis/redact';
import { HsmError } from '../../core/base/errors';
import { silentLogger, type Logger } from '../../core/base/logger';
import { LocalResultCollector } from '../../core/collection/localResultCollector';
import type {
  AttemptRef,
  CollectionReport,
  ComputeSource,
  HealthFinding,
  HealthReport,
  Placement,
  SlotWait,
  SourceControl,
  SourceStatus,
  SourceType,
  SweepContext,
  TaskSpec,
} from '../../core/compute/computeSource';
import type { CommandResult, FilePiece, FileRange, FileToWrite, Host } from '../../core/compute/host';
import { parseRunnerLog } from '../../core/compute/runnerLog';
import { parseNews } from './probeReport';
import { formatSettings, RUNNER_PROGRAM, type Surroundings } from './runnerFiles';
import { changedFiles, lookArgv, parseLook, type RunnerLook } from './runnerLook';
import { lastSegmentName, toSegments } from './segment';
import { checkSetup } from './setupCheck';
import { explainFailedLine, parseFailedLine } from './setupTrouble';

/** Where a sweep lives on the host. Absolute paths there. */
export interface DirectPlacement extends Placement {
  /** The runner's own directory. */
  readonly runDir: string;
  /** Where the lanes of all sweeps of this source take turns at its slots and GPUs. */
  readonly sharedDir?: string;
}

export interface DirectOptions {
  readonly name: string;
  readonly type: SourceType;
  /** Tasks at one time. */
  readonly slots: number;
  readonly host: Host;
  /** GPUs by slot. With any, there are no more slots than entries. */
  readonly gpus?: readonly (readonly number[])[];
  /** What prepares the environment of tasks, for checks before a sweep is set up. Absent: nothing is tried. */
  readonly surroundings?: Surroundings;
  readonly logger?: Logger;
  /** The shell that runs the runner. Default: `sh`, and for lanes without setup lines `dash` where it is. */
  readonly shell?: string;
  /** Seconds between SIGTERM and SIGKILL. Default 10. */
  readonly graceSec?: number;
  /** Seconds between the runner's looks at itself when nothing pokes it. Default 10. */
  readonly tickSec?: number;
}

type RunnerPlace = Pick<DirectPlacement, 'runDir' | 'tasksDir'>;

/** A log of many tasks takes its time on a slow line. */
const NEWS_TIMEOUT_MS = 600_000;

/** A piece of the log. */
interface LogRead {
  readonly text: string;
  /** Offset of its first byte: the one asked for, or 0 when the log is shorter than that. */
  readonly begin: number;
  readonly end: number;
}

/**
 * Runs tasks on a host directly, by the runner: a program for `sh` that is put beside the tasks and goes on with
 * nobody connected. Everything it knows is in files there, so this object keeps nothing that matters. Sources of this
 * machine and of hosts over SSH extend it by how they get there.
 */
export class DirectSource implements ComputeSource {
  readonly name: string;
  readonly type: SourceType;
  readonly maxSlots: number;
  protected readonly host: Host;
  private readonly logger: Logger;
  private prepared: DirectPlacement | undefined;
  /** What lines of setup may print and nobody may see. */
  private secrets: readonly string[] = [];
  /** What {@link lookAhead} found, for the setup that follows, and whether the program was put there since. */
  private ahead: { readonly look: RunnerLook; hasProgram: boolean } | undefined;
  /** No task was handed over when {@link setup} looked, nor was the log asked for since. */
  private isUntouched = false;
  /** Last segments of the batches that are known to be there. */
  private readonly accepted = new Set<string>();
  private runner: SourceStatus['runner'] = 'running';
  /** What the last probe found. */
  private waiting: SlotWait | undefined;
  private trouble: string | undefined;
  /** What the log said since an attempt last started: nothing starts, and this is why. */
  private said: string | undefined;
  /** A line of setup failed since the runner was last told to start. */
  private isBlocked = false;

  constructor(
    private readonly launch: DirectOptions,
    private readonly placeOf: (context: SweepContext) => DirectPlacement,
  ) {
    this.name = launch.name;
    this.type = launch.type;
    this.maxSlots = Math.min(launch.slots, this.slotLimit());
    this.host = launch.host;
    this.logger = launch.logger ?? silentLogger;
  }

  setup(context: SweepContext, signal: AbortSignal): Promise<Placement> {
    return this.setUpWith([], context, signal);
  }

  /** A {@link setup} that writes some files more, to be there before the runner is. */
  protected async setUpWith(
    more: readonly FileToWrite[],
    context: SweepContext,
    signal: AbortSignal,
  ): Promise<Placement> {
    const placement = this.placeOf(context);
    this.secrets = secretValues(context.env);
    const settings = formatSettings(
      {
        ...(this.launch.shell !== undefined && { shell: this.launch.shell }),
        projectDir: placement.projectDir,
        tasksDir: placement.tasksDir,
        ...(placement.sharedDir !== undefined && { sharedDir: placement.sharedDir }),
        gpus: this.launch.gpus ?? [],
        graceSec: this.launch.graceSec ?? 10,
        tickSec: this.launch.tickSec ?? 10,
      },
      context,
    );
    await this.install(placement, settings, more, signal);
    const ready = await this.runVerb(placement, ['prepare', String(this.maxSlots)], signal);
    if (ready.exitCode !== 0) throw this.unavailable(ready.stderr.trim() || 'its shell ended without a word');
    this.prepared = placement;
    return { projectDir: placement.projectDir, tasksDir: placement.tasksDir };
  }

  async submit(token: string, tasks: readonly TaskSpec[], signal: AbortSignal): Promise<void> {
    if (tasks.length === 0) return;
    const { runDir } = this.ready();
    signal.throwIfAborted();
    this.isUntouched = false;
    const last = lastSegmentName(token);
    if (!this.accepted.has(last)) {
      // The last one names the batch accepted, and `writeFiles` lets it appear after the others.
      const segments = toSegments(token, tasks);
      const files = segments.map(({ name, content }) => ({ path: `${runDir}/queue/${name}`, content }));
      await this.host.writeFiles(files, signal);
      this.accepted.add(last);
    }
    this.isBlocked = false;
    await this.expectVerb(['start'], signal);
    this.runner = 'running';
  }

  async control(control: SourceControl, signal: AbortSignal): Promise<void> {
    const slots = Math.max(0, Math.min(control.slots, this.slotLimit()));
    this.isBlocked = false;
    await this.expectVerb(['control', String(slots), control.paused ? '1' : '0'], signal);
    if (!control.paused) this.runner = 'running';
  }

  async status(cursor: string | undefined, probe: boolean, signal: AbortSignal): Promise<SourceStatus> {
    const { runDir } = this.ready();
    const offset = Number(cursor ?? 0);
    const isFirst = this.isUntouched;
    this.isUntouched = false;
    if (isFirst && offset === 0 && probe) return this.nothingYet();
    const read = probe ? await this.readNews(offset, signal) : await this.readLog(offset, signal);
    const isShorter = read.begin < offset;
    const piece = parseRunnerLog(read.text);
    const hasStarted = piece.records.some(({ kind }) => kind === 'started');
    if (hasStarted) this.said = undefined;
    this.said = piece.troubles.at(-1) ?? this.said;
    const failedLine = [piece.troubles.at(-1), probe ? this.trouble : undefined].some(
      (each) => each !== undefined && parseFailedLine(each),
    );
    this.isBlocked = (this.isBlocked && !hasStarted) || failedLine;
    const trouble = [
      ...(isShorter ? [`The log in ${runDir} is shorter than before and was read anew.`] : []),
      ...(piece.corrupt > 0
        ? [`Skipped ${piece.corrupt} unreadable lines in ${runDir}/events (a crash or a full disk).`]
        : []),
      ...new Set([this.said ?? [], this.trouble ?? []].flat().map((each) => this.tell(each))),
    ];
    return {
      cursor: String(read.end - piece.incompleteBytes),
      records: piece.records,
      runner: this.runner,
      ...(this.waiting && { waiting: this.waiting }),
      ...(this.isBlocked && { isBlocked: true }),
      ...(trouble.length > 0 && { trouble: trouble.join(' ') }),
    };
  }

  async cancel(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void> {
    await this.expectVerb(['cancel'], signal, formatAttempts(attempts));
  }

  async withdraw(attempts: readonly AttemptRef[], signal: AbortSignal): Promise<void> {
    await this.expectVerb(['withdraw'], signal, formatAttempts(attempts));
  }

  /** The tasks' directories are where `setup` said; bringing them home is the work of a source with another host. */
  collectResults(...[tasks, signal]: Parameters<ComputeSource['collectResults']>): Promise<CollectionReport> {
    return new LocalResultCollector(this.name, () => this.taskNames(signal)).collectResults(tasks);
  }

  readTaskFile(task: string, file: string, range: FileRange, signal: AbortSignal): Promise<FilePiece> {
    return this.host.readRange(`${this.ready().tasksDir}/${task}/${file}`, range, signal);
  }

  async healthCheck(signal: AbortSignal): Promise<HealthReport> {
    const before = performance.now();
    const answer = await this.host.run([this.shell, '-c', ':'], signal);
    const latencyMs = performance.now() - before;
    if (answer.exitCode === 0) return { state: 'healthy', problems: [], latencyMs };
    const problem = `${this.shell} cannot be run on ${this.host.label}: ${answer.stderr.trim()}`;
    return { state: 'unhealthy', problems: [problem], latencyMs };
  }

  cleanup(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * What is wrong with the environment of tasks there. Of a sweep that is set up, its runner tells.
   *
   * @param projectDir - absent: it is not there yet
   */
  protected async surroundingsFindings(
    projectDir: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly HealthFinding[]> {
    const { surroundings } = this.launch;
    if (this.prepared !== undefined || surroundings === undefined) return [];
    const place = { shell: this.shell, ...(projectDir !== undefined && { projectDir }) };
    const finding = await checkSetup(this.host, surroundings, place, signal);
    return finding ? [finding] : [];
  }

  private async taskNames(signal: AbortSignal): Promise<readonly string[]> {
    const argv = [this.shell, '-c', 'cd "$1" && ls', 'sh', this.ready().tasksDir];
    const { exitCode, stdout } = await this.host.run(argv, signal);
    return exitCode === 0 ? stdout.split('\n') : [];
  }

  private get shell(): string {
    return this.launch.shell ?? 'sh';
  }

  /** Pinned slots end with the GPUs: a task that needs one must not run without. */
  private slotLimit(): number {
    const gpus = this.launch.gpus ?? [];
    return gpus.some((group) => group.length > 0) ? gpus.length : Infinity;
  }

  private ready(): DirectPlacement {
    if (this.prepared === undefined) throw new Error(`source ${this.name} is used before its setup`);
    return this.prepared;
  }

  /**
   * Makes the runner's directories and looks what is in them. A setup does that by itself; this is for one that has
   * something else to wait for meanwhile.
   */
  protected async lookAhead({ runDir, tasksDir }: RunnerPlace, signal: AbortSignal): Promise<void> {
    this.ahead = { look: await this.lookInto(runDir, tasksDir, signal), hasProgram: false };
  }

  /** Puts the runner's program in its place, after {@link lookAhead}. */
  protected async installProgram({ runDir }: RunnerPlace, signal: AbortSignal): Promise<void> {
    const { ahead } = this;
    if (!ahead) return;
    await this.write(RUNNER_PROGRAM, ahead.look, runDir, [], signal);
    ahead.hasProgram = true;
  }

  /** Two round trips at most. */
  private async install(
    { runDir, tasksDir }: DirectPlacement,
    settings: Readonly<Record<string, string>>,
    more: readonly FileToWrite[],
    signal: AbortSignal,
  ): Promise<void> {
    const { look, hasProgram } = this.ahead ?? {
      look: await this.lookInto(runDir, tasksDir, signal),
      hasProgram: false,
    };
    this.ahead = undefined;
    this.isUntouched = look.batches.size === 0;
    for (const batch of look.batches) this.accepted.add(batch);
    const files = hasProgram ? settings : { ...RUNNER_PROGRAM, ...settings };
    await this.write(files, look, runDir, more, signal);
  }

  private async lookInto(runDir: string, tasksDir: string, signal: AbortSignal): Promise<RunnerLook> {
    const answer = await this.host.run(lookArgv(this.shell, runDir, tasksDir), signal);
    if (answer.exitCode !== 0) throw this.unavailable(answer.stderr.trim());
    return parseLook(answer.stdout);
  }

  /** A runner at work keeps its old file open: writing replaces the name, not the content. */
  private async write(
    files: Readonly<Record<string, string>>,
    look: RunnerLook,
    runDir: string,
    more: readonly FileToWrite[],
    signal: AbortSignal,
  ): Promise<void> {
    const changed = [...more, ...changedFiles(files, look, runDir)];
    if (changed.length > 0) await this.host.writeFiles(changed, signal);
  }

  /** Of a host far away each question counts, and the answer to this one is known. */
  private nothingYet(): SourceStatus {
    this.runner = 'idle';
    return { cursor: '0', records: [], runner: 'idle' };
  }

  /** What is in the log, without looking at processes. One round trip. */
  private async readLog(offset: number, signal: AbortSignal): Promise<LogRead> {
    const path = `${this.ready().runDir}/events`;
    const read = await this.host.readFrom(path, offset, signal);
    if (read.end >= offset) return { ...read, begin: offset };
    return { ...(await this.host.readFrom(path, 0, signal)), begin: 0 };
  }

  /** A probe, and then what is in the log. One round trip. */
  private async readNews(offset: number, signal: AbortSignal): Promise<LogRead> {
    const news = parseNews(await this.expectVerb(['news', String(offset)], signal));
    if (news === undefined) throw this.unavailable('what its runner answered cannot be read.');
    this.runner = news.runner;
    this.waiting = news.waiting;
    this.trouble = news.trouble;
    return { text: news.log, begin: news.begin, end: news.end };
  }

  private async expectVerb(words: readonly string[], signal: AbortSignal, stdin = ''): Promise<string> {
    const result = await this.runVerb(this.ready(), words, signal, stdin);
    if (result.exitCode === 0) return result.stdout;
    throw this.unavailable(`its runner did not ${words[0] ?? 'answer'}: ${result.stderr.trim()}`);
  }

  private runVerb(
    { runDir }: DirectPlacement,
    words: readonly string[],
    signal: AbortSignal,
    stdin = '',
  ): Promise<CommandResult> {
    const argv = [this.shell, `${runDir}/runner.sh`, ...words];
    this.logger.debug(`${this.host.label}: ${argv.join(' ')}`);
    return this.host.run(argv, signal, { stdin, ...(words[0] === 'news' && { timeoutMs: NEWS_TIMEOUT_MS }) });
  }

  /** What the runner says, as a sentence for the user. */
  private tell(trouble: string): string {
    const failed = parseFailedLine(trouble);
    if (!failed) return trouble;
    const { text, fix = '' } = explainFailedLine(failed, this.host.label, this.secrets);
    return `No task is started. ${text} ${fix}`.trim();
  }

  private unavailable(reason: string): HsmError<'source.unavailable'> {
    const message = `The source "${this.name}" cannot run tasks on ${this.host.label}: ${reason}`;
    return new HsmError('source.unavailable', message, { source: this.name });
  }
}

function formatAttempts(attempts: readonly AttemptRef[]): string {
  return attempts.map(({ task, attempt }) => `${task} ${attempt}\n`).join('');
}
