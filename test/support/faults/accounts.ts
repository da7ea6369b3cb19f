import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEvent } from '../../../src/core/engine/journalEvent';
import { SweepSnapshot } from '../../../src/core/engine/sweepState';
import type { SweepManifest } from '../../../src/core/engine/sweepStore';
import { parseSweep } from '../../../src/core/sweep/parseSweep';
import type { SweepStatus, TaskStatus } from '../hsm/sweepStatus';
import type { FaultProject } from './faultProject';
import type { LedgerAttempt } from './ledger';

const FINAL = ['succeeded', 'failed', 'cancelled', 'lost'];

/** Why a new attempt may follow a success. */
export interface Circumstances {
  /** Tasks that the user ran again. */
  readonly askedAgain?: ReadonlySet<number>;
  /** The runner's own log was damaged, so that a success may be known to nobody. */
  readonly evidenceDestroyed?: boolean;
}

/**
 * The promises, held against the tasks' own ledger once a sweep is over: nothing is lost, nothing ran twice, every
 * state is true, and the journal tells the same as the command line.
 *
 * @returns the status that was checked
 */
export async function checkAccounts(
  project: FaultProject,
  circumstances: Circumstances = {},
): Promise<SweepStatus> {
  const status = await project.status();
  const { attempts, violations } = project.ledger();
  assert.deepEqual(violations, [], 'the ledger shows attempts that ran twice or overlapped');
  for (const task of status.tasks) {
    const mine = attempts.filter((attempt) => attempt.task === task.number);
    const told = `task ${JSON.stringify(task)}, its ledger: ${JSON.stringify(mine)}`;
    assert.ok(FINAL.includes(task.state), `not at its end: ${told}`);
    checkState(task, mine.at(-1), told);
    checkOrder(mine, told);
    if (!mayFollowSuccess(task.number, circumstances)) checkNoneAfterSuccess(project, mine, told);
  }
  checkReplay(status);
  return status;
}

function mayFollowSuccess(task: number, { askedAgain, evidenceDestroyed }: Circumstances): boolean {
  return evidenceDestroyed === true || askedAgain?.has(task) === true;
}

function checkState(task: TaskStatus, last: LedgerAttempt | undefined, told: string): void {
  assert.ok((last?.attempt ?? 0) <= task.attempt, `an attempt that nobody knows of ran: ${told}`);
  if (task.state === 'succeeded') {
    assert.deepEqual([last?.attempt, last?.exitCode], [task.attempt, 0], told);
  }
  if (task.state === 'failed') {
    assert.equal(last?.attempt, task.attempt, told);
    // By a signal the end comes before or after the task's own last line.
    if ((task.exitCode ?? 255) <= 128) assert.equal(last.exitCode, task.exitCode, told);
  }
  if (task.state === 'lost') assert.equal(last?.attempt, task.attempt, `lost, but never started: ${told}`);
}

function checkOrder(attempts: readonly LedgerAttempt[], told: string): void {
  const numbers = attempts.map(({ attempt }) => attempt);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
    `attempts out of order: ${told}`,
  );
}

/** Another attempt after a success is right only where the success could not be known. */
function checkNoneAfterSuccess(
  project: FaultProject,
  attempts: readonly LedgerAttempt[],
  told: string,
): void {
  const lost = new Set(
    project.records().flatMap((record) => (record.kind === 'lost' ? `${record.task}.${record.attempt}` : [])),
  );
  for (const { task, attempt, exitCode } of attempts.slice(0, -1)) {
    assert.ok(exitCode !== 0 || lost.has(`${task}.${attempt}`), `ran again after its success: ${told}`);
  }
}

/** Replaying the journal gives what the command line told. */
function checkReplay(status: SweepStatus): void {
  const snapshot = replay(status.sweepDir);
  for (const { number, state, attempt } of status.tasks) {
    const { tasks } = snapshot;
    assert.deepEqual(
      [tasks.stateOf(number), tasks.attemptOf(number)],
      [state, attempt],
      `replay of task ${number}`,
    );
  }
}

/** The state of a sweep as its journal tells it. */
export function replay(sweepDir: string): SweepSnapshot {
  const manifest = JSON.parse(readFileSync(join(sweepDir, 'sweep.json'), 'utf8')) as SweepManifest;
  const { value } = parseSweep(readFileSync(join(sweepDir, 'sweep.yaml'), 'utf8'));
  assert.ok(value, 'the sweep file of the sweep cannot be read');
  const snapshot = new SweepSnapshot({
    ...value.run,
    total: manifest.total,
    sources: manifest.sources.map(({ name }) => name),
  });
  for (const line of readFileSync(join(sweepDir, 'journal.jsonl'), 'utf8').split('\n')) {
    const event = line === '' ? undefined : parseEvent(line);
    if (event) snapshot.apply(event);
  }
  return snapshot;
}
