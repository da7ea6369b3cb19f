import { strict as assert } from 'node:assert';
import type {
  AttemptRecord,
  ComputeSource,
  SourceStatus,
  SweepContext,
  TaskSpec,
} from '../../src/core/compute/computeSource';
import { waitUntil } from '../support/waitUntil';

/** A source to be examined, with what the suite needs around it. */
export interface SourceFixture {
  readonly source: ComputeSource;
  readonly context: SweepContext;
  /** Another object for the same source and sweep, as after a restart. */
  readonly reopen: () => ComputeSource;
  /** Another sweep on the same source; of one whose sweeps share its slots. */
  readonly openOther?: () => Pick<SourceFixture, 'source' | 'context'>;
  /** A command that ends at once with this exit code. */
  readonly exits: (code: number) => readonly string[];
  /** A command that runs until it is ended. */
  readonly hangs: () => readonly string[];
  /** Ends what still runs and cleans up. */
  readonly close: () => Promise<void>;
}

const signal = new AbortController().signal;

/**
 * What every compute source must do. `open` makes a fresh one with two slots, not yet set up.
 *
 * @param slots - whether the sweeps of a source share them, or each has its own
 */
export function describeComputeSource(
  name: string,
  slots: 'shared' | 'own',
  open: () => Promise<SourceFixture>,
): void {
  describe(`${name} as a compute source`, function () {
    this.timeout(60_000);
    let fixture: SourceFixture;
    let source: ComputeSource;

    beforeEach(async () => {
      fixture = await open();
      source = fixture.source;
      await source.setup(fixture.context, signal);
    });

    afterEach(() => fixture.close());

    const exits = (task: number, code = 0, attempt = 1): TaskSpec => spec(task, attempt, fixture.exits(code));
    const hangs = (task: number): TaskSpec => spec(task, 1, fixture.hangs());

    it('tells the start and the end of every task, with its exit code', async () => {
      await source.submit('b1', [exits(1), exits(2, 3), exits(3)], signal);
      const records = await untilRecorded(source, (all) => ends(all).length === 3);
      assert.deepEqual(ends(records).sort(), ['1.1=0', '2.1=3', '3.1=0']);
      for (const task of [1, 2, 3]) {
        const kinds = records.filter((record) => record.task === task).map(({ kind }) => kind);
        assert.deepEqual(kinds, ['started', 'ended']);
      }
    });

    it('does not accept a batch twice', async () => {
      await source.submit('b1', [exits(1)], signal);
      await source.submit('b1', [exits(1)], signal);
      await source.submit('b1', [exits(1), exits(2)], signal);
      await source.submit('b2', [exits(3)], signal);
      const records = await untilRecorded(source, (all) => ends(all).includes('3.1=0'));
      assert.deepEqual(starts(records).sort(), ['1.1', '3.1']);
    });

    it('accepts an attempt once, even in two batches', async () => {
      await source.submit('b1', [exits(1)], signal);
      await source.submit('b2', [exits(1), exits(2)], signal);
      // Slots do not end in the order of their starts: wait for both.
      const records = await untilRecorded(source, (all) => ends(all).length >= 2);
      assert.deepEqual(starts(records).sort(), ['1.1', '2.1']);
    });

    it('runs a new attempt of a task that ended', async () => {
      await source.submit('b1', [exits(1, 1)], signal);
      await untilRecorded(source, (all) => ends(all).length === 1);
      await source.submit('b2', [exits(1, 0, 2)], signal);
      const records = await untilRecorded(source, (all) => ends(all).length === 2);
      assert.deepEqual(ends(records), ['1.1=1', '1.2=0']);
    });

    it('reads on from a cursor without a gap or a repetition', async () => {
      await source.submit('b1', [exits(1), exits(2)], signal);
      await untilRecorded(source, (all) => ends(all).length === 2);
      const first = await source.status(undefined, false, signal);
      await source.submit('b2', [exits(3)], signal);
      const whole = await untilRecorded(source, (all) => ends(all).length === 3);
      const second = await source.status(first.cursor, false, signal);
      assert.deepEqual([...first.records, ...second.records], whole);
      assert.deepEqual((await source.status(second.cursor, false, signal)).records, []);
    });

    it('tells a restarted engine the same, and goes on for it', async () => {
      await source.submit('b1', [exits(1), hangs(2)], signal);
      const before = await untilRecorded(source, (all) => all.length === 3);
      const status = await source.status(undefined, false, signal);
      await source.cleanup();
      const again = fixture.reopen();
      await again.setup(fixture.context, signal);
      assert.deepEqual((await again.status(undefined, true, signal)).records, before);
      await again.cancel([{ task: 2, attempt: 1 }], signal);
      await untilRecorded(again, (all) => ends(all).includes('2.1 cancel'));
      assert.equal((await again.status(status.cursor, false, signal)).records.length, 1);
      await again.cleanup();
    });

    it('runs as many tasks at one time as it has slots, each in a slot of its own', async () => {
      await source.submit('b1', [hangs(1), hangs(2), hangs(3)], signal);
      const records = await untilRecorded(source, (all) => starts(all).length === 2);
      const slots = records.flatMap((record) => (record.kind === 'started' ? record.slot : []));
      assert.deepEqual(slots.sort(), [1, 2]);
      assert.deepEqual(starts((await source.status(undefined, true, signal)).records).length, 2);
    });

    it('starts more tasks when it is given more slots', async () => {
      await source.control({ slots: 1, paused: false }, signal);
      await source.submit('b1', [hangs(1), hangs(2)], signal);
      await untilRecorded(source, (all) => starts(all).length === 1);
      await source.control({ slots: 2, paused: false }, signal);
      await untilRecorded(source, (all) => starts(all).length === 2);
    });

    it('lets what runs go on with fewer slots, and then runs no more than those', async () => {
      await source.submit('b1', [hangs(1), hangs(2), hangs(3), hangs(4)], signal);
      await untilRecorded(source, (all) => starts(all).length === 2);
      await source.control({ slots: 1, paused: false }, signal);
      assert.deepEqual(ends((await source.status(undefined, true, signal)).records), []);
      const first = [1, 2].map((task) => ({ task, attempt: 1 }));
      await source.cancel(first, signal);
      await untilRecorded(source, (all) => starts(all).length === 3 && ends(all).length === 2);
      assert.equal(starts((await source.status(undefined, true, signal)).records).length, 3);
      await source.cancel([{ task: 3, attempt: 1 }], signal);
      await untilRecorded(source, (all) => starts(all).includes('4.1'));
    });

    it('starts nothing while it is paused, and goes on when it is resumed', async () => {
      await source.control({ slots: 2, paused: true }, signal);
      await source.submit('b1', [exits(1)], signal);
      await untilRunner(source, 'stopped');
      assert.deepEqual((await source.status(undefined, false, signal)).records, []);
      await source.control({ slots: 2, paused: false }, signal);
      await untilRecorded(source, (all) => ends(all).includes('1.1=0'));
    });

    it('says whether anything is at work', async () => {
      await source.submit('b1', [exits(1), hangs(2)], signal);
      await untilRecorded(source, (all) => starts(all).length === 2);
      assert.equal((await source.status(undefined, true, signal)).runner, 'running');
      await source.cancel([{ task: 2, attempt: 1 }], signal);
      await untilRunner(source, 'idle');
    });

    it('ends running attempts and takes back the others when they are cancelled', async () => {
      await source.control({ slots: 1, paused: false }, signal);
      await source.submit('b1', [hangs(1), hangs(2), exits(3)], signal);
      await untilRecorded(source, (all) => starts(all).length === 1);
      const both = [1, 2].map((task) => ({ task, attempt: 1 }));
      await source.cancel(both, signal);
      await source.cancel(both, signal);
      const records = await untilRecorded(source, (all) => ends(all).length === 2);
      assert.deepEqual(ends(records), ['1.1 cancel', '3.1=0']);
      assert.deepEqual(released(records), ['2.1']);
    });

    it('takes back only what has not started when it is withdrawn', async () => {
      await source.control({ slots: 1, paused: false }, signal);
      await source.submit('b1', [hangs(1), exits(2), exits(3)], signal);
      await untilRecorded(source, (all) => starts(all).length === 1);
      const attempts = [1, 2].map((task) => ({ task, attempt: 1 }));
      await source.withdraw(attempts, signal);
      await source.withdraw(attempts, signal);
      const status = await source.status(undefined, true, signal);
      assert.deepEqual(released(status.records), ['2.1']);
      assert.deepEqual(ends(status.records), []);
      await source.cancel([{ task: 1, attempt: 1 }], signal);
      const records = await untilRecorded(source, (all) => ends(all).includes('3.1=0'));
      assert.deepEqual(starts(records), ['1.1', '3.1']);
    });

    it('never starts an attempt that was taken back before it was handed over', async () => {
      await source.withdraw([{ task: 1, attempt: 1 }], signal);
      await source.cancel([{ task: 2, attempt: 1 }], signal);
      await source.submit('b1', [exits(1), exits(2), exits(3)], signal);
      const records = await untilRecorded(source, (all) => ends(all).includes('3.1=0'));
      assert.deepEqual(released(records).sort(), ['1.1', '2.1']);
      assert.deepEqual(starts(records), ['3.1']);
    });

    it('leaves attempts alone that have ended', async () => {
      await source.submit('b1', [exits(1)], signal);
      const before = await untilRecorded(source, (all) => ends(all).length === 1);
      await source.cancel([{ task: 1, attempt: 1 }], signal);
      await source.withdraw([{ task: 1, attempt: 1 }], signal);
      assert.deepEqual((await source.status(undefined, true, signal)).records, before);
    });

    it('collects what tasks left, and tells of those that left nothing', async () => {
      await source.submit('b1', [exits(1), exits(2, 1)], signal);
      await untilRecorded(source, (all) => ends(all).length === 2);
      const names = new Map([1, 2, 3].map((task) => [task, nameOf(task)]));
      const { collected, failed, errors } = await source.collectResults(names, signal);
      assert.deepEqual([collected, failed], [[1, 2], [3]]);
      assert.match(errors.join(), /task_0003/);
    });

    if (slots === 'shared') {
      it('shares its slots with other sweeps, and says for how many it waits', async () => {
        const other = fixture.openOther?.() ?? assert.fail('the suite needs another sweep');
        await source.submit('b1', [hangs(1), hangs(2)], signal);
        await untilRecorded(source, (all) => starts(all).length === 2);
        await other.source.setup(other.context, signal);
        await other.source.submit('b1', [hangs(1), hangs(2)], signal);
        await waitUntil('both slots wait', async () => {
          const { waiting, records } = await other.source.status(undefined, true, signal);
          assert.deepEqual(records, []);
          return waiting?.slots === 2 && waiting.sweeps.join() === fixture.context.sweepId;
        });
        await source.cancel([{ task: 1, attempt: 1 }], signal);
        await untilRecorded(other.source, (all) => starts(all).length === 1);
        assert.equal((await other.source.status(undefined, true, signal)).waiting?.slots, 1);
        await other.source.cleanup();
      });
    }

    it('tells its health', async () => {
      const health = await source.healthCheck(signal);
      assert.notEqual(health.state, 'unhealthy');
      assert.ok((health.latencyMs ?? -1) >= 0);
    });

    it('does nothing for a caller who has given up', async () => {
      const over = AbortSignal.abort();
      await assert.rejects(source.submit('b1', [exits(1)], over));
      await source.submit('b2', [exits(2)], signal);
      const records = await untilRecorded(source, (all) => ends(all).length > 0);
      assert.deepEqual(starts(records), ['2.1']);
    });
  });
}

function nameOf(task: number): string {
  return `task_${String(task).padStart(4, '0')}`;
}

function spec(task: number, attempt: number, argv: readonly string[]): TaskSpec {
  return { task, attempt, name: nameOf(task), argv, env: {}, paramsYaml: `number: ${task}\n` };
}

function starts(records: readonly AttemptRecord[]): string[] {
  return records.flatMap((record) => (record.kind === 'started' ? `${record.task}.${record.attempt}` : []));
}

function released(records: readonly AttemptRecord[]): string[] {
  return records.flatMap((record) => (record.kind === 'released' ? `${record.task}.${record.attempt}` : []));
}

/** `1.1=0` for an end with an exit code, `1.1 cancel` for one that the source made. */
function ends(records: readonly AttemptRecord[]): string[] {
  return records.flatMap((record) => {
    if (record.kind !== 'ended') return [];
    const how = record.endedBy === undefined ? `=${record.exitCode}` : ` ${record.endedBy}`;
    return `${record.task}.${record.attempt}${how}`;
  });
}

/** All records from the beginning, once they satisfy a condition. */
export function untilRecorded(
  source: ComputeSource,
  condition: (records: readonly AttemptRecord[]) => boolean,
  timeoutMs?: number,
): Promise<readonly AttemptRecord[]> {
  return waitUntil(
    `the records satisfy ${condition.toString()}`,
    async () => {
      const { records } = await source.status(undefined, false, signal);
      return condition(records) && records;
    },
    timeoutMs,
  );
}

function untilRunner(source: ComputeSource, runner: SourceStatus['runner']): Promise<SourceStatus> {
  return waitUntil(`the runner is ${runner}`, async () => {
    const status = await source.status(undefined, true, signal);
    return status.runner === runner && status;
  });
}
