import { errorText, HsmError } from '../base/errors';
import { Emitter } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { EngineChange } from '../engine/sweepEngine';
import type { SweepDirectory } from '../engine/sweepStore';
import { ChangeGatherer, type SweepChanges } from './changeGatherer';
import { LateCollection } from './lateCollection';
import type { ProjectPorts } from './projectPorts';
import { SweepDriver } from './sweepDriver';

/** Whether this process drives sweeps that nobody drives as soon as it finds them. */
export type ProjectMode = 'drive' | 'view';

/** How often sweeps that other processes drive are looked at. */
const FOLLOW_MS = 1_000;

/** The sweeps of a project, as this process knows them: found in the output folder, followed, driven. */
export class SweepRegistry {
  private readonly disposables = new DisposableStore();
  private readonly listChanged = this.disposables.add(new Emitter<void>());
  private readonly sweepsChanged = this.disposables.add(new Emitter<SweepChanges>());
  /** A sweep came or went. */
  readonly onDidChangeList = this.listChanged.event;
  readonly onDidChangeSweeps = this.sweepsChanged.event;
  private readonly drivers = new Map<string, SweepDriver>();
  private readonly unreadable = new Set<string>();
  private readonly gatherer: ChangeGatherer;
  private late: LateCollection | undefined;
  private directory: { readonly path: string; readonly sweeps: SweepDirectory } | undefined;
  private followTimer: Disposable | undefined;
  private closed = false;

  constructor(
    private readonly ports: ProjectPorts,
    private mode: ProjectMode,
  ) {
    this.gatherer = this.disposables.add(
      new ChangeGatherer(ports.clock, (changes) => {
        this.sweepsChanged.fire(changes);
      }),
    );
  }

  all(): readonly SweepDriver[] {
    return [...this.drivers.values()];
  }

  find(sweepId: string): SweepDriver | undefined {
    return this.drivers.get(sweepId);
  }

  /** @throws HsmError `input.invalid` when there is no such sweep, or no such task in it */
  get(sweepId: string, tasks: readonly number[] = []): SweepDriver {
    const driver = this.drivers.get(sweepId);
    if (!driver) throw new HsmError('input.invalid', `There is no sweep "${sweepId}" in this project.`, {});
    const stranger = tasks.find((task) => !driver.session.state.tasks.has(task));
    if (stranger === undefined) return driver;
    const { total } = driver.session.state.tasks;
    throw new HsmError(
      'input.invalid',
      `${sweepId} has no task ${stranger}; its tasks are 1 to ${total}.`,
      {},
    );
  }

  /** Where sweeps are looked for; undefined before {@link open}. */
  get path(): string | undefined {
    return this.directory?.path;
  }

  /** The folder of sweeps at a path; sweeps found elsewhere before stay known. */
  open(path: string): SweepDirectory {
    if (this.directory?.path === path) return this.directory.sweeps;
    this.directory?.sweeps.dispose();
    const sweeps = this.ports.sweepDirectory(path);
    this.directory = { path, sweeps };
    sweeps.onDidChange(() => {
      this.background(this.refresh());
    });
    return sweeps;
  }

  /** What becomes of sweeps that are found over when this process drives. */
  private get lateCollection(): LateCollection {
    this.late ??= new LateCollection(this.ports, () => this.all());
    return this.late;
  }

  /** @returns the driver of that sweep: another one when the folder was looked at meanwhile */
  add(driver: SweepDriver): SweepDriver {
    const known = this.drivers.get(driver.session.id);
    if (known) {
      driver.session.dispose();
      return known;
    }
    this.drivers.set(driver.session.id, driver);
    const note = (tasks: EngineChange): void => {
      this.gatherer.add(driver.session.id, tasks);
    };
    driver.session.onDidChange(note);
    // What a failed task wrote tells its cause.
    driver.onDidArrive(note);
    this.listChanged.fire();
    return driver;
  }

  /** Reads again what other processes did: sweeps that came or went, and journals that grew. */
  async refresh(): Promise<void> {
    if (!this.directory) return;
    const { sweeps } = this.directory;
    const ids = await sweeps.list();
    for (const id of ids) {
      if (!this.drivers.has(id)) await this.adopt(sweeps, id);
    }
    await this.forgetAllBut(new Set(ids));
    await Promise.all(this.all().map((driver) => driver.refresh()));
  }

  /** Looks at the sweeps regularly from now on. */
  follow(): void {
    if (this.closed) return;
    this.followTimer = this.ports.clock.after(FOLLOW_MS, () => {
      this.background(
        this.followOnce().finally(() => {
          this.follow();
        }),
      );
    });
  }

  /** From now on sweeps that nobody drives are driven from here. */
  driveFromNowOn(): void {
    this.mode = 'drive';
    for (const driver of this.all()) this.lateCollection.want(driver);
  }

  /** Lets go of all sweeps. Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.closed = true;
    this.followTimer?.dispose();
    this.disposables.dispose();
    await this.late?.close();
    await Promise.all(this.all().map((driver) => driver.close()));
    this.directory?.sweeps.dispose();
  }

  private async adopt(directory: SweepDirectory, id: string): Promise<void> {
    try {
      const opened = await SweepDriver.open(directory.open(id), this.ports);
      if (this.closed) {
        opened.session.dispose();
        return;
      }
      const driver = this.add(opened);
      if (this.mode !== 'drive') return;
      if (!driver.session.isNewer) await driver.drive(false);
      this.lateCollection.want(driver);
    } catch (error) {
      if (this.unreadable.has(id)) return;
      this.unreadable.add(id);
      this.ports.log.warn(`${id} cannot be read and is not shown: ${errorText(error)}`);
    }
  }

  /** Forgets sweeps whose directory the user removed. One that is driven here has just lost its ground: it is told by its errors. */
  private async forgetAllBut(ids: ReadonlySet<string>): Promise<void> {
    const gone = this.all().filter(({ session }) => !ids.has(session.id) && !session.isDriven);
    for (const driver of gone) {
      this.drivers.delete(driver.session.id);
      await driver.close();
    }
    if (gone.length > 0) this.listChanged.fire();
  }

  private async followOnce(): Promise<void> {
    await this.refresh();
    if (this.mode !== 'drive') return;
    // The one who drove may have left or died.
    const idle = this.all().filter(
      ({ session }) => !session.isDriven && !session.isNewer && !session.state.isOver,
    );
    const outcomes = await Promise.allSettled(idle.map((driver) => driver.drive(false)));
    // What keeps one sweep from being driven must not keep the others.
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  private background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.closed) this.ports.log.warn(`Looking for sweeps failed: ${errorText(error)}`);
    });
  }
}
