import { errorText } from '../base/errors';
import type { FailureExplanation, FailureGroup, Frame, TaskFailure } from '../analysis/failure';
import type { FailedTask } from '../analysis/failedTask';
import { groupFailures, type GroupedFailure } from '../analysis/groupFailures';
import { readFailure } from '../analysis/readFailure';
import { secretValues } from '../analysis/redact';
import { unreadFailure } from '../analysis/unreadFailure';
import type { TaskDetails } from '../facade';
import type { FileStamp } from '../results/resultFiles';
import { compareGroups } from './comparedGroups';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig } from './sourceConfig';
import type { SweepSession } from './sweepSession';
import { summarizeTask } from './taskPresentation';

/** Task directories that are read at one time. */
const READS_AT_ONCE = 32;

/** What failures of one cause have in common: one object for all of them, so that 10,000 cost little. */
interface Cause {
  readonly signature: string;
  readonly culprit?: Frame;
  readonly explanation?: FailureExplanation;
}

interface KnownFailure {
  readonly attempt: number;
  readonly title: string;
  readonly cause: Cause;
  readonly place?: string;
  /** Where more of what it wrote may come from elsewhere. */
  readonly unsettled?: Unsettled;
}

interface Unsettled {
  /** Files that were looked at, and what they were when they were. */
  readonly files: readonly string[];
  readonly stamp: string;
  /** Nothing of it was here. */
  readonly isSilent: boolean;
}

/** Whose failures these are. */
export interface FailuresOf {
  readonly session: SweepSession;
  readonly ports: ProjectPorts;
  detailsOf(task: number): Promise<TaskDetails>;
  /** Whether what a task wrote is here as far as it will be. */
  isHome(task: number): boolean;
}

/**
 * The failures of one sweep. What an attempt wrote never changes once it is over and here, so each is read once and only
 * its cause is kept. Of one that is not all here yet the files are looked at again when told, and read when they changed.
 */
export class SessionFailures {
  private readonly known = new Map<number, KnownFailure>();
  private readonly causes = new Map<string, Cause>();
  private readonly knownFiles = new Map<string, boolean>();
  private readonly due = new Set<number>();
  /** Told in the log: each once. */
  private readonly unreadable = new Set<string>();
  private compared: { readonly key: string; readonly groups: readonly FailureGroup[] } | undefined;

  constructor(private readonly of: FailuresOf) {}

  async failure(task: number): Promise<TaskFailure> {
    return this.read(await this.of.detailsOf(task));
  }

  /** The analysis of a task whose details are at hand, with the other logs of the task. */
  async read(details: TaskDetails): Promise<TaskFailure> {
    return this.analyse(details, true);
  }

  /** More of what tasks wrote may have come: it is looked at before the next answer. @param tasks - default: all */
  recheck(tasks: Iterable<number> = this.known.keys()): void {
    for (const task of tasks) this.due.add(task);
  }

  /**
   * Failures by cause, the biggest group first, with what its tasks share. The same object as before when nothing about
   * them changed.
   */
  async groups(): Promise<readonly FailureGroup[]> {
    const { session } = this.of;
    const failed = session.tasks({ states: ['failed', 'lost'] });
    const unread = failed.filter(({ number, attempt }) => this.isDue(number, attempt));
    await inBatches(unread, READS_AT_ONCE, async ({ number, attempt }) => {
      this.due.delete(number);
      if (!(await this.isUnchanged(number, attempt)))
        await this.analyse(await this.of.detailsOf(number), false);
    });
    const groups = groupFailures(failed.flatMap(({ number }) => this.grouped(number)));
    // Comparing reads all tasks, so it is done anew only when the failures or the ended tasks are others.
    const key = JSON.stringify([session.state.tasks.counts(), groups]);
    if (this.compared?.key !== key) this.compared = { key, groups: await compareGroups(session, groups) };
    return this.compared.groups;
  }

  private isDue(task: number, attempt: number): boolean {
    const known = this.known.get(task);
    if (known?.attempt !== attempt) return true;
    return known.unsettled !== undefined && (known.unsettled.isSilent || this.due.has(task));
  }

  private async isUnchanged(task: number, attempt: number): Promise<boolean> {
    const known = this.known.get(task);
    if (known?.attempt !== attempt || !known.unsettled) return false;
    return (await this.stampOf(known.unsettled.files)) === known.unsettled.stamp;
  }

  /** Never rejects for what a task wrote: one log that cannot be analysed must not hide the other failures. */
  private async analyse(details: TaskDetails, withOtherLogs: boolean): Promise<TaskFailure> {
    const { session, ports } = this.of;
    const { number, dir } = details;
    const endedBy = session.state.tasks.endedByOf(number);
    const task: FailedTask = { ...details, ...(endedBy === undefined ? {} : { endedBy }) };
    // Before the files are read: what comes meanwhile must be found by the next look.
    const records = ['failure.txt', 'attempts.jsonl'].map((name) => ports.path.join(dir, name));
    const files = [details.stderr, details.stdout, ...records];
    const isSettled = this.isLocal(details.source) || this.of.isHome(number);
    const stamp = isSettled ? '' : await this.stampOf(files);
    try {
      const failure = await this.readFiles(task, details, withOtherLogs);
      const isSilent = failure.stderrTail.length + failure.stdoutTail.length === 0;
      this.remember(failure, details, isSettled ? undefined : { files, stamp, isSilent });
      return failure;
    } catch (error) {
      this.tell(details.name, error);
      const failure = unreadFailure(task, errorText(error));
      this.remember(failure, details, { files, stamp: 'unread', isSilent: true });
      return failure;
    }
  }

  private async readFiles(
    task: FailedTask,
    { dir, source, parameters }: TaskDetails,
    withOtherLogs: boolean,
  ): Promise<TaskFailure> {
    const { session, ports } = this.of;
    const { files, path, projectDir, projectAliases = [] } = ports;
    // Tracebacks of a host name files by the path of the code there.
    const there = session.state.placements.get(source ?? '')?.projectDir;
    const aliases = there === undefined ? projectAliases : [...projectAliases, there];
    const inherited = this.isLocal(source) ? (ports.environment ?? {}) : {};
    const secrets = secretValues(inherited, this.configOf(source)?.env ?? {}, parameters);
    const question = { task, dir, projectDir, projectAliases: aliases, secrets, withOtherLogs };
    return readFailure({ files, join: path.join }, question, this.knownFiles);
  }

  /** Never rejects: of a file that cannot be looked at, the reason stands for its look. */
  private async stampOf(paths: readonly string[]): Promise<string> {
    const { files } = this.of.ports;
    const stamps = await Promise.all(paths.map((path) => files.stat(path).catch(errorText)));
    return stamps.map(formatStamp).join();
  }

  private tell(task: string, error: unknown): void {
    if (this.unreadable.has(task)) return;
    this.unreadable.add(task);
    const { session, ports } = this.of;
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    ports.log.error(`${session.id}: the output of ${task} could not be analysed: ${what}`);
  }

  private remember(
    failure: TaskFailure,
    { number, attempt, source }: TaskDetails,
    unsettled?: Unsettled,
  ): void {
    const { signature, title, culprit, explanation } = failure;
    const key = `${signature}\n${culprit?.localFile ?? ''}:${culprit?.line ?? ''}\n${explanation?.explanation ?? ''} ${explanation?.isOnlyRelated ?? false}`;
    const cause = this.causes.get(key) ?? {
      signature,
      ...(culprit === undefined ? {} : { culprit }),
      ...(explanation === undefined ? {} : { explanation }),
    };
    this.causes.set(key, cause);
    const place = this.placeOf(source, failure.system?.host);
    this.known.set(number, {
      attempt,
      title,
      cause,
      ...(place === undefined ? {} : { place }),
      ...(unsettled === undefined ? {} : { unsettled }),
    });
  }

  /** Only where it can tell tasks apart: with one source that is one machine, all are there. */
  private placeOf(source: string | undefined, host: string | undefined): string | undefined {
    const { sources } = this.of.session;
    const type = sources.find(({ name }) => name === source)?.type;
    if (type === 'slurm' || type === 'pbs') return host ?? source;
    return sources.length > 1 ? source : undefined;
  }

  private isLocal(source: string | undefined): boolean {
    return this.of.session.sources.find(({ name }) => name === source)?.type === 'local';
  }

  private configOf(source: string | undefined): SourceConfig | undefined {
    const found = this.of.session.sources.find(({ name }) => name === source);
    return found?.config as SourceConfig | undefined;
  }

  private grouped(task: number): GroupedFailure[] {
    const known = this.known.get(task);
    if (!known) return [];
    const atMs = summarizeTask(this.of.session.state, task).endedAtMs;
    const { cause, title, place } = known;
    return [
      {
        task,
        title,
        ...cause,
        ...(place === undefined ? {} : { place }),
        ...(atMs === undefined ? {} : { atMs }),
      },
    ];
  }
}

function formatStamp(stamp: FileStamp | string | undefined): string {
  if (typeof stamp === 'string') return stamp;
  return stamp ? `${stamp.size}@${stamp.modifiedMs}` : '-';
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(act));
}
