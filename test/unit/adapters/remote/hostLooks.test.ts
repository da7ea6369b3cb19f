import assert from 'node:assert/strict';
import { LocalHost } from '../../../../src/adapters/host/localHost';
import { HostLooks } from '../../../../src/adapters/remote/hostLooks';
import type { CommandResult } from '../../../../src/core/compute/host';
import { ManualClock } from '../../../support/manualClock';

const { signal } = new AbortController();

class CountingHost extends LocalHost {
  asked = 0;
  timed = 0;

  override run([program]: readonly string[]): Promise<CommandResult> {
    if (program === 'sh') this.asked++;
    if (program === 'date') this.timed++;
    return Promise.resolve({ stdout: 'var HOME /home/ada\ntime 1\nend\n', stderr: '', exitCode: 0 });
  }
}

describe('Looks at a host', () => {
  it('are shared by the steps of a start, also by those that have the paths as they are there', async () => {
    const looks = new HostLooks(new ManualClock());
    const host = new CountingHost();
    const { root } = await looks.ask(host, 'box', { root: '~/.hsm' }, signal);
    assert.equal(root, '/home/ada/.hsm');
    for (const each of ['~/.hsm', root]) await looks.recent(host, 'box', { root: each }, signal);
    assert.equal(host.asked, 1);
  });

  it('measure the way only when that is wanted, and once', async () => {
    const looks = new HostLooks(new ManualClock());
    const host = new CountingHost();
    const paths = { root: '~/.hsm' };
    await looks.recent(host, 'box', paths, signal);
    assert.equal(host.timed, 0);
    for (let i = 0; i < 2; i++) assert.ok((await looks.timed(host, 'box', paths, signal)).latencyMs >= 0);
    assert.deepEqual([host.asked, host.timed], [1, 1]);
  });

  it('are taken anew after a while, for other paths, on another host, and when that is wanted', async () => {
    const clock = new ManualClock();
    const looks = new HostLooks(clock);
    const host = new CountingHost();
    const other = new CountingHost();
    const paths = { root: '~/.hsm' };
    await looks.recent(host, 'box', paths, signal);
    await looks.recent(host, 'box', { ...paths, checkout: '~/mine' }, signal);
    assert.equal(host.asked, 2);
    await looks.recent(other, 'box', paths, signal);
    assert.equal(other.asked, 1);
    await clock.advance(20_000);
    await looks.recent(host, 'box', paths, signal);
    assert.equal(host.asked, 3);
    await looks.ask(host, 'box', paths, signal);
    assert.equal(host.asked, 4);
  });
});
