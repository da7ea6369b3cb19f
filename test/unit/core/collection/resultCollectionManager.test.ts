import { strict as assert } from 'node:assert';
import { HsmError } from '../../../../src/core/base/errors';
import type { CollectionReport } from '../../../../src/core/compute/computeSource';
import { LocalResultCollector } from '../../../../src/core/collection/localResultCollector';
import {
  ResultCollectionManager,
  type ResultCollector,
} from '../../../../src/core/collection/resultCollectionManager';
import {
  collectedRecord,
  Homecomings,
  parseCollected,
} from '../../../../src/core/collection/collectedRecord';

const signal = new AbortController().signal;
const tasks = new Map([
  [1, 'task_0001'],
  [2, 'task_0002'],
]);

interface ExpectedReport {
  readonly collected?: readonly number[];
  readonly failed: readonly number[];
  readonly fault: string;
  readonly error: string;
}

function checkReport(report: CollectionReport | undefined, expected: ExpectedReport): void {
  assert.deepEqual(report?.collected, expected.collected ?? []);
  assert.deepEqual(report.failed, expected.failed);
  assert.deepEqual(report.errors, [expected.error]);
  assert.deepEqual([report.failure?.fault, report.failure?.message], [expected.fault, expected.error]);
}

describe('ResultCollectionManager', () => {
  it('collects from all at once, and one that fails keeps no other', async () => {
    const order: string[] = [];
    const slow: ResultCollector = {
      name: 'slow',
      collectResults: async () => {
        order.push('slow begins');
        await new Promise((resolve) => setImmediate(resolve));
        order.push('slow ends');
        return { collected: [1, 2], failed: [], bytes: 7, errors: [] };
      },
    };
    const broken: ResultCollector = {
      name: 'broken',
      collectResults: () => {
        order.push('broken begins');
        return Promise.reject(new HsmError('host.unreachable', 'no such host', { host: 'broken' }));
      },
    };
    const here = new LocalResultCollector('here', () => Promise.resolve(['task_0001']));
    const reports = await new ResultCollectionManager().collectAll(
      [slow, broken, here].map((collector) => ({ collector, tasks })),
      signal,
    );
    assert.deepEqual(order, ['slow begins', 'broken begins', 'slow ends']);
    assert.deepEqual([...reports.keys()], ['slow', 'broken', 'here']);
    assert.deepEqual(reports.get('slow')?.collected, [1, 2]);
    checkReport(reports.get('broken'), { failed: [1, 2], fault: 'unreachable', error: 'no such host' });
    const gone = 'The directory of task_0002 is gone.';
    checkReport(reports.get('here'), { collected: [1], failed: [2], fault: 'gone', error: gone });
  });

  it('rejects for a caller who has given up', async () => {
    await assert.rejects(
      new ResultCollectionManager().collectAll([], AbortSignal.abort(new Error('enough'))),
      /enough/,
    );
  });
});

describe('What is home', () => {
  it('is an attempt that came, or an earlier one', () => {
    const homes = new Homecomings([collectedRecord(1, 'box', [{ task: 3, attempt: 2 }], 10)]);
    assert.equal(homes.has({ task: 3, attempt: 1 }), true);
    assert.equal(homes.has({ task: 3, attempt: 2 }), true);
    assert.equal(homes.has({ task: 3, attempt: 3 }), false);
    assert.equal(homes.has({ task: 4, attempt: 1 }), false);
  });

  it('is read from lines, of which a torn one tells nothing', () => {
    const record = collectedRecord(1, 'box', [{ task: 3, attempt: 1 }], 10, [
      { task: 3, path: 'big.ckpt', reason: 'is larger than 1 MiB' },
    ]);
    const line = JSON.stringify(record);
    assert.deepEqual(parseCollected(line), record);
    assert.equal(parseCollected(line.slice(0, -5)), undefined);
    assert.equal(parseCollected(''), undefined);
    assert.deepEqual(new Homecomings([record]).leftOutOf({ task: 3, attempt: 1 }), record.leftOut);
  });
});
