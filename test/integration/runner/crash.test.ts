import { strict as assert } from 'node:assert';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { attemptKey, type AttemptRecord } from '../../../src/core/compute/computeSource';
import type { RunnerRig } from '../../support/runnerRig';
import { killIfThere, shellTask, useRigs } from '../../support/runnerRig';
import { shellsHere } from '../../support/shells';

const signal = new AbortController().signal;
const TASKS = 300;
/** Enough to mean something, few enough for the tasks to come to an end. */
const KILLS = { atLeast: 8, atMost: 40 };
/** Set to see a failure again; the number is in its message. */
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 100_000);

describe('the runner, under a rain of kill -9', function () {
  this.timeout(300_000);
  const openRig = useRigs();

  for (const shell of shellsHere()) {
    it(`loses no task and runs no attempt twice (${shell.name}, CRASH_SEED=${SEED})`, async () => {
      const rig = openRig();
      const killed = rig.with({ shell: shell.path(rig.projectDir), slots: 3 });
      await rain(killed, generator(SEED));
      checkAccount(await killed.records(true), killed);
    });
  }
});

/**
 * Hands tasks over and kills processes of the runner and of tasks at random, tears the log's tail at times, and
 * resubmits what is given back or lost, until every task has ended in some attempt.
 */
async function rain(rig: RunnerRig, random: () => number): Promise<void> {
  const line = (task: number, attempt: number): string =>
    `echo begin ${task}.${attempt} >>ledger; sleep ${task % 7 === 0 ? 0.5 : 0.02}; echo end ${task}.${attempt} >>ledger`;
  const attemptOf = new Map<number, number>();
  const hand = async (tasks: readonly number[]): Promise<void> => {
    const specs = tasks.map((task) => {
      const attempt = (attemptOf.get(task) ?? 0) + 1;
      attemptOf.set(task, attempt);
      return shellTask(task, line(task, attempt), { attempt });
    });
    if (specs.length > 0) await rig.submit(...specs);
  };
  await hand(Array.from({ length: TASKS }, (_, index) => index + 1));
  let kills = 0;
  for (let isDone = false; !isDone;) {
    await delay(20 + random() * 150);
    if (kills < KILLS.atMost) kills += killOne(rig, random) ? 1 : 0;
    if (random() < 0.2) appendFileSync(join(rig.runDir, 'events'), '|E 12');
    if (random() < 0.3) await rig.source.control({ slots: 3, paused: false }, signal);
    const records = await rig.records(random() < 0.5);
    await hand(tasksToRepeat(records, attemptOf));
    isDone = finalCount(records) === TASKS;
  }
  assert.ok(kills >= KILLS.atLeast, `only ${kills} processes were killed`);
}

function killOne(rig: RunnerRig, random: () => number): boolean {
  const victims = [
    ...rig.processesOf('main'),
    ...rig.processesOf('lane'),
    ...rig.wrappers(),
    ...rig.programs(),
  ];
  const victim = victims[Math.floor(random() * victims.length)];
  if (victim === undefined) return false;
  killIfThere(victim.pid);
  return true;
}

/** Tasks whose latest attempt was given back or is lost. */
function tasksToRepeat(records: readonly AttemptRecord[], attemptOf: ReadonlyMap<number, number>): number[] {
  return records
    .filter(({ kind }) => kind === 'lost' || kind === 'released')
    .filter(({ task, attempt }) => attemptOf.get(task) === attempt)
    .map(({ task }) => task);
}

function finalCount(records: readonly AttemptRecord[]): number {
  return new Set(records.filter(({ kind }) => kind === 'ended').map(({ task }) => task)).size;
}

/** The oracle: what the tasks themselves wrote down, against what the runner says. */
function checkAccount(records: readonly AttemptRecord[], rig: RunnerRig): void {
  const ledger = readFileSync(join(rig.projectDir, 'ledger'), 'utf8').trimEnd().split('\n');
  const begun = keysIn(ledger, 'begin');
  const finished = new Set(keysIn(ledger, 'end'));
  assert.deepEqual(overlaps(ledger), [], 'attempts that still ran when the next began');
  assert.deepEqual(duplicates(begun), [], 'attempts that ran twice');
  for (const kind of ['started', 'ended', 'lost', 'released'] as const) {
    assert.deepEqual(duplicates(keys(records, kind)), [], `attempts that are ${kind} twice`);
  }
  const started = new Set(keys(records, 'started'));
  assert.deepEqual(
    begun.filter((key) => !started.has(key)),
    [],
    'ran without a start record',
  );
  const released = keys(records, 'released');
  assert.deepEqual(
    released.filter((key) => begun.includes(key)),
    [],
    'given back but ran',
  );
  const successes = records.filter((record) => record.kind === 'ended' && record.exitCode === 0);
  assert.deepEqual(
    successes.map(attemptKey).filter((key) => !finished.has(key)),
    [],
    'succeeded but did not finish',
  );
  const settled = new Set(records.filter(({ kind }) => kind !== 'started').map(attemptKey));
  assert.deepEqual(
    [...started].filter((key) => !settled.has(key)),
    [],
    'started and never settled',
  );
}

function keysIn(ledger: readonly string[], word: 'begin' | 'end'): string[] {
  return ledger.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
}

/** Attempts that ended after a later attempt of their task had begun. */
function overlaps(ledger: readonly string[]): string[] {
  const latest = new Map<string, number>();
  return ledger.filter((line) => {
    const [word, key = ''] = line.split(' ');
    const [task = '', attempt] = key.split('.');
    if (word === 'begin') latest.set(task, Number(attempt));
    return word === 'end' && Number(attempt) < (latest.get(task) ?? 0);
  });
}

function keys(records: readonly AttemptRecord[], kind: AttemptRecord['kind']): string[] {
  return records.filter((record) => record.kind === kind).map(attemptKey);
}

function duplicates(words: readonly string[]): string[] {
  return words.filter((word, index) => words.indexOf(word) !== index);
}

/** Random numbers from 0 to 1 that depend on the seed alone. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
