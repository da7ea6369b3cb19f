import assert from 'node:assert/strict';
import { silentLogger } from '../../../../src/core/base/logger';
import { LateCollection, type UnfinishedSweep } from '../../../../src/core/project/lateCollection';
import { FakeHosts } from '../../../support/fakeHosts';

/** A sweep with files on `box`. Bringing them connects, as work on a host does. */
class Rest implements UnfinishedSweep {
  readonly session = { id: 'lr_1' };
  hostsWithRest: readonly string[] = ['box'];
  tries = 0;
  /** The host wants an answer of the user. */
  asks = false;

  constructor(private readonly hosts: FakeHosts) {}

  async bringRest(): Promise<void> {
    this.tries++;
    await Promise.resolve();
    if (this.asks) {
      this.hosts.set('box', { kind: 'refused', reason: 'It asks for a password.' });
      throw new Error('It asks for a password.');
    }
    this.hosts.set('box', { kind: 'connected', transport: 'ssh2' });
    this.hostsWithRest = [];
  }
}

describe('LateCollection', () => {
  async function settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  function setUp(): { hosts: FakeHosts; sweep: Rest; late: LateCollection } {
    const hosts = new FakeHosts();
    const sweep = new Rest(hosts);
    return { hosts, sweep, late: new LateCollection({ hosts, log: silentLogger }, () => [sweep]) };
  }

  it('brings what a sweep left elsewhere, once', async () => {
    const { hosts, sweep, late } = setUp();
    late.want(sweep);
    late.want(sweep);
    await settle();
    hosts.set('box', { kind: 'connected', transport: 'ssh2' });
    await settle();
    assert.equal(sweep.tries, 1);
    await late.close();
  });

  it('tries again when the user has connected the host, and only then', async () => {
    const { hosts, sweep, late } = setUp();
    sweep.asks = true;
    late.want(sweep);
    await settle();
    hosts.set('other', { kind: 'connected', transport: 'ssh2' });
    hosts.set('box', { kind: 'connecting' });
    await settle();
    assert.equal(sweep.tries, 1);
    sweep.asks = false;
    await hosts.connect('box');
    await settle();
    assert.equal(sweep.tries, 2);
    assert.deepEqual(sweep.hostsWithRest, []);
    await late.close();
  });

  it('begins nothing any more once it is closed', async () => {
    const { sweep, late } = setUp();
    await late.close();
    late.want(sweep);
    await settle();
    assert.equal(sweep.tries, 0);
  });
});
