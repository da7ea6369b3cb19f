import assert from 'node:assert/strict';
import type { TaskSummary } from '../../../../src/core/facade';
import type { ItemData } from '../../../../src/ui/trees/itemData';
import { fileItem, taskItem, taskTooltip } from '../../../../src/ui/trees/taskItems';
import { FakeFacade } from '../../../support/fakeFacade';
import { plainL10n } from '../../../support/plainL10n';

const NODE = { kind: 'task', sweepId: 'lr_1', group: 'failed', task: 12 } as const;

function itemOf(task: Partial<TaskSummary>): ItemData {
  return taskItem(plainL10n, NODE, {
    number: 12,
    name: 'task_0012',
    state: 'waiting',
    attempt: 0,
    ...task,
  });
}

const FAILED = {
  state: 'failed',
  attempt: 2,
  source: 'local',
  reason: 'exit code 1',
  startedAtMs: 0,
  endedAtMs: 12_000,
} as const;

function checkClick(task: Partial<TaskSummary>, expected: string | undefined): void {
  assert.equal(itemOf(task).command?.id, expected);
}

describe('the line of a task', () => {
  it('says state, reason, time, attempt and place in words', () => {
    assert.equal(itemOf(FAILED).description, 'failed · exit code 1 · 12 s · attempt 2 · local');
  });

  it('reads as a sentence to a screen reader', () => {
    assert.equal(itemOf(FAILED).accessibleLabel, 'Task 12, failed, exit code 1, 12 s, attempt 2, local');
  });

  it('opens the error summary of a failed or lost task by a click', () => {
    checkClick(FAILED, 'hsm.task.openSummary');
    checkClick({ state: 'lost', startedAtMs: 0 }, 'hsm.task.openSummary');
  });

  it('opens the output of a task that runs or succeeded by a click', () => {
    checkClick({ state: 'running', attempt: 1, startedAtMs: 0 }, 'hsm.task.openStdout');
    checkClick({ state: 'succeeded', attempt: 1, startedAtMs: 0 }, 'hsm.task.openStdout');
  });

  it('does nothing by a click on a task that has not started', () => {
    checkClick({ state: 'waiting' }, undefined);
    checkClick({ state: 'cancelled' }, undefined);
  });

  it('carries words that menus match', () => {
    assert.equal(itemOf(FAILED).contextValue, 'task failed hasStderr');
    assert.equal(itemOf({ state: 'queued' }).contextValue, 'task queued');
  });

  it('can be opened only when there are files below it', () => {
    assert.equal(itemOf(FAILED).children, 'collapsed');
    assert.equal(itemOf({ state: 'waiting' }).children, 'none');
  });

  it('lists the parameters in its tooltip', async () => {
    const facade = new FakeFacade();
    facade.addSweep({ tasks: { succeeded: 1 } });
    const tooltip = taskTooltip(plainL10n, await facade.task('lr_1', 1));
    assert.match(tooltip, /^task_0001\nlr: 0\.1\nsucceeded · 12 s · local\nStarted /);
  });
});

describe('the line of a file', () => {
  it('opens that file of that task', () => {
    const node = { ...NODE, kind: 'file', file: 'stderr' } as const;
    const { label, command, id } = fileItem(plainL10n, node);
    assert.deepEqual(
      [label, command, id],
      ['stderr.log', { id: 'hsm.task.openStderr', args: [node] }, 'lr_1/failed/12/stderr'],
    );
  });
});
