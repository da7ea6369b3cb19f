import { strict as assert } from 'node:assert';
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';
import { loginShells, skipUnless } from '../../support/requirement';
import type { LoginShell } from '../../support/sshd/account';
import type { SshClientHome } from '../../support/sshd/sshConfig';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';

/** Runs the system's `ssh` with a home of the test's own. */
async function ssh(client: SshClientHome, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...client.env };
  return (await promisify(execFile)('ssh', ['-o', 'BatchMode=yes', ...args], { env })).stdout;
}

describe('the rig of sshds', function () {
  this.timeout(60_000);
  const rigs = useSshd();

  before(function () {
    skipUnless(this, loginShells);
  });

  it('makes hosts of their own of several sshds', async () => {
    const [a, b] = await Promise.all([rigs.start({ alias: 'a' }), rigs.start({ alias: 'b', user: 'eve' })]);
    const client = rigs.client(a, b);
    assert.equal(await ssh(client, 'a', 'echo "$USER $HOME $PWD"'), `dana ${a.home} ${a.home}\n`);
    assert.equal(await ssh(client, 'b', 'echo "$USER $HOME $PWD"'), `eve ${b.home} ${b.home}\n`);
    assert.match(a.log(), /Accepted publickey for dana/);
  });

  // What each says of itself, in its own language.
  const shells: readonly [LoginShell, string, RegExp][] = [
    ['bash', 'echo $BASH_VERSION', /^\d/],
    ['dash', 'readlink /proc/$$/exe', /dash$/],
    ['zsh', 'echo $ZSH_VERSION', /^\d/],
    ['tcsh', 'echo $tcsh $shell', /^\d.*tcsh$/],
    ['csh', 'echo $shell', /\/csh$/],
    ['fish', 'echo $FISH_VERSION', /^\d/],
    ['busybox', 'readlink /proc/$$/exe', /busybox$/],
  ];
  for (const [shell, line, answer] of shells)
    it(`logs in to ${shell}`, async () => {
      const host = await rigs.start({ shell });
      assert.match((await ssh(rigs.client(host), host.alias, line)).trim(), answer);
    });

  it('has rc files that print', async () => {
    const host = await rigs.start({ shell: 'tcsh', rc: 'echo Good morning\n' });
    assert.equal(await ssh(rigs.client(host), host.alias, 'echo x'), 'Good morning\nx\n');
  });

  it('has no more programs than it was given', async () => {
    const host = await rigs.start({ path: ['ls', 'sleep'], env: { GREETING: 'hello there' } });
    const client = rigs.client(host);
    const found = await ssh(client, host.alias, 'command -v ls rsync sleep git; echo $GREETING');
    assert.equal(found, `${host.dir}/bin/ls\n${host.dir}/bin/sleep\nhello there\n`);
  });

  it('restarts its sshd while a session goes on', async () => {
    const host = await rigs.start();
    const client = rigs.client(host);
    const session = ssh(client, host.alias, `touch ready; until [ -e go ]; do sleep 0.1; done; echo done`);
    await waitUntil('the session runs', () => existsSync(`${host.home}/ready`));
    await host.stop();
    await assert.rejects(ssh(client, host.alias, 'true'), /refused/);
    await host.start();
    await ssh(client, host.alias, 'touch go');
    assert.equal(await session, 'done\n');
  });

  it('kills sessions and leaves what they started, or reboots and leaves nothing', async () => {
    const host = await rigs.start();
    const client = rigs.client(host);
    const session = ssh(
      client,
      host.alias,
      'setsid sleep 600 >sleep.log 2>&1 & echo $! > pid; exec sleep 600',
    );
    await waitUntil('the session runs', () => existsSync(`${host.home}/pid`) && host.processes().length >= 2);
    const left = () => host.processes().map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    host.killSessions();
    await assert.rejects(session, /closed/);
    assert.ok(left().some((command) => command.startsWith('sleep')));
    await host.reboot();
    assert.deepEqual(left(), []);
    assert.equal(await ssh(client, host.alias, 'echo up'), 'up\n');
  });

  it('ends with all that ran there, without a trace', async () => {
    const host = await rigs.start();
    const client = rigs.client(host);
    await ssh(client, host.alias, 'setsid sleep 600 >/dev/null 2>&1 &');
    const [pid] = await waitUntil('it sleeps', () => host.processes().length > 0 && host.processes());
    host.dispose();
    await waitUntil('it sleeps no more', () => !existsSync(`/proc/${String(pid)}`));
    assert.equal(existsSync(host.dir), false);
    await assert.rejects(ssh(client, host.alias, 'true'), /refused/);
  });

  describe('behind a proxy', () => {
    it('is as far away as wanted', async () => {
      const host = await rigs.start();
      const proxy = await rigs.proxy(host, { latencyMs: 30 });
      const client = rigs.client({ ...viaProxy(host), port: proxy.port });
      const before = performance.now();
      assert.equal(await ssh(client, host.alias, 'echo far'), 'far\n');
      // The version, the keys, the request: more than five times there and back.
      assert.ok(performance.now() - before > 300);
      assert.ok(proxy.traffic.turns > 5);
    });

    it('loses its connection after so many bytes', async () => {
      const host = await rigs.start();
      const proxy = await rigs.proxy(host);
      const client = rigs.client({ ...viaProxy(host), port: proxy.port });
      proxy.cutAfter(100_000);
      await assert.rejects(
        ssh(client, host.alias, 'head -c 50000 /dev/zero; head -c 200000 /dev/zero'),
        /reset|closed|Broken/i,
      );
      const { up, down } = proxy.traffic;
      assert.ok(up + down >= 100_000 && up + down < 300_000, `${up} up, ${down} down`);
      assert.equal((await ssh(client, host.alias, 'head -c 200000 /dev/zero')).length, 200_000);
    });

    it('falls silent, and carries a megabyte a second otherwise', async () => {
      const host = await rigs.start();
      const proxy = await rigs.proxy(host, { bytesPerSecond: 1_000_000 });
      const client = rigs.client({ ...viaProxy(host), port: proxy.port });
      const before = performance.now();
      await ssh(client, host.alias, 'head -c 600000 /dev/zero');
      assert.ok(performance.now() - before > 500);
      proxy.blackHole(true);
      const silent = spawn('ssh', ['-o', 'ConnectTimeout=1', host.alias, 'true'], {
        env: { ...process.env, ...client.env },
      });
      const [code] = await new Promise<[number | null]>((resolve) =>
        silent.on('exit', (...args) => {
          resolve([args[0]]);
        }),
      );
      assert.equal(code, 255);
      proxy.blackHole(false);
      assert.equal(await ssh(client, host.alias, 'echo back'), 'back\n');
    });

    it('resets what is open, and refuses', async () => {
      const host = await rigs.start();
      const proxy = await rigs.proxy(host);
      const client = rigs.client({ ...viaProxy(host), port: proxy.port });
      const session = ssh(client, host.alias, 'touch ready; exec sleep 600');
      await waitUntil('the session runs', () => existsSync(`${host.home}/ready`));
      proxy.reset();
      await assert.rejects(session, /reset|closed|Broken pipe/i);
      proxy.refuse(true);
      const socket = createConnection(proxy.port, '127.0.0.1');
      await new Promise((resolve) => socket.on('error', resolve).on('close', resolve));
      assert.equal(proxy.openConnections, 0);
    });
  });
});

function viaProxy({
  alias,
  user,
  keyFile,
  hostKey,
}: {
  alias: string;
  user: string;
  keyFile: string;
  hostKey: string;
}) {
  return { alias, user, keyFile, hostKey };
}
