import { errorText } from '../base/errors';
import { Emitter } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { ArrivalPlaces } from '../collection/arrivalPlaces';
import { SweepCollection } from '../collection/sweepCollection';
import { ResultCollectionError } from '../collection/resultCollectionError';
import type { ResultCollector } from '../collection/resultCollectionManager';
import type { CollectionProgress, CollectionReport, CollectOptions } from '../compute/computeSource';
import type { SweepTransfer } from '../facade';
import { createSources } from './driverEngine';
import { cleanUpAfter } from './projectCleaning';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig } from './sourceConfig';
import { sourceContext } from './sourceContext';
import type { SweepSession } from './sweepSession';

/**
 * What of a sweep's files is here, and what brings the rest: while it is driven from here, when the user asks, and after
 * an interrupted end. Also what may then be removed where it ran.
 */
export class SweepHome implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly arrivals = this.disposables.add(new Emitter<readonly number[]>());
  /** Files of these tasks came from where they ran, whoever brought them. */
  readonly onDidArrive = this.arrivals.event;
  /** Copies of the code that are on their way, by source. */
  private readonly uploads = new Map<string, SweepTransfer>();
  private readonly places = new ArrivalPlaces();
  private present: SweepCollection;

  constructor(
    private readonly session: SweepSession,
    private readonly ports: ProjectPorts,
  ) {
    this.present = this.newCollection();
  }

  /** Of the present drive. */
  get collection(): SweepCollection {
    return this.present;
  }

  /** A new one for a new drive. */
  renew(): SweepCollection {
    this.present.dispose();
    this.present = this.newCollection();
    return this.present;
  }

  /** What is on its way, in either direction. */
  transfers(): SweepTransfer[] {
    return [...this.uploads.values(), ...this.present.transfers()];
  }

  /** @param progress - undefined: nothing of it is on its way any more */
  tellUpload(source: string, progress: CollectionProgress | undefined): void {
    if (progress) this.uploads.set(source, { source, what: 'code', ...progress });
    else this.uploads.delete(source);
    this.session.announce([]);
  }

  /**
   * Brings home what the sources have of tasks that ended and is not here yet. A source that fails keeps no other; what
   * went wrong is in its report.
   *
   * @throws the signal's reason
   */
  async collect(
    signal: AbortSignal,
    options: CollectOptions,
  ): Promise<ReadonlyMap<string, CollectionReport>> {
    const collectors = this.session.sources.map(({ name }) => this.collectorFor(name));
    return this.present.bring(collectors, signal, options);
  }

  /** Hosts that still have files of tasks of this sweep, once it is over. */
  get hostsWithRest(): readonly string[] {
    if (!this.session.state.isOver) return [];
    const incomplete = new Set(this.present.incomplete());
    return this.session.sources
      .filter(({ name }) => incomplete.has(name))
      .flatMap(({ config }) => (config as unknown as { readonly host?: string }).host ?? []);
  }

  /**
   * Brings home what an interrupted end left elsewhere. What could not be brought is in the notes.
   *
   * @returns whether anything came
   * @throws the signal's reason
   */
  async bringRest(signal: AbortSignal, options: CollectOptions): Promise<boolean> {
    const collectors = this.present.incomplete().map((name) => this.collectorFor(name));
    const reports = await this.present.bring(collectors, signal, options);
    this.session.announce(undefined);
    return [...reports.values()].some(({ collected }) => collected.length > 0);
  }

  /** Where the configuration wants what is home to be removed from where it ran. */
  async cleanUp(): Promise<void> {
    for (const { name, config } of this.session.sources) {
      const source = config as unknown as SourceConfig;
      if (this.disposables.isDisposed || source.type === 'local' || source.cleanup !== 'verified') continue;
      try {
        const { signal } = new AbortController();
        const reason = await cleanUpAfter(this.session, name, source, this.ports, signal);
        if (reason !== undefined) this.ports.log.info(`${name}: ${this.session.id} stays there: ${reason}`);
      } catch (error) {
        this.ports.log.warn(`${name}: ${this.session.id} stays there: ${errorText(error)}`);
      }
    }
  }

  /** Brings nothing more. */
  dispose(): void {
    this.present.dispose();
    this.disposables.dispose();
  }

  private newCollection(): SweepCollection {
    const { session, ports } = this;
    const collection = new SweepCollection({
      sweep: session,
      away: () => session.sources.filter(({ type }) => type !== 'local').map(({ name }) => name),
      collectorOf: (source) => session.driving?.readySource(source)?.source,
      places: this.places,
      clock: ports.clock,
      log: ports.log,
    });
    collection.onDidProgress(() => {
      session.announce([]);
    });
    collection.onDidArrive((tasks) => {
      this.arrivals.fire(tasks);
    });
    return collection;
  }

  /** A source of this sweep, found where it was set up and let go again; the one that drives, where there is one. */
  private collectorFor(name: string): ResultCollector {
    const { session, ports } = this;
    return {
      name,
      collectResults: async (tasks, signal, options) => {
        const ready = session.driving?.readySource(name);
        if (ready) return ready.source.collectResults(tasks, signal, options);
        const [source] = createSources(session, ports, name);
        if (!source) throw new Error(`${session.id} has no source ${name}`);
        try {
          const context = sourceContext(session, name, ports);
          const placement = await (source.attach?.(context, signal) ?? source.setup(context, signal));
          if (placement) return await source.collectResults(tasks, signal, options);
          throw new ResultCollectionError(
            name,
            'gone',
            `Nothing of ${session.id} is on ${name} any more: it was removed there, or was never set up.`,
          );
        } finally {
          await source.cleanup();
        }
      },
    };
  }
}
