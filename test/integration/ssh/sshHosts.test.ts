import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openSshConfig } from '../../../src/adapters/ssh/config/openSshConfig';
import { SshHosts } from '../../../src/adapters/ssh/sshHosts';
import { silentLogger } from '../../../src/core/base/logger';
import {
  NO_PROMPTS,
  NO_SECRETS,
  type ConnectionPrompts,
  type HostKeyQuestion,
} from '../../../src/core/compute/connectionPrompts';
import { makeKeyFile } from '../../support/sshd/agent';
import type { SshClientHome } from '../../support/sshd/sshConfig';
import { useSshd } from '../../support/sshd/useSshd';
import { makeTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('SshHosts', function () {
  this.timeout(30_000);
  const rigs = useSshd();
  let hosts: SshHosts;

  afterEach(() => {
    hosts.dispose();
  });

  function open(client: SshClientHome, prompts: ConnectionPrompts = NO_PROMPTS): SshHosts {
    const config = openSshConfig(silentLogger, {
      home: client.home,
      configFiles: [{ path: client.configFile, isUsers: true }],
      env: {},
    });
    hosts = new SshHosts({
      prompts,
      secrets: NO_SECRETS,
      log: silentLogger,
      mayAskUnasked: false,
      config,
      configFile: client.configFile,
    });
    return hosts;
  }

  it('connects when a host is first used, and shares the connection', async () => {
    const rig = await rigs.start();
    const proxy = await rigs.proxy(rig);
    const { user, keyFile, hostKey } = rig;
    const client = rigs.client({ alias: 'box', port: proxy.port, user, keyFile, hostKey });
    const box = open(client).host('box');
    assert.deepEqual(hosts.hosts(), [{ host: 'box', state: { kind: 'disconnected' } }]);
    const runs = Array.from({ length: 5 }, () => box.run(['printenv', 'USER'], signal));
    for (const { stdout } of await Promise.all(runs)) assert.equal(stdout, `${user}\n`);
    assert.equal(proxy.traffic.connections, 1);
    assert.deepEqual(hosts.hosts(), [{ host: 'box', state: { kind: 'connected', transport: 'ssh2' } }]);
  });

  it('comes back by itself after a loss, and after the server was away', async () => {
    const rig = await rigs.start();
    const box = open(rigs.client(rig)).host(rig.alias);
    await box.run(['true'], signal);
    rig.killSessions();
    await untilState(rig.alias, 'waiting');
    assert.equal((await box.run(['echo', 'back'], signal)).stdout, 'back\n');

    await rig.stop();
    rig.killSessions();
    await untilState(rig.alias, 'waiting');
    await waitUntil('a try fails', () => stateOf(rig.alias).includes('nothing listens'));
    await rig.start();
    await waitUntil('it is back', async () => {
      const answer = await box.run(['echo', 'back'], signal).catch(() => undefined);
      return answer?.stdout === 'back\n';
    });
  });

  it('goes on with its connection while sshd is restarted', async () => {
    const rig = await rigs.start();
    const box = open(rigs.client(rig)).host(rig.alias);
    const running = box.run(['sh', '-c', 'read line; echo $line'], signal, { stdin: 'kept\n' });
    assert.equal((await running).stdout, 'kept\n');
    const program = await box.start(['cat'], signal);
    await rig.restart();
    program.stderr.resume();
    program.stdin.end('kept');
    assert.equal(await text(program.stdout), 'kept');
  });

  it('waits for its turn where the server takes few newcomers', async () => {
    const rig = await rigs.start({ maxStartups: '1:100:1' });
    const box = open(rigs.client(rig)).host(rig.alias);
    const other = await waitUntil('another newcomer is being served', async () => {
      const socket = connect(rig.port, '127.0.0.1');
      const [greeting] = (await once(socket, 'data')) as [Buffer];
      return greeting.toString().startsWith('SSH-') ? socket : undefined;
    });
    await assert.rejects(box.run(['true'], signal), { code: 'host.unreachable' });
    other.destroy();
    await waitUntil('it is let in', async () => {
      const answer = await box.run(['echo', 'in'], signal).catch(() => undefined);
      return answer?.stdout === 'in\n';
    });
  });

  it('carries data both ways while the server changes keys, with its key checked every time', async () => {
    const rig = await rigs.start({ extraConfig: 'RekeyLimit 1M' });
    const box = open(rigs.client(rig)).host(rig.alias);
    const bytes = randomBytes(12_000_000);
    const program = await box.start(['cat'], signal);
    program.stderr.resume();
    const [back] = await Promise.all([
      buffer(program.stdout),
      pipeline(Readable.from([bytes]), program.stdin),
    ]);
    assert.ok(back.equals(bytes));
  });

  it('goes through the hosts that the configuration names', async () => {
    const [first, second, third] = await Promise.all([rigs.start(), rigs.start(), rigs.start()]);
    const { alias, port, user, keyFile, hostKey } = third;
    const config = `ProxyJump ${first.alias},${second.alias}`;
    const client = rigs.client(first, second, { alias, port, user, keyFile, hostKey, config });
    const box = open(client).host(alias);
    assert.equal((await box.run(['printenv', 'HOME'], signal)).stdout, `${third.home}\n`);
  });

  it('refuses a host that nobody vouched for, until the user connects and says yes', async () => {
    const rig = await rigs.start();
    const client = rigs.client(rig);
    writeFileSync(client.knownHostsFile, '');
    const asked: string[] = [];
    const prompts = {
      ...NO_PROMPTS,
      confirmHostKey: (question: HostKeyQuestion) => {
        asked.push(question.fingerprint);
        return Promise.resolve(true);
      },
    };
    const box = open(client, prompts).host(rig.alias);
    await assert.rejects(box.run(['true'], signal), { code: 'host.refused' });
    assert.equal(hosts.hosts()[0]?.state.kind, 'refused');
    assert.deepEqual(asked, []);
    await hosts.connect(rig.alias, signal);
    assert.equal(asked.length, 1);
    assert.equal((await box.run(['echo', 'in'], signal)).stdout, 'in\n');
  });

  it('takes the system’s ssh where the source says so', async () => {
    const rig = await rigs.start();
    const box = open(rigs.client(rig)).host(rig.alias, 'openssh');
    assert.equal((await box.run(['echo', 'in'], signal)).stdout, 'in\n');
    assert.deepEqual(hosts.hosts()[0]?.state, { kind: 'connected', transport: 'openssh' });
  });

  it('takes the system’s ssh where ssh2 and the server have no algorithm in common, and says why', async function () {
    const modern = 'sntrup761x25519-sha512@openssh.com';
    if (!execFileSync('ssh', ['-Q', 'kex'], { encoding: 'utf8' }).includes(modern)) this.skip();
    const rig = await rigs.start({ extraConfig: `KexAlgorithms ${modern}` });
    const client = rigs.client(rig);
    await assert.rejects(open(client).host(rig.alias, 'ssh2').run(['true'], signal), {
      code: 'host.refused',
    });
    hosts.dispose();
    assert.equal((await open(client).host(rig.alias).run(['echo', 'in'], signal)).stdout, 'in\n');
    const [summary] = hosts.hosts();
    assert.ok(summary?.state.kind === 'connected');
    assert.equal(summary.state.transport, 'openssh');
    assert.match(summary.state.because ?? '', /no key exchange algorithm in common/);
  });

  it('takes the system’s ssh where only an authority vouches for a host on the way, and says why', async () => {
    const temp = makeTempDir('hsm-authority-');
    const certificate = join(temp.path, 'host-cert.pub');
    const rig = await rigs.start({ extraConfig: `HostCertificate ${certificate}` });
    const authority = makeKeyFile(join(temp.path, 'authority'), 'ed25519');
    const sign = ['-q', '-s', authority, '-h', '-I', 'box', '-n', '127.0.0.1', `${rig.hostKeyFile}.pub`];
    execFileSync('ssh-keygen', sign);
    copyFileSync(`${rig.hostKeyFile}-cert.pub`, certificate);
    await rig.restart();
    const bastion = await rigs.start();
    const { alias, port, user, keyFile, hostKey } = rig;
    const config = `ProxyJump ${bastion.alias}`;
    const client = rigs.client(bastion, { alias, port, user, keyFile, hostKey, config });
    const vouch = (key: string): void => {
      const lines = [
        `@cert-authority [127.0.0.1]:${port} ${key}`,
        `[127.0.0.1]:${bastion.port} ${bastion.hostKey}`,
      ];
      writeFileSync(client.knownHostsFile, lines.map((line) => `${line}\n`).join(''));
    };
    vouch(readFileSync(`${authority}.pub`, 'utf8').trim());
    assert.equal((await open(client).host(alias).run(['echo', 'in'], signal)).stdout, 'in\n');
    const [summary] = hosts.hosts();
    assert.ok(summary?.state.kind === 'connected');
    assert.equal(summary.state.transport, 'openssh');
    assert.match(summary.state.because ?? '', /known only by the authority/);
    hosts.dispose();
    // The certificate is of another authority.
    vouch(bastion.hostKey);
    await assert.rejects(open(client).host(alias).run(['true'], signal), { code: 'host.refused' });
    temp.dispose();
  });

  it('lets no host that is away delay another', async () => {
    const [near, away] = await Promise.all([rigs.start(), rigs.start()]);
    const proxy = await rigs.proxy(away);
    proxy.blackHole(true);
    const { user, keyFile, hostKey } = away;
    const client = rigs.client(near, { alias: 'away', port: proxy.port, user, keyFile, hostKey });
    open(client);
    const giveUp = new AbortController();
    const lost = assert.rejects(hosts.host('away').run(['true'], giveUp.signal), { name: 'AbortError' });
    assert.equal((await hosts.host(near.alias).run(['echo', 'here'], signal)).stdout, 'here\n');
    assert.equal(hosts.hosts().find(({ host }) => host === 'away')?.state.kind, 'connecting');
    giveUp.abort();
    await lost;
  });

  it('opens terminals, and closes everything when the user disconnects', async () => {
    const rig = await rigs.start();
    open(rigs.client(rig));
    const shell = await hosts.openShell(rig.alias, { columns: 80, rows: 24 }, signal);
    let printed = '';
    let hasEnded = false;
    shell.onDidPrint((piece) => {
      printed += piece;
    });
    shell.onDidEnd(() => {
      hasEnded = true;
    });
    shell.type('echo $((20 + 22))\n');
    await waitUntil('it answers', () => printed.includes('42'));
    await hosts.disconnect(rig.alias);
    await waitUntil('the terminal ended', () => hasEnded);
    assert.equal(hosts.hosts()[0]?.state.kind, 'disconnected');
    await waitUntil('the server saw the end', () => rig.log().includes('Disconnected from user'));
  });

  function stateOf(alias: string): string {
    return JSON.stringify(hosts.hosts().find(({ host }) => host === alias)?.state);
  }

  function untilState(alias: string, kind: string): Promise<true> {
    return waitUntil(`${alias} is ${kind}`, () => stateOf(alias).includes(`"kind":"${kind}"`));
  }
});
