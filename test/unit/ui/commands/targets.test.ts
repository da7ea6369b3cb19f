import assert from 'node:assert/strict';
import { cancelDetail } from '../../../../src/ui/commands/cancelDetail';
import { sweepIdOf, taskRefOf, tasksBySweep } from '../../../../src/ui/commands/targets';
import { toUriParts } from '../../../../src/ui/documents/documentUri';
import { plainL10n } from '../../../support/plainL10n';

const task = (number: number, sweepId = 'lr_1') =>
  ({ kind: 'task', sweepId, group: 'failed', task: number }) as const;

const NO_TASKS = { waiting: 0, queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, lost: 0 };

describe('what a command is meant for', () => {
  it('is the sweep of any line below it', () => {
    assert.equal(sweepIdOf({ kind: 'sweep', sweepId: 'lr_1' }), 'lr_1');
    assert.equal(sweepIdOf(task(3)), 'lr_1');
    assert.equal(sweepIdOf(undefined), undefined);
  });

  it('is the task of a file below it', () => {
    assert.deepEqual(taskRefOf({ ...task(3), kind: 'file', file: 'stdout' }), { sweepId: 'lr_1', task: 3 });
    assert.equal(taskRefOf({ kind: 'sweep', sweepId: 'lr_1' }), undefined);
  });

  it('is what an open document shows', () => {
    const summary = toUriParts({ kind: 'task', sweepId: 'lr_1', task: 3 });
    assert.deepEqual([sweepIdOf(summary), taskRefOf(summary)], ['lr_1', { sweepId: 'lr_1', task: 3 }]);
    const preview = toUriParts({ kind: 'preview', file: '/a.yaml' });
    assert.deepEqual([sweepIdOf(preview), taskRefOf(preview)], [undefined, undefined]);
  });

  it('is everything that is selected when the clicked line is among it', () => {
    assert.deepEqual(
      tasksBySweep(task(1), [task(1), task(2), task(1, 'other')]),
      new Map([
        ['lr_1', [1, 2]],
        ['other', [1]],
      ]),
    );
  });

  it('is the clicked line alone when it is not selected', () => {
    assert.deepEqual(tasksBySweep(task(3), [task(1), task(2)]), new Map([['lr_1', [3]]]));
  });

  it('is the selection when a key was pressed', () => {
    assert.deepEqual(tasksBySweep(undefined, [task(1)]), new Map([['lr_1', [1]]]));
  });
});

describe('the question before cancelling', () => {
  it('says in numbers what is lost', () => {
    const running = { ...NO_TASKS, running: 8 };
    assert.equal(
      cancelDetail(plainL10n, { ...running, queued: 20, waiting: 100 }),
      'Cancel kills 8 running and drops 120 queued tasks.',
    );
    assert.equal(cancelDetail(plainL10n, running), 'Cancel kills 8 running tasks.');
    assert.equal(cancelDetail(plainL10n, { ...NO_TASKS, queued: 2 }), 'Cancel drops 2 queued tasks.');
  });
});
