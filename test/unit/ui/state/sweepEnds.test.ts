import assert from 'node:assert/strict';
import { SweepEnds } from '../../../../src/ui/state/sweepEnds';
import { FakeFacade } from '../../../support/fakeFacade';

function setUp(prepare: (facade: FakeFacade) => void): { facade: FakeFacade; ended: string[] } {
  const facade = new FakeFacade();
  prepare(facade);
  const ended: string[] = [];
  new SweepEnds(facade, facade.onDidChange).onDidEnd((sweep) => ended.push(`${sweep.id} ${sweep.state}`));
  return { facade, ended };
}

describe('the end of a sweep', () => {
  it('is told once', () => {
    const { facade, ended } = setUp((it) => it.addSweep({ tasks: { running: 1 } }));
    facade.setSweep('lr_1', { state: 'succeeded' });
    facade.setSweep('lr_1', { notes: ['Something else.'] });
    assert.deepEqual(ended, ['lr_1 succeeded']);
  });

  it('is not told of a sweep that was over before', () => {
    const { facade, ended } = setUp((it) => it.addSweep({ state: 'failed', tasks: { failed: 1 } }));
    facade.addSweep({ id: 'other', state: 'succeeded' });
    assert.deepEqual(ended, []);
  });

  it('is told again after a rerun', () => {
    const { facade, ended } = setUp((it) => it.addSweep({ state: 'failed', tasks: { failed: 1 } }));
    facade.setSweep('lr_1', { state: 'running' });
    facade.setSweep('lr_1', { state: 'succeeded' });
    assert.deepEqual(ended, ['lr_1 succeeded']);
  });
});
