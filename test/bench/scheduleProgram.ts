import { attemptKey, type AttemptRef } from '../../src/core/compute/computeSource';
import { decide, type Effect, type SourceSituation } from '../../src/core/engine/decide';
import { submittingEvent } from '../../src/core/engine/sourceWorker';
import { SweepSnapshot } from '../../src/core/engine/sweepState';
import { equalHosts, equalWork, longTailedWork, lowerBoundMs, unequalHosts } from './scheduleCases';
import type { ScheduleCase } from './scheduleCases';
import { Agenda, SimulatedQueue } from './scheduleWorld';

/**
 * Simulates one schedule and prints its length and what the decisions cost.
 * Usage: WAY HOSTS WORK COUNT TASKS SEED, with WAY bound, split, pull, handover or steal.
 */
const [way = '', hosts = '', work = ''] = process.argv.slice(2);
const [count, tasks] = [Number(process.argv[5]), Number(process.argv[6])];

/** How often the engine looks at each host. */
const LOOK_MS = 2_000;

type Happening =
  | { readonly kind: 'end'; readonly source: number; readonly attempt: AttemptRef }
  | { readonly kind: 'look'; readonly source: number };

/** The engine's pure parts, driven by a clock that jumps from one event to the next. */
class EngineRun {
  private readonly agenda = new Agenda<Happening>();
  private readonly snapshot: SweepSnapshot;
  private readonly queues: SimulatedQueue[];
  private readonly asked: Set<string>[];
  private withdrawals = 0;

  constructor(
    private readonly world: ScheduleCase,
    private readonly steals: boolean,
  ) {
    this.snapshot = new SweepSnapshot({
      total: world.workMs.length,
      sources: world.hosts.map(({ name }) => name),
      retries: 0,
      lost: 'ask',
    });
    this.asked = world.hosts.map(() => new Set());
    this.queues = world.hosts.map(
      (host, source) =>
        new SimulatedQueue(host, world.workMs, (atMs, attempt) => {
          this.agenda.add(atMs, { kind: 'end', source, attempt });
        }),
    );
  }

  run(): { wallMs: number; withdrawals: number } {
    this.queues.forEach((_, source) => {
      this.agenda.add(source, { kind: 'look', source });
    });
    let lastEndMs = 0;
    for (let next = this.agenda.next(); next; next = this.agenda.next()) {
      const { atMs, what } = next;
      if (what.kind === 'end') {
        lastEndMs = atMs;
        this.queues[what.source]?.end(what.attempt, atMs);
      } else {
        this.look(what.source, atMs);
        if (!this.snapshot.isOver) this.agenda.add(atMs + LOOK_MS, what);
      }
    }
    if (this.snapshot.tasks.count('succeeded') !== this.world.workMs.length)
      throw new Error('tasks are missing');
    return { wallMs: lastEndMs, withdrawals: this.withdrawals };
  }

  /** What a worker does with its source: news into the state, then whatever is decided, until nothing is. */
  private look(source: number, atMs: number): void {
    const [queue, name] = [this.queues[source], this.nameOf(source)];
    const records = queue?.look() ?? [];
    if (records.length > 0)
      this.snapshot.apply({ kind: 'observed', at: atMs, source: name, cursor: String(atMs), records });
    for (const record of records)
      if (record.kind !== 'started') this.asked[source]?.delete(attemptKey(record));
    for (;;) {
      const effects = this.decisions(name);
      for (const effect of effects) this.carryOut(effect, source, atMs);
      if (effects.length === 0) break;
    }
  }

  private decisions(name: string): Effect[] {
    // Without stealing there is nothing left to decide; to find that out anew at every look is not what is measured.
    if (!this.steals && this.snapshot.tasks.count('waiting') === 0) return [];
    const situations = this.world.hosts.map((host, source): SourceSituation => {
      const meanMs = this.snapshot.meanMs(host.name);
      return {
        name: host.name,
        slots: host.slots,
        healthy: true,
        asked: this.asked[source] ?? new Set(),
        control: { slots: host.slots, paused: false },
        runner: 'running',
        ...(meanMs === undefined ? {} : { meanMs }),
      };
    });
    return decide(this.snapshot, situations, name).filter(
      ({ kind }) => kind === 'submit' || (kind === 'withdraw' && this.steals),
    );
  }

  private carryOut(effect: Effect, source: number, atMs: number): void {
    const queue = this.queues[source];
    if (effect.kind === 'submit') {
      const token = String(this.snapshot.batches + 1);
      this.snapshot.apply(submittingEvent(effect.source, token, effect.tasks, atMs));
      this.snapshot.apply({ kind: 'submitted', at: atMs, source: effect.source, token });
      queue?.accept(effect.tasks, atMs);
    } else if (effect.kind === 'withdraw') {
      this.withdrawals += effect.tasks.length;
      queue?.withdraw(effect.tasks, atMs);
      for (const attempt of effect.tasks) this.asked[source]?.add(attemptKey(attempt));
    }
  }

  private nameOf(source: number): string {
    return this.world.hosts[source]?.name ?? '';
  }
}

/** Every slot takes the next task when it is free: what no order can beat by much, at no distance to the queue. */
function pullMs({ hosts, workMs }: ScheduleCase): number {
  const slots = new Agenda<number>();
  for (const host of hosts) for (let slot = 0; slot < host.slots; slot += 1) slots.add(0, host.speed);
  let lastEndMs = 0;
  for (const work of workMs) {
    const slot = slots.next();
    if (!slot) break;
    const endAtMs = slot.atMs + work / slot.what;
    lastEndMs = Math.max(lastEndMs, endAtMs);
    slots.add(endAtMs, slot.what);
  }
  return lastEndMs;
}

/** Each host gets a part of the list by its slots, as one splits a sweep by hand. */
function splitMs({ hosts, workMs }: ScheduleCase): number {
  const total = hosts.reduce((sum, { slots }) => sum + slots, 0);
  let from = 0;
  let held = 0;
  return Math.max(
    ...hosts.map((host) => {
      held += host.slots;
      const to = Math.round((workMs.length * held) / total);
      const part = workMs.subarray(from, to);
      from = to;
      return pullMs({ name: '', hosts: [host], workMs: part });
    }),
  );
}

const world: ScheduleCase = {
  name: way,
  hosts: hosts === 'equal' ? equalHosts(count) : unequalHosts(count),
  workMs: work === 'equal' ? equalWork(tasks) : longTailedWork(tasks, Number(process.argv[7])),
};

function outcome(): object {
  if (way === 'bound') return { wallMs: lowerBoundMs(world) };
  if (way === 'pull') return { wallMs: pullMs(world) };
  if (way === 'split') return { wallMs: splitMs(world) };
  return new EngineRun(world, way === 'steal').run();
}

console.log(JSON.stringify(outcome()));
