import { silentLogger } from '../../../src/core/base/logger';
import type { AttemptRef, TaskSpec } from '../../../src/core/compute/computeSource';
import { parseEvent, type SweepRequest } from '../../../src/core/engine/journalEvent';
import { SweepEngine } from '../../../src/core/engine/sweepEngine';
import { SweepSnapshot, type SweepPolicy } from '../../../src/core/engine/sweepState';
import type { SweepManifest } from '../../../src/core/engine/sweepStore';
import { ManualClock } from '../manualClock';
import { MemorySweepStore, type SweepFilesInMemory } from '../memorySweepStore';
import { FarSide, type Execution, type TaskNature } from './farSide';
import { Random } from './random';
import { SimulatedSource, type Faults } from './simulatedSource';

/** What came of a simulated sweep. */
export interface Outcome {
  readonly policy: SweepPolicy;
  readonly snapshot: SweepSnapshot;
  readonly files: SweepFilesInMemory;
  /** Every real execution, in the order of their starts. */
  readonly ledger: readonly Execution[];
  readonly requests: readonly SweepRequest[];
  readonly crashes: number;
}

/** The engine of one process, and whether that process lives. */
interface Process {
  engine: SweepEngine;
  alive: boolean;
}

/** Simulated time during which things go wrong; after it the sweep must come to its end undisturbed. */
const TROUBLE_MS = 60_000;

/** A source that no sweep has at its start. */
const LATE_SOURCE = 'late';

/**
 * Runs one sweep in simulated time, on sources that fail, with engines that are killed and users who change their
 * minds, all from one seed.
 *
 * @param changes - users also bind what they rerun to some of the sources, or to one that the sweep did not have
 */
export async function simulate(seed: number, changes = false): Promise<Outcome> {
  // Dice of their own, so that without changes a seed means what it always meant.
  const world = new World(new Random(seed), changes ? new Random(seed + 1e6) : undefined);
  await world.live();
  return world.outcome();
}

class World {
  private readonly clock = new ManualClock();
  private readonly ledger: Execution[] = [];
  private readonly requests: SweepRequest[] = [];
  private readonly faults: Faults;
  private readonly policy: SweepPolicy;
  private readonly files: SweepFilesInMemory;
  private readonly farSides: FarSide[];
  private readonly slots: number;
  private process: Process | undefined;
  private store: MemorySweepStore | undefined;
  private crashes = 0;

  constructor(
    private readonly random: Random,
    private readonly changes: Random | undefined,
  ) {
    const total = random.int(1, 40);
    const sources = ['a', 'b', 'c'].slice(0, random.int(1, 3));
    this.slots = random.int(1, 4);
    this.faults = { refused: random.next() * 0.3, replyLost: random.next() * 0.3 };
    this.policy = {
      total,
      sources,
      retries: random.int(0, 2),
      lost: random.pick(['rerun', 'rerun', 'ask', 'fail']),
      ...(random.chance(0.2) ? { stopAfterFailures: { tasks: random.int(1, 5) } } : {}),
    };
    const manifest = { id: 'simulated', total } as SweepManifest;
    this.files = { manifest, sweepText: '', tasks: [], journal: [], requests: [] };
    const nature = makeNature(random);
    this.farSides = [...sources, LATE_SOURCE].map(
      (name) => new FarSide(name, this.clock, nature, this.ledger),
    );
  }

  async live(): Promise<void> {
    this.boot();
    const end = this.clock.now() + TROUBLE_MS;
    while (this.clock.now() < end) {
      await this.clock.advance(this.random.int(1, 4_000));
      this.happen();
    }
    this.faults.refused = 0;
    this.faults.replyLost = 0;
    this.ask({ verb: 'resume' });
    this.ask({ verb: 'slots', source: 'a', slots: this.slots });
    for (const source of this.policy.sources) this.ask({ verb: 'slots', source, slots: this.slots });
    this.ask({ verb: 'slots', source: LATE_SOURCE, slots: this.slots });
    if (!this.process?.alive) this.boot();
    await this.clock.until(() => this.isAtRest(), 'the sweep came to its end', 50_000);
    let stopped = false;
    void this.process?.engine.stop().then(() => (stopped = true));
    await this.clock.until(() => stopped, 'the engine let go');
  }

  outcome(): Outcome {
    const { policy, files, ledger, requests, crashes } = this;
    const snapshot = this.process?.engine.snapshot ?? new SweepSnapshot(policy);
    return { policy, snapshot, files, ledger, requests, crashes };
  }

  private isAtRest(): boolean {
    // Requests are lost with nobody: they lie in the folder until a driver takes them.
    return this.process?.engine.snapshot.isOver === true && this.files.requests.length === 0;
  }

  /** Something that a week of real use brings. */
  private happen(): void {
    const { random } = this;
    if (random.chance(0.15)) this.crash();
    if (!this.process?.alive && random.chance(0.7)) this.boot();
    if (random.chance(0.1)) random.pick(this.launched).strike(random);
    if (this.changes?.chance(0.1)) this.lateSide.strike(this.changes);
    if (random.chance(0.05) && this.store) this.store.failingAppends = random.int(1, 3);
    if (random.chance(0.2)) this.ask(this.changed(this.wish()));
  }

  private wish(): SweepRequest {
    const { random } = this;
    const tasks = Array.from({ length: random.int(1, 5) }, () => random.int(1, this.policy.total));
    return random.pick<SweepRequest>([
      { verb: 'pause' },
      { verb: 'resume' },
      { verb: 'resume' },
      { verb: 'slots', source: random.pick(this.policy.sources), slots: random.int(0, 6) },
      { verb: 'cancel', tasks },
      { verb: 'rerun', tasks },
      { verb: 'rerun', tasks },
      ...(random.chance(0.2) ? [{ verb: 'stop' } as const, { verb: 'cancel' } as const] : []),
    ]);
  }

  /** The same wish, perhaps with other sources for what is to run again. */
  private changed(request: SweepRequest): SweepRequest {
    const { changes } = this;
    if (!changes || request.verb !== 'rerun' || changes.chance(0.3)) return request;
    const chosen = [...this.policy.sources, LATE_SOURCE].filter(() => changes.chance(0.4));
    const sources = chosen.length > 0 ? chosen : [changes.pick(this.policy.sources)];
    const timeLimitSec = changes.pick([60, null, 3600]);
    const change = {
      sources,
      timeLimitSec,
      ...(changes.chance(0.2) ? { slots: changes.int(1, 3) } : {}),
    };
    const joins = sources.includes(LATE_SOURCE);
    const late = { name: LATE_SOURCE, type: 'local', config: {} } as const;
    return { ...request, change, ...(joins ? { joining: [late] } : {}) };
  }

  private get launched(): readonly FarSide[] {
    return this.farSides.filter(({ name }) => name !== LATE_SOURCE);
  }

  private get lateSide(): FarSide {
    return this.sideOf(LATE_SOURCE);
  }

  private sideOf(name: string): FarSide {
    const side = this.farSides.find((each) => each.name === name);
    if (!side) throw new Error(`no source ${name}`);
    return side;
  }

  private ask(request: SweepRequest): void {
    this.requests.push(request);
    this.files.requests.push({ request, done: () => undefined });
  }

  /** The death of the driving process: whatever it was in the middle of is cut off there. */
  private crash(): void {
    if (!this.process?.alive) return;
    this.process.alive = false;
    this.crashes++;
    delete this.files.driver;
    if (this.random.chance(0.2)) this.damageJournal();
  }

  /** A broken disk, a sync tool: a block of zeros, or an end that is there twice. What the user asked for is spared. */
  private damageJournal(): void {
    const { journal } = this.files;
    const from = this.random.int(0, journal.length);
    const block = journal.slice(from, from + this.random.int(1, 4));
    if (this.random.chance(0.5)) journal.push(...journal.slice(from));
    else if (!block.some((line) => line.includes('"asked"'))) {
      journal.splice(from, block.length, ...block.map(() => '\0'));
    }
  }

  /** Another process takes the sweep over, knowing nothing but its files. */
  private boot(): void {
    const { clock, random, faults, policy } = this;
    const started: { alive: boolean } = { alive: true };
    const alive = (): boolean => started.alive;
    const store = new MemorySweepStore(this.files);
    this.store = store;
    const mortal = mortalStore(store, alive);
    const snapshot = new SweepSnapshot(policy);
    for (const line of this.files.journal) {
      const event = parseEvent(line);
      if (event) snapshot.apply(event);
      else snapshot.damage++;
    }
    const sourceOf = (name: string): SimulatedSource =>
      new SimulatedSource(this.sideOf(name), this.slots, clock, random, faults, alive);
    const engine = new SweepEngine({
      store: mortal,
      lock: { dispose: () => undefined },
      snapshot,
      sweepId: 'simulated',
      contextOf: () => ({ sweepId: 'simulated', projectDir: '/p', sweepDir: '/s', env: {}, setup: [] }),
      sources: snapshot.sources.map(sourceOf),
      joinSource: sourceOf,
      causeOf: (task) => Promise.resolve(`cause ${task % 3}`),
      specs: (tasks) => Promise.resolve(tasks.map(toSpec)),
      clock,
      log: silentLogger,
      process: { pid: 1, host: 'simulated' },
    });
    this.process = Object.assign(started, { engine });
    void engine.runSweep();
  }
}

/** A store whose process may die: then no call takes effect any more, and none returns. */
function mortalStore(store: MemorySweepStore, alive: () => boolean): MemorySweepStore {
  return new Proxy(store, {
    get(target, property, receiver) {
      const value: unknown = Reflect.get(target, property, receiver);
      if (typeof value !== 'function' || (property !== 'append' && property !== 'takeRequests')) return value;
      return (...args: unknown[]): unknown =>
        alive()
          ? (value as (...args: unknown[]) => unknown).apply(target, args)
          : new Promise<never>(() => undefined);
    },
  });
}

function toSpec({ task, attempt }: AttemptRef): TaskSpec {
  return { task, attempt, name: `task_${task}`, argv: ['true'], env: {}, paramsYaml: '' };
}

function makeNature(random: Random): TaskNature {
  const salt = random.int(1, 1e9);
  const failing = random.pick([0, 0.1, 0.5]);
  const longest = random.pick([50, 2_000, 20_000]);
  const draw = (task: number, attempt: number, what: number): number =>
    new Random(salt + task * 7919 + attempt * 104_729 + what).next();
  return {
    durationMs: (task, attempt) => 1 + Math.floor(draw(task, attempt, 1) * longest),
    fails: (task, attempt) => draw(task, attempt, 2) < failing,
  };
}
