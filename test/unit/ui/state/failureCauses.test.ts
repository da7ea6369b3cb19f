import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/core/base/event';
import type { Change } from '../../../../src/core/facade';
import { FailureCauses } from '../../../../src/ui/state/failureCauses';
import { FakeFacade } from '../../../support/fakeFacade';
import { ManualClock } from '../../../support/manualClock';

describe('the causes of failures in memory', () => {
  it('are found of other sweeps when one cannot be read, which is tried again when it is asked for', async () => {
    const facade = new FakeFacade();
    for (const id of ['bad', 'good']) facade.addSweep({ id, tasks: { failed: 2 } });
    const group = { signature: 'a', title: 'ValueError: a', tasks: [1, 2] };
    let isBroken = true;
    const reading = {
      sweep: (id: string) => facade.sweep(id),
      failureGroups: (id: string) =>
        id === 'bad' && isBroken ? Promise.reject(new Error('unreadable')) : Promise.resolve([group]),
    };
    const clock = new ManualClock();
    const errors: unknown[] = [];
    const changes = new Emitter<Change>();
    const causes = new FailureCauses(reading, changes.event, clock, (error) => errors.push(error));
    const known: string[] = [];
    causes.onDidChange((id) => known.push(id));
    for (const id of ['bad', 'good']) causes.groupsOf(id);
    await clock.advance(0);
    assert.deepEqual([known, errors.map(String)], [['good'], ['Error: unreadable']]);
    isBroken = false;
    assert.equal(causes.groupsOf('bad'), undefined);
    await clock.advance(0);
    assert.deepEqual(known, ['good', 'bad']);
    causes.dispose();
  });
});
