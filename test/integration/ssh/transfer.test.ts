import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileTransfer } from '../../../src/adapters/transfer/fileTransfer';
import { HsmError } from '../../../src/core/base/errors';
import { silentLogger } from '../../../src/core/base/logger';
import { describeTransfer } from '../../contract/fileTransferContract';
import { loginShells, rsync, skipUnless } from '../../support/requirement';
import { openRigHost } from '../../support/sshd/rigHost';
import type { SshdOptions } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { makeTempDir } from '../../support/tempDir';
import { SCRIPT_PROGRAMS } from '../../support/transferRig';
import { waitUntil } from '../../support/waitUntil';

const { signal } = new AbortController();

describe('file transfer over SSH', function () {
  this.timeout(120_000);
  const rigs = useSshd();

  before(function () {
    skipUnless(this, rsync);
    skipUnless(this, loginShells);
  });

  function describeOver(name: string, method: 'rsync' | 'tar', options: SshdOptions): void {
    describe(name, () => {
      let opened: ReturnType<typeof openRigHost>;
      before(async () => {
        opened = openRigHost(await rigs.start(options));
        await opened;
      });
      after(async () => {
        (await opened).session.dispose();
      });
      describeTransfer(name, async () => ({ host: (await opened).host, method }));
    });
  }

  describeOver('with rsync and a start-up file that talks', 'rsync', {
    rc: 'echo Welcome to the cluster; echo Beware >&2\n',
  });
  describeOver('without rsync, by tar, from tcsh', 'tar', {
    shell: 'tcsh',
    rc: 'echo Welcome\n',
    path: [...SCRIPT_PROGRAMS, 'tar', 'sha256sum'],
  });
  describeOver('to a small system', 'tar', { shell: 'busybox' });

  describe('interrupted', () => {
    let dir: ReturnType<typeof makeTempDir>;
    beforeEach(() => {
      dir = makeTempDir();
    });
    afterEach(() => {
      dir.dispose();
    });

    for (const method of ['rsync', 'tar'] as const) {
      it(`goes on with the part of a large file that came before the connection was cut, by ${method}`, async () => {
        const rig = await rigs.start();
        const proxy = await rigs.proxy(rig);
        const reachable = { ...rigInfo(rig), port: proxy.port };
        const there = join(rig.home, 'results');
        mkdirSync(there);
        const content = noise(24 * 1024 * 1024);
        writeFileSync(join(there, 'checkpoint'), content);
        const here = join(dir.path, 'here');

        const first = await openRigHost(reachable);
        proxy.cutAfter(16 * 1024 * 1024);
        const transfer = new FileTransfer(first.host, { log: silentLogger, method });
        await assert.rejects(transfer.pull(there, here, {}, { signal }), (error) =>
          HsmError.is(error, 'host.unreachable'),
        );
        assert.equal(existsSync(join(here, 'checkpoint')), false);

        const before = proxy.traffic.down;
        const second = await openRigHost(reachable);
        const again = new FileTransfer(second.host, { log: silentLogger, method });
        const result = await again.pull(there, here, {}, { signal });
        assert.deepEqual(result.files, ['checkpoint']);
        assert.ok(readFileSync(join(here, 'checkpoint')).equals(content));
        const crossed = proxy.traffic.down - before;
        assert.ok(crossed < 16 * 1024 * 1024, `${crossed} bytes crossed the second time`);
        assert.deepEqual(readdirSync(dir.path), ['here']);
        second.session.dispose();
      });

      it(`leaves no process when it is stopped, and the connection is as good as before, by ${method}`, async () => {
        const rig = await rigs.start();
        const proxy = await rigs.proxy(rig, { bytesPerSecond: 4_000_000 });
        const { host, session } = await openRigHost({ ...rigInfo(rig), port: proxy.port });
        writeFileSync(join(rig.home, 'large'), noise(8 * 1024 * 1024));
        const transfer = new FileTransfer(host, { log: silentLogger, method });
        const controller = new AbortController();
        const reason = new Error('stopped by the test');
        const onProgress = ({ bytes }: { bytes: number }) => {
          if (bytes > 1_000_000) controller.abort(reason);
        };
        const run = { signal: controller.signal, onProgress };
        await assert.rejects(
          transfer.pull(rig.home, join(dir.path, 'here'), { files: ['large'] }, run),
          reason,
        );
        const tools = () =>
          rig
            .processes()
            .map((pid) => commandOf(pid))
            .filter((command) => /^(rsync|tar|xargs|cat|tail)\0/.test(command));
        await waitUntil('nothing of the transfer runs there', () => tools().length === 0);
        assert.equal((await host.run(['echo', 'fine'], signal)).stdout, 'fine\n');
        assert.equal(proxy.traffic.connections, 1);
        session.dispose();
      });
    }
  });

  it('leaves others their turn where one session is allowed', async () => {
    const rig = await rigs.start({ maxSessions: 1 });
    const { host, session } = await openRigHost(rig);
    const dir = makeTempDir();
    const there = join(rig.home, 'results');
    mkdirSync(there);
    for (const name of ['a', 'b', 'c']) writeFileSync(join(there, name), noise(12 * 1024 * 1024));
    // The first command takes the session, so that the second one finds out that there is no other.
    await Promise.all([1, 2].map(() => host.run(['sleep', '1'], signal)));
    assert.equal(await host.isNarrow(signal), true);
    const transfer = new FileTransfer(host, { log: silentLogger });
    const state = { isOver: false };
    const pulling = transfer.pullCompared(there, join(dir.path, 'here'), {}, { signal }).finally(() => {
      state.isOver = true;
    });
    let turns = 0;
    while (!state.isOver) {
      await host.run(['true'], signal);
      turns += 1;
    }
    const { files, differences } = await pulling;
    assert.deepEqual([files.length, differences], [3, []]);
    assert.ok(turns >= 3, `${turns} turns`);
    session.dispose();
    dir.dispose();
  });

  it('brings five thousand small files, and verifies them in one round trip', async () => {
    const rig = await rigs.start();
    const dir = makeTempDir();
    const { host, session } = await openRigHost(rig);
    const there = join(rig.home, 'tasks');
    for (let task = 0; task < 500; task += 1) {
      mkdirSync(join(there, `task_${task}`), { recursive: true });
      for (let file = 0; file < 10; file += 1)
        writeFileSync(join(there, `task_${task}`, `file_${file}`), `${task} ${file}\n`.repeat(20));
    }
    for (const method of ['rsync', 'tar'] as const) {
      const here = join(dir.path, method);
      const transfer = new FileTransfer(host, { log: silentLogger, method });
      const { files, skipped } = await transfer.pull(there, here, {}, { signal });
      assert.deepEqual([files.length, skipped], [5000, []]);
      if (method === 'tar') assert.deepEqual(await transfer.verify(there, here, files, signal), []);
    }
    session.dispose();
    dir.dispose();
  });
});

function rigInfo({ alias, user, keyFile }: { alias: string; user: string; keyFile: string }): {
  alias: string;
  user: string;
  keyFile: string;
} {
  return { alias, user, keyFile };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Bytes that no two files share and nothing compresses, the same every time. */
function noise(length: number): Buffer {
  const blocks = Array.from({ length: length / 64 }, (_, index) =>
    createHash('sha512').update(String(index)).digest(),
  );
  return Buffer.concat(blocks);
}
