import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { openSshConfig } from '../../../src/adapters/ssh/config/openSshConfig';
import { openTransport } from '../../../src/adapters/ssh/openTransport';
import type { SshTransport } from '../../../src/adapters/ssh/sshTransport';
import { HsmError } from '../../../src/core/base/errors';
import { silentLogger } from '../../../src/core/base/logger';
import { makeKeyFile } from '../../support/sshd/agent';
import { FakeSshServer } from '../../support/sshd/fakeSshServer';
import type { ConfiguredRig, SshClientHome } from '../../support/sshd/sshConfig';
import { logIn, MemorySecrets, ScriptedUser } from '../../support/sshd/sshLogin';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { madeUpTarget } from '../../unit/adapters/ssh/madeUpTarget';

const { signal } = new AbortController();

describe('the trust in hosts, on the way to one', function () {
  this.timeout(60_000);
  const rigs = useSshd();

  it('is judged for each hop under its own name', async () => {
    const [bastion, inner] = [await rigs.start({ alias: 'bastion' }), await rigs.start({ alias: 'inner' })];
    const client = rigs.client(bastion, via(inner, 'bastion'));
    (await connect(client, 'inner')).dispose();

    const good = { bastion: lineOf(bastion), inner: lineOf(inner) };
    const forged = readFileSync(`${makeKeyFile(join(inner.dir, 'forged'), 'ed25519')}.pub`, 'utf8');
    for (const liar of [bastion, inner]) {
      const wrong = `[127.0.0.1]:${liar.port} ${forged}`;
      writeFileSync(client.knownHostsFile, Object.values({ ...good, [liar.alias]: wrong }).join(''));
      await assert.rejects(
        connect(client, 'inner', new ScriptedUser()),
        (error) =>
          HsmError.is(error, 'host.refused') &&
          error.message.includes(`The host key of ${liar.alias} (127.0.0.1:${liar.port}) has changed`) &&
          error.message.includes(`of ${client.knownHostsFile}`),
      );
    }
    // The key of one hop is no key of the other.
    writeFileSync(client.knownHostsFile, `[127.0.0.1]:${inner.port} ${bastion.hostKey}\n${good.bastion}`);
    await assert.rejects(connect(client, 'inner'), /host key of inner .* has changed/);
  });

  it('is asked for at each unknown hop, and remembered', async () => {
    const [bastion, inner] = [await rigs.start({ alias: 'bastion' }), await rigs.start({ alias: 'inner' })];
    const client = rigs.client(bastion, via(inner, 'bastion'));
    writeFileSync(client.knownHostsFile, '');
    const user = new ScriptedUser();
    (await connect(client, 'inner', user)).dispose();
    assert.deepEqual(
      user.questions.map(({ host, address, fingerprint }) => [host, address, fingerprint]),
      [bastion, inner].map((rig) => [rig.alias, `127.0.0.1:${rig.port}`, printOf(rig)]),
    );
    assert.equal(readFileSync(client.knownHostsFile, 'utf8'), lineOf(bastion) + lineOf(inner));
    (await connect(client, 'inner')).dispose();
  });

  it('outlives many changes of keys after the user was asked, with data on its way', async () => {
    const rig = await rigs.start({ extraConfig: 'RekeyLimit 1M' });
    const client = rigs.client(rig);
    writeFileSync(client.knownHostsFile, '');
    const transport = await connect(client, rig.alias, new ScriptedUser());
    const bytes = Buffer.alloc(8_000_000, 'x');
    const channel = await transport.exec('sha256sum', signal);
    channel.stderr.resume();
    channel.io.end(bytes);
    const sum = createHash('sha256').update(bytes).digest('hex');
    assert.equal((await text(channel.io)).split(' ')[0], sum);
    transport.dispose();
  });

  it('comes before any secret: a server with another key sees no attempt to log in', async () => {
    const server = await FakeSshServer.start((attempt) => {
      attempt.reject(['password']);
    });
    const other = await FakeSshServer.start(() => undefined);
    try {
      const file = join((await rigs.start()).dir, 'known');
      writeFileSync(file, `[127.0.0.1]:${server.port} ${other.hostKey}\n`);
      const user = new ScriptedUser([['canary']]);
      const target = madeUpTarget({
        hostName: '127.0.0.1',
        port: server.port,
        knownHosts: { files: [file], newEntriesIn: file, hash: false, policy: 'ask' },
      });
      await assert.rejects(logIn(target, { prompts: user }), /has changed/);
      assert.deepEqual(server.attempts, ['connection']);
      assert.deepEqual([user.requests, user.questions], [[], []]);
    } finally {
      server.dispose();
      other.dispose();
    }
  });
});

async function connect(client: SshClientHome, alias: string, prompts?: ScriptedUser): Promise<SshTransport> {
  const files = [{ path: client.configFile, isUsers: true }];
  const config = openSshConfig(silentLogger, { home: client.home, env: {}, configFiles: files });
  const options = {
    target: await config.resolve(alias),
    choice: 'ssh2' as const,
    prompts,
    secrets: new MemorySecrets(),
    clock: systemClock,
    log: silentLogger,
  };
  return (await openTransport(options, signal)).transport;
}

function via({ alias, port, user, keyFile, hostKey }: SshdRig, jump: string): ConfiguredRig {
  return { alias, port, user, keyFile, hostKey, config: `ProxyJump ${jump}` };
}

function lineOf({ port, hostKey }: SshdRig): string {
  return `[127.0.0.1]:${port} ${hostKey}\n`;
}

function printOf({ hostKey }: SshdRig): string {
  const blob = Buffer.from(hostKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
