import { HsmError } from '../base/errors';
import type { ComputeSource, Placement } from '../compute/computeSource';
import type { FileRange } from '../compute/host';
import { isFinal } from '../engine/taskState';
import type { LogPiece, TaskPlace } from '../facade';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig } from './sourceConfig';
import { sourceContext } from './sourceContext';
import type { SweepSession } from './sweepSession';
import { summarizeTask } from './taskPresentation';

interface ReadySource {
  readonly source: ComputeSource;
  readonly placement: Placement;
}

/** The tasks of one sweep where they run: what they print, and where their directories are. */
export class RemoteTasks {
  /** Sources that this process opened only to read, because another one drives them. */
  private readonly opened = new Map<string, Promise<ReadySource>>();

  /** @param isHome - whether a file of a task's directory is here, whole */
  constructor(
    private readonly session: SweepSession,
    private readonly ports: ProjectPorts,
    private readonly isHome: (task: number, file: string) => boolean,
  ) {}

  /**
   * A piece of a log: from the source while the task runs there and until all of it is here; else from the copy here. Of
   * a task that does not run and whose source cannot be asked, what is here of it, with a note: a task that waits for its
   * retry has the log of the attempt before.
   *
   * @throws HsmError `host.unreachable`, `host.refused` when the source has it and cannot be asked
   */
  async readLog(
    task: number,
    log: 'stdout' | 'stderr',
    range: FileRange,
    signal: AbortSignal,
  ): Promise<LogPiece> {
    const { name, state, source, attempt } = summarizeTask(this.session.state, task);
    const file = `${log}.log`;
    const path = this.ports.path.join(this.session.store.dir, 'tasks', name, file);
    const isAway = source !== undefined && attempt > 0 && this.isRemote(source);
    const isOver = isFinal(state);
    if (!isAway || (isOver && this.isHome(task, file))) return this.ports.files.readRange(path, range);
    try {
      const ready = await this.ready(source);
      return await ready.source.readTaskFile(name, file, range, signal);
    } catch (error) {
      if (signal.aborted || state === 'running' || !(error instanceof HsmError)) throw error;
      const copy = await this.ports.files.readRange(path, range);
      // Who has read further already must not be told that the file has become shorter.
      if (copy.end === 0 || range.offset > copy.end) throw error;
      return { ...copy, note: error.message };
    }
  }

  /** Whether the copies of a task's logs here are all that there is. */
  areLogsHere(task: number): boolean {
    const { state, source } = summarizeTask(this.session.state, task);
    if (source === undefined || !this.isRemote(source)) return true;
    return isFinal(state) && ['stdout.log', 'stderr.log'].every((file) => this.isHome(task, file));
  }

  /** Where the directory of a task's current attempt lies; undefined when that is on this machine, or there is none. */
  async placeOf(task: number): Promise<TaskPlace | undefined> {
    const { name, source, attempt } = summarizeTask(this.session.state, task);
    if (source === undefined || attempt === 0 || !this.isRemote(source)) return undefined;
    const config = this.configOf(source);
    const host = 'host' in config ? config.host : undefined;
    if (host === undefined) return undefined;
    return { host, dir: `${(await this.ready(source)).placement.tasksDir}/${name}` };
  }

  /** Lets go of the sources that were opened. */
  async close(): Promise<void> {
    const opened = [...this.opened.values()];
    this.opened.clear();
    for (const each of await Promise.allSettled(opened)) {
      if (each.status === 'fulfilled') await each.value.source.cleanup();
    }
  }

  private configOf(source: string): SourceConfig {
    const found = this.session.sources.find(({ name }) => name === source);
    return found?.config as unknown as SourceConfig;
  }

  private isRemote(source: string): boolean {
    return this.session.sources.some(({ name, type }) => name === source && type !== 'local');
  }

  private async ready(name: string): Promise<ReadySource> {
    const driven = this.session.driving?.readySource(name);
    if (driven) return driven;
    const known = this.opened.get(name);
    if (known) return known;
    const opening = this.open(name);
    this.opened.set(name, opening);
    opening.catch(() => this.opened.delete(name));
    return opening;
  }

  private async open(name: string): Promise<ReadySource> {
    const { session, ports } = this;
    const source = ports.createSource(name, this.configOf(name));
    try {
      const { signal } = new AbortController();
      const context = sourceContext(session, name, ports);
      const placement = await (source.attach?.(context, signal) ?? source.setup(context, signal));
      if (placement) return { source, placement };
      throw new HsmError('source.unavailable', `Nothing of ${session.id} is on ${name} any more.`, {
        source: name,
      });
    } catch (error) {
      await source.cleanup();
      throw error;
    }
  }
}
