import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { itWithSeeds } from '../support/faults/seeds';
import { killIfThere, shellTask, useRigs, type RunnerRig } from '../support/runnerRig';
import type { Random } from '../support/simulation/random';
import { mostAtOnce, SharedSweep, slotFiles } from '../support/sharedSweep';
import { shellsHere } from '../support/shells';
import { waitUntil } from '../support/waitUntil';

const signal = new AbortController().signal;
const SLOTS = 2;
const TASKS = 30;
/** Enough to mean something, few enough for the tasks to come to an end. */
const KILLS = { atLeast: 6, atMost: 25 };

describe('slots that three sweeps share, under a rain of kill -9', function () {
  this.timeout(200_000);
  const openRig = useRigs();

  for (const shell of shellsHere()) {
    itWithSeeds(
      `hold no more tasks than there are, and never stay blocked, ${shell.name}`,
      1,
      async (random) => {
        const rig = openRig();
        const options = { slots: SLOTS, shell: shell.path(rig.projectDir) };
        const sweeps = await Promise.all(
          ['a', 'b', 'c'].map(async (name) => new Resubmitted(await SharedSweep.open(rig, name, options))),
        );
        await rain(rig, sweeps, random);
        const ledger = readFileSync(join(rig.projectDir, 'ledger'), 'utf8').trimEnd().split('\n');
        assert.ok(mostAtOnce(ledger) <= SLOTS, `${mostAtOnce(ledger)} tasks ran at one time`);
        for (const name of ['a', 'b', 'c']) assert.deepEqual(missing(ledger, name), [], `tasks of ${name}`);
        await checkNothingIsHeld(rig, options.shell);
      },
    );
  }
});

/** A sweep whose tasks are handed over again as long as they are given back or lost. */
class Resubmitted {
  private readonly attemptOf = new Map<number, number>();

  constructor(readonly sweep: SharedSweep) {}

  async hand(tasks: readonly number[]): Promise<void> {
    const specs = tasks.map((task) => {
      const attempt = (this.attemptOf.get(task) ?? 0) + 1;
      this.attemptOf.set(task, attempt);
      const { name } = this.sweep;
      const seconds = task % 10 === 0 ? 1 : 0.05;
      const line = `echo begin ${name} ${task} >>ledger; sleep ${seconds}; echo end ${name} ${task} >>ledger`;
      return shellTask(task, line, { attempt });
    });
    if (specs.length > 0) await this.sweep.submit(...specs);
  }

  /** Hands over again what did not come to its end. @returns whether every task has ended */
  async lookAfter(): Promise<boolean> {
    const records = await this.sweep.records(true);
    const again = records.filter(
      ({ kind, task, attempt }) =>
        (kind === 'lost' || kind === 'released') && this.attemptOf.get(task) === attempt,
    );
    await this.hand(again.map(({ task }) => task));
    return new Set(records.flatMap(({ kind, task }) => (kind === 'ended' ? task : []))).size === TASKS;
  }
}

/** Kills processes of runners and wrappers, never the tasks' own programs, whose ledger tells what ran when. */
async function rain(rig: RunnerRig, sweeps: readonly Resubmitted[], random: Random): Promise<void> {
  const numbers = Array.from({ length: TASKS }, (_, index) => index + 1);
  for (const sweep of sweeps) await sweep.hand(numbers);
  let kills = 0;
  for (let isDone = false; !isDone;) {
    await delay(random.int(50, 350));
    if (kills < KILLS.atMost) kills += killOne(rig, sweeps, random) ? 1 : 0;
    const done: boolean[] = [];
    for (const resubmitted of sweeps) {
      await resubmitted.sweep.source.control({ slots: SLOTS, paused: false }, signal);
      done.push(await resubmitted.lookAfter());
    }
    isDone = done.every(Boolean);
  }
  assert.ok(kills >= KILLS.atLeast, `only ${kills} processes were killed`);
}

function killOne(rig: RunnerRig, sweeps: readonly Resubmitted[], random: Random): boolean {
  const victims = sweeps.flatMap(({ sweep: { runDir } }) => [
    ...rig.runners(runDir),
    ...rig.wrappersIn(runDir),
  ]);
  if (victims.length === 0) return false;
  killIfThere(random.pick(victims).pid);
  return true;
}

function missing(ledger: readonly string[], name: string): number[] {
  const ended = new Set(ledger.filter((line) => line.startsWith(`end ${name} `)));
  return Array.from({ length: TASKS }, (_, index) => index + 1).filter(
    (task) => !ended.has(`end ${name} ${task}`),
  );
}

/** A sweep that comes afterwards gets every slot at once, and nobody stands in line. */
async function checkNothingIsHeld(rig: RunnerRig, shell: string): Promise<void> {
  const last = await SharedSweep.open(rig, 'last', { slots: SLOTS, shell });
  await last.submit(...last.ledgerTasks(2 * SLOTS, 0.1));
  await last.untilCount('ended', 2 * SLOTS);
  const inLine = (): string[] => slotFiles(rig).filter((name) => name.startsWith('wait.'));
  await waitUntil('nobody stands in line', () => inLine().length === 0);
}
