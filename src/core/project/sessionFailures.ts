import type { FailureExplanation, FailureGroup, Frame, TaskFailure } from '../analysis/failure';
import { groupFailures, type GroupedFailure } from '../analysis/groupFailures';
import { readFailure } from '../analysis/readFailure';
import { GroupProfile, holds, judgeCandidates, type Candidate } from '../analysis/sharedParameters';
import type { SourceType } from '../compute/computeSource';
import { isFinal } from '../engine/taskState';
import type { TaskDetails } from '../facade';
import { parametersToJson } from '../sweep/value';
import { summarizeTask } from './taskPresentation';
import type { ProjectPorts } from './projectPorts';
import type { SweepSession } from './sweepSession';

/** Task directories that are read at one time. */
const READS_AT_ONCE = 32;
/** Groups whose parameters are compared with those of the other tasks: the biggest. */
const COMPARED_GROUPS = 20;

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
}

/**
 * The failures of one sweep. An attempt's output never changes once it is over, so each is read once and only its cause
 * is kept.
 */
export class SessionFailures {
  private readonly known = new Map<number, KnownFailure>();
  private readonly causes = new Map<string, Cause>();
  private readonly knownFiles = new Map<string, boolean>();
  private shared: { readonly key: string; readonly groups: readonly FailureGroup[] } | undefined;

  constructor(
    private readonly session: SweepSession,
    private readonly ports: ProjectPorts,
    private readonly detailsOf: (task: number) => Promise<TaskDetails>,
  ) {}

  async failure(task: number): Promise<TaskFailure> {
    return this.read(await this.detailsOf(task));
  }

  /** The analysis of a task whose details are at hand. */
  async read(details: TaskDetails): Promise<TaskFailure> {
    const { number, dir } = details;
    const endedBy = this.session.state.tasks.endedByOf(number);
    const task = { ...details, ...(endedBy === undefined ? {} : { endedBy }) };
    const { files, path, projectDir, projectAliases = [] } = this.ports;
    // Tracebacks of a host name files by the path of the code there.
    const there = this.session.state.placements.get(details.source ?? '')?.projectDir;
    const aliases = there === undefined ? projectAliases : [...projectAliases, there];
    const question = { task, dir, projectDir, projectAliases: aliases };
    const failure = await readFailure({ files, join: path.join }, question, this.knownFiles);
    this.remember(failure, details);
    return failure;
  }

  /** Failures by cause, the biggest group first, with what its tasks share. */
  async groups(): Promise<readonly FailureGroup[]> {
    const failed = this.session.tasks({ states: ['failed', 'lost'] });
    const unread = failed.filter(({ number, attempt }) => this.known.get(number)?.attempt !== attempt);
    await inBatches(unread, READS_AT_ONCE, async ({ number }) => {
      await this.failure(number);
    });
    const groups = groupFailures(failed.flatMap(({ number }) => this.grouped(number)));
    // Comparing reads all tasks, so it is done anew only when the ended tasks are others.
    const counts = this.session.state.tasks.counts();
    const key = JSON.stringify([counts, groups.map(({ signature, tasks }) => [signature, tasks.length])]);
    if (this.shared?.key !== key) this.shared = { key, groups: await this.withShared(groups) };
    return this.shared.groups;
  }

  private remember(failure: TaskFailure, { number, attempt, source }: TaskDetails): void {
    const { signature, title, culprit, explanation } = failure;
    const key = `${signature}\n${culprit?.localFile ?? ''}:${culprit?.line ?? ''}\n${explanation?.explanation ?? ''}`;
    const cause = this.causes.get(key) ?? {
      signature,
      ...(culprit === undefined ? {} : { culprit }),
      ...(explanation === undefined ? {} : { explanation }),
    };
    this.causes.set(key, cause);
    const place = this.placeOf(source, failure.system?.host);
    // What a task on another machine wrote may still be on its way, so it is looked at again.
    const isSilent = failure.stderrTail.length + failure.stdoutTail.length === 0;
    const isWhole = !isSilent || this.typeOf(source) === 'local';
    this.known.set(number, {
      attempt: isWhole ? attempt : 0,
      title,
      cause,
      ...(place === undefined ? {} : { place }),
    });
  }

  /** Only where it can tell tasks apart: with one source that is one machine, all are there. */
  private placeOf(source: string | undefined, host: string | undefined): string | undefined {
    const type = this.typeOf(source);
    if (type === 'slurm' || type === 'pbs') return host ?? source;
    return this.session.manifest.sources.length > 1 ? source : undefined;
  }

  private typeOf(source: string | undefined): SourceType | undefined {
    return this.session.manifest.sources.find(({ name }) => name === source)?.type;
  }

  private grouped(task: number): GroupedFailure[] {
    const known = this.known.get(task);
    if (!known) return [];
    const atMs = summarizeTask(this.session.state, task).endedAtMs;
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

  /** Two passes over the tasks' parameters: what a group has in common, then of how many ended tasks that is true. */
  private async withShared(groups: readonly FailureGroup[]): Promise<readonly FailureGroup[]> {
    const compared = groups.slice(0, COMPARED_GROUPS).map(({ tasks }) => new Set(tasks));
    const profiles = compared.map(() => new GroupProfile());
    for await (const { number, parameters } of this.endedTasks()) {
      const at = compared.findIndex((tasks) => tasks.has(number));
      if (at >= 0) profiles[at]?.add(parametersToJson(parameters));
    }
    const candidates = profiles.map((profile) => profile.candidates());
    if (candidates.every((list) => list.length === 0)) return groups;
    const having = new Map<Candidate, number>(candidates.flat().map((candidate) => [candidate, 0]));
    let total = 0;
    for await (const { parameters } of this.endedTasks()) {
      total += 1;
      const json = parametersToJson(parameters);
      for (const [candidate, count] of having) if (holds(candidate, json)) having.set(candidate, count + 1);
    }
    return groups.map((group, index) => {
      const counted = (candidates[index] ?? []).map((candidate) => ({
        candidate,
        having: having.get(candidate) ?? 0,
      }));
      const sharedParameters = judgeCandidates(counted, group.tasks.length, total);
      return sharedParameters.length === 0 ? group : { ...group, sharedParameters };
    });
  }

  /** Tasks that were cancelled did not end by themselves, so they say nothing. */
  private async *endedTasks(): ReturnType<SweepSession['store']['allTasks']> {
    const { tasks } = this.session.state;
    for await (const task of this.session.store.allTasks()) {
      if (task.number > tasks.total) return;
      const state = tasks.stateOf(task.number);
      if (isFinal(state) && state !== 'cancelled') yield task;
    }
  }
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(act));
}
