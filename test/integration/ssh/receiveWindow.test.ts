import { strict as assert } from 'node:assert';
import type { HostProcess } from '../../../src/adapters/host/streamHost';
import type { SshSession } from '../../../src/adapters/ssh/sshSession';
import { TcpProxy } from '../../support/sshd/proxy';
import { behind, openRigHost } from '../../support/sshd/rigHost';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';

const { signal } = new AbortController();
const MIB = 1024 * 1024;

/** What may be on its way rests on what ssh2 keeps of a channel beside its public interface. */
describe('The window of a channel of ssh2', function () {
  this.timeout(60_000);
  const rigs = useSshd();
  let session: SshSession | undefined;
  let proxy: TcpProxy | undefined;
  let program: HostProcess;

  /** Starts a program that prints 64 MiB, through jump hosts if wanted, and reads a first piece of it. */
  async function begin(jumps: number): Promise<void> {
    const rig = await rigs.start();
    proxy = await TcpProxy.start(rig.port);
    const through = await Promise.all(Array.from({ length: jumps }, () => rigs.start()));
    const opened = await openRigHost(behind(proxy, rig), ...through);
    session = opened.session;
    program = await opened.host.start(['head', '-c', String(64 * MIB), '/dev/zero'], signal);
    program.stdin.end();
    program.stderr.resume();
  }

  afterEach(() => {
    session?.dispose();
    proxy?.dispose();
  });

  async function read(bytes: number): Promise<number> {
    let came = 0;
    for await (const chunk of program.stdout.iterator({ destroyOnReturn: false })) {
      came += (chunk as Buffer).length;
      if (came >= bytes) break;
    }
    program.stdout.pause();
    return came;
  }

  function onTheWay(): number {
    return proxy?.traffic.down ?? 0;
  }

  for (const jumps of [0, 1]) {
    it(`lets more be on its way than ssh2 does by itself, through ${jumps} jump hosts`, async () => {
      await begin(jumps);
      const before = await read(MIB);
      await waitUntil('it is sent', () => onTheWay() - before > 4.5 * MIB);
      assert.equal(before + (await read(Infinity)), 64 * MIB);
      assert.deepEqual(await program.ended, { kind: 'exited', exitCode: 0 });
    });
  }

  it('waits for a reader that does not read', async () => {
    await begin(0);
    await read(MIB);
    let last = -1;
    let since = Date.now();
    await waitUntil('nothing comes any more', () => {
      if (onTheWay() !== last) since = Date.now();
      last = onTheWay();
      return Date.now() - since > 1_000;
    });
    assert.ok(last < 16 * MIB, `${last} bytes came`);
  });
});
