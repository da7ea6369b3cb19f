import assert from 'node:assert/strict';
import { WaitingHosts } from '../../../../src/ui/state/waitingHosts';
import { FakeFacade } from '../../../support/fakeFacade';
import { ManualClock } from '../../../support/manualClock';

const REFUSED = { kind: 'refused', reason: 'gpu01 wants a password.' } as const;

function setUp() {
  const facade = new FakeFacade();
  facade.sourceList.push({ name: 'far', type: 'ssh', host: 'gpu01', slots: 1, active: 0 });
  facade.addSweep({ tasks: { running: 1 } });
  facade.setSweep('lr_1', { sources: ['far'] });
  const clock = new ManualClock();
  const told: string[] = [];
  new WaitingHosts(facade, clock).onDidWait(({ host, reason }) => told.push(`${host}: ${reason}`));
  return { facade, clock, told };
}

describe('a host that waits for the user', () => {
  it('is told once while a sweep has tasks there, however often it is tried', async () => {
    const { facade, clock, told } = setUp();
    for (let i = 0; i < 3; i++) {
      facade.hosts.set('gpu01', { kind: 'connecting' });
      facade.hosts.set('gpu01', REFUSED);
      await clock.advance(10_000);
    }
    assert.deepEqual(told, ['gpu01: gpu01 wants a password.']);
  });

  it('is told again when it was connected in between', async () => {
    const { facade, clock, told } = setUp();
    for (const state of [REFUSED, { kind: 'connected', transport: 'ssh2' }, REFUSED] as const) {
      facade.hosts.set('gpu01', state);
      await clock.advance(10_000);
    }
    assert.equal(told.length, 2);
  });

  it('is not told to a user who was asked, or is being asked', async () => {
    const { facade, clock, told } = setUp();
    facade.hosts.set('gpu01', REFUSED);
    facade.hosts.set('gpu01', { kind: 'connecting' });
    await clock.advance(10_000);
    facade.hosts.set('gpu01', { ...REFUSED, wasAsked: true });
    await clock.advance(10_000);
    facade.hosts.set('gpu01', REFUSED);
    await clock.advance(10_000);
    assert.deepEqual(told, []);
  });

  it('is not told where no sweep has anything there, or the user disconnected it', async () => {
    const { facade, clock, told } = setUp();
    facade.hosts.set('other', REFUSED);
    facade.hosts.set('gpu01', { kind: 'disconnected', byUser: true });
    await clock.advance(10_000);
    facade.setSweep('lr_1', { state: 'succeeded' });
    facade.hosts.set('gpu01', REFUSED);
    await clock.advance(10_000);
    assert.deepEqual(told, []);
    facade.setSweep('lr_1', { notes: ['The files of 1 task are still on far.'] });
    facade.hosts.set('gpu01', REFUSED);
    await clock.advance(10_000);
    assert.equal(told.length, 1);
  });
});
