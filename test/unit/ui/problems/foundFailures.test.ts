import assert from 'node:assert/strict';
import type { FailureGroup, TaskFailure } from '../../../../src/core/analysis/failure';
import type { SweepSummary, TaskSummary } from '../../../../src/core/facade';
import { FoundFailures } from '../../../../src/ui/problems/foundFailures';
import { plainL10n } from '../../../support/plainL10n';

const SWEEP = { id: 'lr_1' } as SweepSummary;
const OTHER = { id: 'lr_2' } as SweepSummary;

function failed(...numbers: number[]): TaskSummary[] {
  return numbers.map((number) => ({ number, attempt: 1 }) as TaskSummary);
}

function group(line: number, tasks: readonly number[]): FailureGroup {
  return { signature: 's', title: 'ValueError: bad', tasks, file: '/project/train.py', line };
}

/** A facade that counts what it is asked. */
class FakeFailures {
  groups: readonly FailureGroup[] = [group(3, [1, 2])];
  asked = 0;
  readonly found = new FoundFailures(
    {
      failureGroups: () => {
        this.asked += 1;
        return Promise.resolve(this.groups);
      },
      failure: (_sweep, task) => Promise.resolve({ task, frames: [] } as unknown as TaskFailure),
    },
    plainL10n,
  );

  async lines(tasks = failed(1, 2)): Promise<string> {
    const entries = await this.found.of(SWEEP, tasks);
    return entries.map(({ line, code }) => `${line}: ${code}`).join();
  }

  changed(sweep = SWEEP): void {
    this.found.note({ sweeps: new Map([[sweep.id, [1]]]) });
  }
}

describe('the failures that Problems shows', () => {
  it('are looked for again when something of the sweep changed, and not before', async () => {
    const facade = new FakeFailures();
    assert.equal(await facade.lines(), '3: 2 tasks');
    assert.equal(await facade.lines(), '3: 2 tasks');
    facade.changed(OTHER);
    await facade.lines();
    assert.equal(facade.asked, 1);
    facade.changed();
    await facade.lines();
    assert.equal(facade.asked, 2);
  });

  it('are told anew when more of what the same attempts wrote has come', async () => {
    const facade = new FakeFailures();
    await facade.lines();
    facade.groups = [group(3, [1]), group(8, [2])];
    facade.changed();
    assert.equal(await facade.lines(), '3: 1 task,8: 1 task');
  });

  it('are without those that were dismissed', async () => {
    const facade = new FakeFailures();
    await facade.lines();
    assert.equal(await facade.lines(failed(2)), '3: 1 task');
    assert.equal(await facade.lines([]), '');
  });

  it('are asked for again after they could not be had', async () => {
    const facade = new FakeFailures();
    await facade.lines();
    facade.changed();
    const { groups } = facade;
    Object.defineProperty(facade, 'groups', {
      get: () => {
        throw new Error('no disk');
      },
      configurable: true,
    });
    await assert.rejects(facade.lines(), /no disk/);
    Object.defineProperty(facade, 'groups', { value: [...groups, group(8, [2])] });
    assert.match(await facade.lines(), /8: 1 task/);
  });

  it('are the same object while their causes are', async () => {
    const facade = new FakeFailures();
    const before = await facade.found.of(SWEEP, failed(1, 2));
    facade.changed();
    assert.equal(await facade.found.of(SWEEP, failed(1, 2)), before);
    facade.found.keepOnly([]);
    assert.notEqual(await facade.found.of(SWEEP, failed(1, 2)), before);
  });
});
