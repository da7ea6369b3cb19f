import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { openSshConfig } from '../../../src/adapters/ssh/config/openSshConfig';
import { chooseTransport } from '../../../src/adapters/ssh/openssh/chooseTransport';
import {
  connectOpenSsh,
  type OpenSshOptions,
  type OpenSshTransport,
} from '../../../src/adapters/ssh/openssh/openSshTransport';
import { SshHost } from '../../../src/adapters/ssh/sshHost';
import { SshSession } from '../../../src/adapters/ssh/sshSession';
import type { SshTarget } from '../../../src/adapters/ssh/sshTarget';
import { HsmError } from '../../../src/core/base/errors';
import { DisposableStore } from '../../../src/core/base/lifecycle';
import { silentLogger } from '../../../src/core/base/logger';
import { describeHost } from '../../contract/hostContract';
import { describeStreamHost } from '../../contract/streamHostContract';
import { password } from '../../support/sshd/account';
import { makeKeyFile } from '../../support/sshd/agent';
import type { SshClientHome } from '../../support/sshd/sshConfig';
import { KeptLog, MemorySecrets, ScriptedUser } from '../../support/sshd/sshLogin';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';

const { signal } = new AbortController();

describe('a host over the ssh of the system', function () {
  this.timeout(60_000);
  const rigs = useSshd();
  let opened: { host: SshHost; session: SshSession };

  before(async () => {
    const rig = await rigs.start();
    const transport = await connect(rigs.client(rig), rig.alias);
    const session = new SshSession(transport, rig.alias, silentLogger);
    opened = { session, host: new SshHost(rig.alias, () => Promise.resolve(session), silentLogger) };
  });
  after(() => {
    opened.session.dispose();
  });

  describeHost('SshHost over OpenSSH', () => opened.host);
  describeStreamHost('SshHost over OpenSSH', () => opened.host, {
    kind: 'signalled',
    signal: 'SIGunknown',
  });
});

describe('the ssh of the system', function () {
  this.timeout(60_000);
  const rigs = useSshd();
  let store = new DisposableStore();

  beforeEach(() => {
    store = new DisposableStore();
  });
  afterEach(() => {
    store.dispose();
  });

  const open = async (
    client: SshClientHome,
    alias: string,
    changes: Partial<OpenSshOptions> = {},
  ): Promise<OpenSshTransport> => store.add(await connect(client, alias, changes));

  it('is one process and one connection, in a directory that only the user may enter, and leaves nothing', async () => {
    const rig = await rigs.start();
    const before = privateDirs();
    const transport = await open(rigs.client(rig), rig.alias);
    for (const word of ['a', 'b', 'c']) assert.equal(await output(transport, `echo ${word}`), `${word}\n`);
    const [dir = ''] = privateDirs().filter((each) => !before.includes(each));
    assert.equal(statSync(join(tmpdir(), dir)).mode & 0o777, 0o700);
    assert.equal(logins(rig), 1);
    transport.dispose();
    assert.deepEqual(
      privateDirs().filter((each) => !before.includes(each)),
      [],
    );
    await waitUntil('the connection is closed', () =>
      /Disconnected from|Connection closed by/.test(rig.log()),
    );
  });

  it('waits for a session where the server allows one', async () => {
    const rig = await rigs.start({ maxSessions: 1 });
    const transport = await open(rigs.client(rig), rig.alias);
    const words = await Promise.all(
      ['a', 'b', 'c'].map((word) => output(transport, `sleep 0.1; echo ${word}`)),
    );
    assert.deepEqual(words, ['a\n', 'b\n', 'c\n']);
    assert.equal(logins(rig), 1);
  });

  it('tells when the connection is lost, once, and what that makes of its channels', async () => {
    const rig = await rigs.start();
    const transport = await open(rigs.client(rig), rig.alias);
    const losses: string[] = [];
    transport.onDidLose((reason) => losses.push(reason));
    const channel = await transport.exec('sleep 600', signal);
    channel.io.resume();
    channel.stderr.resume();
    rig.killSessions();
    assert.equal((await channel.ended).kind, 'lost');
    await waitUntil('the loss is told', () => losses.length === 1);
    await assert.rejects(transport.exec('true', signal), (error) => HsmError.is(error, 'host.unreachable'));
    assert.equal(losses.length, 1);
  });

  it('goes through jump hosts and proxy commands, as the configuration says', async () => {
    const [bastion, inner] = [await rigs.start(), await rigs.start()];
    const viaJump = { ...reachable(inner), config: `ProxyJump ${bastion.alias}` };
    const transport = await open(rigs.client(bastion, viaJump), inner.alias);
    assert.equal(await output(transport, 'echo in'), 'in\n');
    assert.equal(logins(bastion), 1);
    const relay = join(inner.dir, 'relay.cjs');
    writeFileSync(relay, RELAY);
    const proxyCommand = `ProxyCommand ${process.execPath} ${relay} ${inner.port}\nHostName no-such-host.invalid`;
    const client = rigs.client({
      ...reachable(inner),
      config: `${proxyCommand}\nHostKeyAlias [127.0.0.1]:${inner.port}`,
    });
    const target = await targetOf(client, inner.alias);
    assert.deepEqual(chooseTransport(target, 'auto').kind, 'openssh');
    assert.equal(await output(await open(client, inner.alias), 'echo in'), 'in\n');
  });

  it('uses the connection that the user has open, and leaves it open', async () => {
    const rig = await rigs.start();
    const client = rigs.client({ ...reachable(rig), config: 'ControlPath ~/.ssh/cm-%C\nControlMaster auto' });
    const users = spawn('ssh', ['-M', '-N', '--', rig.alias], {
      env: { ...process.env, ...client.env },
      stdio: 'ignore',
    });
    try {
      await waitUntil('the user is connected', () =>
        readdirSync(join(client.home, '.ssh')).some((name) => /^cm-[0-9a-f]+$/.test(name)),
      );
      const transport = await open(client, rig.alias);
      assert.equal(await output(transport, 'echo hi'), 'hi\n');
      assert.equal(logins(rig), 1);
      transport.dispose();
      assert.equal(users.exitCode, null);
      const again = await open(client, rig.alias);
      users.kill();
      await waitUntil('the user is gone', () => users.exitCode !== null || users.signalCode !== null);
      await assert.rejects(again.exec('true', signal), (error) => HsmError.is(error, 'host.unreachable'));
    } finally {
      users.kill();
    }
  });

  it('asks for a password in our way, and keeps it if told to', async () => {
    const rig = await rigs.start({ extraConfig: 'PasswordAuthentication yes\nPubkeyAuthentication no' });
    const client = rigs.client(rig);
    const secrets = new MemorySecrets();
    const log = new KeptLog();
    const user = new ScriptedUser([[password]], true);
    const transport = await open(client, rig.alias, { prompts: user, secrets, log });
    assert.equal(await output(transport, 'echo in'), 'in\n');
    assert.deepEqual(
      user.requests.map(({ kind, subject, canRemember }) => [kind, subject, canRemember]),
      [['password', `${rig.user}@127.0.0.1`, true]],
    );
    await open(client, rig.alias, { secrets, log });
    secrets.kept.set([...secrets.kept.keys()][0] ?? '', 'stale');
    await checkRefused(client, rig.alias, /password that was kept was not accepted.*kept is forgotten now/, {
      secrets,
      log,
    });
    assert.equal(secrets.kept.size, 0);
    await checkRefused(client, rig.alias, /nobody is to be asked now/, { secrets, log });
    const before = connections(rig);
    const wrong = new ScriptedUser([['wrong'], [password]]);
    await checkRefused(client, rig.alias, /The password of dana@127.0.0.1 was not accepted/, {
      prompts: wrong,
      log,
    });
    assert.deepEqual([wrong.requests.length, connections(rig) - before], [1, 1]);
    assert.ok(!log.text.includes(password));
  });

  it('asks for the passphrase of a key', async () => {
    const rig = await rigs.start();
    const file = makeKeyFile(join(rig.dir, 'locked'), 'ed25519', 'open it');
    writeFileSync(join(rig.dir, 'authorized_keys'), readFileSync(`${file}.pub`));
    const client = rigs.client({ ...reachable(rig), keyFile: file });
    const user = new ScriptedUser([['open it']]);
    await open(client, rig.alias, { prompts: user });
    assert.deepEqual(
      user.requests.map(({ kind, subject }) => [kind, subject]),
      [['passphrase', file]],
    );
  });

  it('shows unknown host keys, takes a no for a no, and refuses changed ones with the line', async () => {
    const rig = await rigs.start();
    const client = rigs.client(rig);
    writeFileSync(client.knownHostsFile, '');
    await checkRefused(client, rig.alias, /host key of \S+ is not known yet: ED25519 SHA256:/);
    await checkRefused(client, rig.alias, /host key of \S+ was not accepted/, {
      prompts: new ScriptedUser([], false, false),
    });
    const user = new ScriptedUser();
    await open(client, rig.alias, { prompts: user });
    assert.match(user.questions[0]?.fingerprint ?? '', /^SHA256:/);
    assert.match(readFileSync(client.knownHostsFile, 'utf8'), /ssh-ed25519/);
    const other = makeKeyFile(join(rig.dir, 'other'), 'ed25519');
    const line = readFileSync(`${other}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
    writeFileSync(client.knownHostsFile, `[127.0.0.1]:${rig.port} ${line}\n`);
    await checkRefused(client, rig.alias, /Offending ED25519 key in \S+known_hosts:1/, { prompts: user });
  });

  it('does not take unknown keys because the configuration checks none', async () => {
    const rig = await rigs.start();
    const client = rigs.client({ ...reachable(rig), config: 'StrictHostKeyChecking no' });
    writeFileSync(client.knownHostsFile, '');
    await checkRefused(client, rig.alias, /not known yet/);
  });

  it('says why a host is not reachable', async () => {
    const rig = await rigs.start();
    await rig.stop();
    await assert.rejects(
      connect(rigs.client(rig), rig.alias),
      (error) => HsmError.is(error, 'host.unreachable') && error.message.includes('Connection refused'),
    );
  });

  it('opens a shell on a terminal of the right size, which can change', async () => {
    const rig = await rigs.start();
    const transport = await open(rigs.client(rig), rig.alias);
    const shell = store.add(await transport.shell({ columns: 97, rows: 31, dir: '/' }, signal));
    let printed = '';
    const ends: (number | undefined)[] = [];
    shell.onDidEnd((end) => ends.push(end));
    shell.onDidPrint((words) => (printed += words));
    shell.type('stty size; pwd; echo "$TERM"\n');
    await waitUntil('the size is shown', () => printed.includes('31 97\r\n/\r\nxterm-256color\r\n'));
    assert.doesNotMatch(printed, /hsm-/);
    shell.resize(200, 50);
    shell.resize(120, 40);
    await waitUntil(
      'the new size is shown',
      () => {
        shell.type('stty size\n');
        return printed.includes('40 120\r\n');
      },
      20_000,
      200,
    );
    shell.type('exit 5\n');
    await waitUntil('the shell has ended', () => ends.length === 1);
    assert.deepEqual(ends, [5]);
  });

  it('ends with the process that started it', async () => {
    const rig = await rigs.start();
    const client = rigs.client(rig);
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--import',
        './test/support/textModules.mjs',
        '--input-type=module',
        '-e',
        program(client, rig),
      ],
      { env: { ...process.env, ...client.env, TMPDIR: client.home }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await waitUntil('it is connected', () => logins(rig) === 1, 40_000);
    const dirs = (): string[] => readdirSync(client.home).filter((name) => name.startsWith('hsm-ssh-'));
    assert.equal(dirs().length, 1);
    child.kill('SIGKILL');
    await waitUntil('the connection is closed', () =>
      /Disconnected from|Connection closed by/.test(rig.log()),
    );
  });

  async function checkRefused(
    client: SshClientHome,
    alias: string,
    message: RegExp,
    changes: Partial<OpenSshOptions> = {},
  ): Promise<void> {
    await assert.rejects(
      connect(client, alias, changes),
      (error) =>
        (HsmError.is(error, 'host.refused') && message.test(error.message)) || assert.fail(String(error)),
    );
  }
});

async function targetOf(client: SshClientHome, alias: string): Promise<SshTarget> {
  const config = openSshConfig(silentLogger, {
    home: client.home,
    env: {},
    configFiles: [{ path: client.configFile, isUsers: true }],
  });
  return config.resolve(alias);
}

async function connect(
  client: SshClientHome,
  alias: string,
  changes: Partial<OpenSshOptions> = {},
): Promise<OpenSshTransport> {
  const target = await targetOf(client, alias);
  return connectOpenSsh(
    {
      target,
      prompts: undefined,
      secrets: new MemorySecrets(),
      clock: systemClock,
      log: silentLogger,
      env: { ...client.env, SSH_AUTH_SOCK: undefined },
      ...changes,
    },
    signal,
  );
}

async function output(transport: OpenSshTransport, command: string): Promise<string> {
  const channel = await transport.exec(command, signal);
  channel.io.end();
  channel.stderr.resume();
  const out = await text(channel.io);
  await channel.ended;
  return out;
}

/** Standard input and output to a port, which is its argument. */
const RELAY = `
  const socket = require('node:net').connect(Number(process.argv[2]), '127.0.0.1');
  process.stdin.pipe(socket).pipe(process.stdout);
`;

function reachable({ alias, port, user, keyFile, hostKey }: SshdRig): {
  alias: string;
  port: number;
  user: string;
  keyFile: string;
  hostKey: string;
} {
  return { alias, port, user, keyFile, hostKey };
}

function privateDirs(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('hsm-ssh-'));
}

function logins(rig: SshdRig): number {
  return rig
    .log()
    .split('\n')
    .filter((line) => line.startsWith('Accepted publickey')).length;
}

function connections(rig: SshdRig): number {
  return rig
    .log()
    .split('\n')
    .filter((line) => line.startsWith('Connection from')).length;
}

/** Connects and stays. */
function program(client: SshClientHome, rig: SshdRig): string {
  const load = (path: string): string => JSON.stringify(join(process.cwd(), path));
  return `
    import connection from ${load('src/adapters/ssh/openssh/openSshTransport.ts')};
    import configuration from ${load('src/adapters/ssh/config/openSshConfig.ts')};
    import clock from ${load('src/adapters/clock/systemClock.ts')};
    const log = { error() {}, warn() {}, info() {}, debug() {} };
    const secrets = { get: async () => undefined, set: async () => {}, delete: async () => {} };
    const files = [{ path: ${JSON.stringify(client.configFile)}, isUsers: true }];
    const config = configuration.openSshConfig(log, { home: ${JSON.stringify(client.home)}, env: {}, configFiles: files });
    const target = await config.resolve(${JSON.stringify(rig.alias)});
    const options = { target, prompts: undefined, secrets, clock: clock.systemClock, log };
    await connection.connectOpenSsh(options, new AbortController().signal);
    setInterval(() => {}, 1000);
  `;
}
