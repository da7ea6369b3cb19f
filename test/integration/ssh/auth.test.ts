import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { SshTarget } from '../../../src/adapters/ssh/sshTarget';
import { HsmError } from '../../../src/core/base/errors';
import { makeKeyFile, TestAgent } from '../../support/sshd/agent';
import { KeptLog, logIn, MemorySecrets, ScriptedUser } from '../../support/sshd/sshLogin';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { madeUpTarget } from '../../unit/adapters/ssh/madeUpTarget';

describe('logging in to sshd', function () {
  this.timeout(60_000);
  const rigs = useSshd();
  let rig: SshdRig;
  let dir: string;
  let agent: TestAgent;

  before(async () => {
    rig = await rigs.start({ alias: 'box', extraConfig: `TrustedUserCAKeys /tmp/none\nMaxAuthTries 6` });
    dir = rig.dir;
    writeFileSync(join(dir, 'known_hosts'), `[127.0.0.1]:${rig.port} ${rig.hostKey}\n`);
    agent = await TestAgent.start(dir);
  });
  afterEach(() => {
    agent.clear();
  });
  after(() => {
    agent.dispose();
  });

  const target = (changes: Partial<SshTarget> = {}): SshTarget =>
    madeUpTarget({
      alias: 'box',
      hostName: '127.0.0.1',
      port: rig.port,
      user: rig.user,
      knownHosts: { files: [join(dir, 'known_hosts')], hash: false, policy: 'yes' },
      ...changes,
    });
  const newKey = (name: string, type = 'ed25519', passphrase = '', ...more: string[]): string => {
    const file = join(dir, name);
    for (const each of [file, `${file}.pub`]) rmSync(each, { force: true });
    return makeKeyFile(file, type, passphrase, ...more);
  };
  const authorize = (file: string): void => {
    appendFileSync(join(dir, 'authorized_keys'), readFileSync(`${file}.pub`));
  };

  for (const [type, ...more] of [
    ['ed25519'],
    ['rsa', '-b', '2048'],
    ['ecdsa', '-b', '256'],
    ['ecdsa', '-b', '521'],
  ]) {
    it(`takes a key file of ${[type, ...more].join(' ')}, and the same from the agent`, async () => {
      const file = newKey(`key ${[type, ...more].join('')}`, type, '', ...more);
      authorize(file);
      assert.deepEqual(await logIn(target({ identityFiles: [file] })), { asked: false });
      agent.add(file);
      await logIn(target({ agentSocket: agent.socket }));
    });
  }

  it('takes a PEM key without its public half', async () => {
    const file = newKey('pem', 'rsa', '', '-b', '2048', '-m', 'PEM');
    authorize(file);
    rmSync(`${file}.pub`);
    await logIn(target({ identityFiles: [file] }));
  });

  it('offers the agent the named key first, even where it holds many', async () => {
    agent.add(...Array.from({ length: 7 }, (_, index) => newKey(`other${index}`)));
    agent.add(rig.keyFile);
    const named = join(dir, 'only public');
    copyFileSync(`${rig.keyFile}.pub`, `${named}.pub`);
    const log = new KeptLog();
    for (const identitiesOnly of [true, false]) {
      await logIn(target({ agentSocket: agent.socket, identityFiles: [named], identitiesOnly }), { log });
    }
    assert.equal(log.lines.filter((line) => line.includes('offering')).length, 2, log.text);
  });

  it('offers nothing of the agent but what is named under IdentitiesOnly', async () => {
    agent.add(rig.keyFile);
    const file = newKey('stranger');
    await checkRefused(target({ agentSocket: agent.socket, identityFiles: [file], identitiesOnly: true }), [
      /box does not let dana@127.0.0.1:\d+ in/,
      /It takes publickey\./,
      /Tried: \S+stranger\.$/,
    ]);
  });

  it('gives up after a few keys on one connection, and says that there are more', async () => {
    agent.add(...Array.from({ length: 8 }, (_, index) => newKey(`many${index}`)));
    const before = connections(rig);
    const error = await checkRefused(target({ agentSocket: agent.socket }), [
      /Tried: the agent's key many0, /,
    ]);
    assert.match(error.details.hint ?? '', /^3 more keys were not offered/);
    assert.equal(connections(rig), before + 1);
  });

  it('asks for the passphrase of a key once, only when the server takes the key, and keeps it if told to', async () => {
    const file = newKey('locked', 'ed25519', 'open it');
    const locked = target({ identityFiles: [file] });
    const nobody = new ScriptedUser([['open it']]);
    await checkRefused(locked, [/Tried: \S+locked\.$/], { prompts: nobody });
    assert.deepEqual(nobody.requests, []);
    authorize(file);
    const secrets = new MemorySecrets();
    const forgetful = new ScriptedUser([['open it']]);
    assert.deepEqual(await logIn(locked, { prompts: forgetful, secrets }), { asked: true });
    assert.deepEqual(
      forgetful.requests.map(({ kind, subject, canRemember }) => [kind, subject, canRemember]),
      [['passphrase', file, true]],
    );
    assert.equal(secrets.kept.size, 0);
    await logIn(locked, { prompts: new ScriptedUser([['open it']], true), secrets });
    assert.deepEqual(await logIn(locked, { secrets }), { asked: false });
  });

  it('stops at a wrong passphrase, and forgets a wrong one that was kept', async () => {
    const file = newKey('locked2', 'ed25519', 'open it');
    authorize(file);
    const locked = target({ identityFiles: [file, rig.keyFile] });
    const before = connections(rig);
    const user = new ScriptedUser([['wrong'], ['open it']]);
    await checkRefused(locked, [/The passphrase of \S+locked2 is wrong/], { prompts: user });
    assert.equal(user.requests.length, 1);
    assert.equal(connections(rig), before + 1);
    const secrets = new MemorySecrets(new Map([[`ssh passphrase ${file}`, 'stale']]));
    await checkRefused(locked, [/kept for \S+locked2 is wrong. It is forgotten/], { secrets });
    assert.equal(secrets.kept.size, 0);
    await checkRefused(locked, [/passphrase of \S+locked2, and nobody is to be asked now/], { secrets });
    await checkRefused(locked, [/passphrase of \S+locked2 was not entered/], { prompts: new ScriptedUser() });
  });

  it('passes over files that are missing or no keys, and an agent that is gone, with a line for each', async () => {
    const garbage = join(dir, 'garbage');
    writeFileSync(garbage, 'not a key');
    const log = new KeptLog();
    const files = [join(dir, 'missing'), garbage, dir, rig.keyFile];
    await logIn(target({ identityFiles: files, agentSocket: join(dir, 'no agent') }), { log });
    assert.match(log.text, /not used to log in: the agent at \S+no agent: .*ENOENT/);
    assert.match(log.text, /not used to log in: \S+garbage: Unsupported key format/);
    assert.match(log.text, /not used to log in: \S+: EISDIR/);
    assert.doesNotMatch(log.text, /missing/);
  });

  it('does not hang on an agent that does not answer', async () => {
    const socket = join(dir, 'silent');
    const silent = createServer().listen(socket);
    try {
      await logIn(target({ agentSocket: socket, identityFiles: [rig.keyFile] }));
    } finally {
      silent.close();
    }
  });

  describe('with certificates', () => {
    let trusting: SshdRig;
    let authority: string;

    before(async () => {
      authority = newKey('ca');
      trusting = await rigs.start({ extraConfig: `TrustedUserCAKeys ${authority}.pub` });
      writeFileSync(join(trusting.dir, 'known_hosts'), `[127.0.0.1]:${trusting.port} ${trusting.hostKey}\n`);
    });
    const certify = (file: string): void => {
      execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'test', '-n', trusting.user, `${file}.pub`], {
        stdio: 'ignore',
      });
    };
    const trustingTarget = (changes: Partial<SshTarget>): SshTarget =>
      target({
        port: trusting.port,
        knownHosts: { files: [join(trusting.dir, 'known_hosts')], hash: false, policy: 'yes' },
        ...changes,
      });

    for (const type of ['ed25519', 'rsa', 'ecdsa']) {
      it(`takes one of ${type}, beside its key, named, and from the agent`, async () => {
        const file = newKey(`cert_${type}`, type);
        await checkRefused(trustingTarget({ identityFiles: [file] }), [/Tried: \S+cert_/]);
        certify(file);
        await logIn(trustingTarget({ identityFiles: [file] }));
        agent.add(file);
        const named = join(dir, `named_${type}-cert.pub`);
        copyFileSync(`${file}-cert.pub`, named);
        await logIn(trustingTarget({ agentSocket: agent.socket }));
        rmSync(`${file}-cert.pub`);
        await logIn(trustingTarget({ identityFiles: [file], certificateFiles: [named] }));
        await logIn(
          trustingTarget({ identityFiles: [file], agentSocket: agent.socket, identitiesOnly: true }),
        );
        assert.match(trusting.log(), new RegExp(`Accepted publickey.*${type.toUpperCase()}-CERT`));
      });
    }
  });

  it('does not connect by SHA-1', async () => {
    const old = await rigs.start({ extraConfig: 'MACs hmac-sha1\nCiphers aes128-ctr' });
    writeFileSync(join(old.dir, 'known_hosts'), `[127.0.0.1]:${old.port} ${old.hostKey}\n`);
    const host = target({
      port: old.port,
      identityFiles: [old.keyFile],
      knownHosts: { files: [join(old.dir, 'known_hosts')], hash: false, policy: 'yes' },
    });
    await assert.rejects(logIn(host), /no matching .*MAC/i);
  });

  it('takes a FIDO key that the agent holds', async () => {
    const device = new SoftwareFidoAgent();
    appendFileSync(join(dir, 'authorized_keys'), `${device.publicLine}\n`);
    const socket = join(dir, 'fido');
    const stop = device.listen(socket);
    try {
      await logIn(target({ agentSocket: socket }));
    } finally {
      stop();
    }
    assert.match(rig.log(), /Accepted publickey.*ED25519-SK/);
  });

  async function checkRefused(
    host: SshTarget,
    messages: readonly RegExp[],
    options: Parameters<typeof logIn>[1] = {},
  ): Promise<HsmError<'host.refused'>> {
    try {
      await logIn(host, options);
    } catch (error) {
      if (!HsmError.is(error, 'host.refused')) throw error;
      for (const message of messages) assert.match(error.message, message);
      return error;
    }
    return assert.fail('logged in');
  }
});

/** How many connections sshd has seen. */
function connections(rig: SshdRig): number {
  return rig
    .log()
    .split('\n')
    .filter((line) => line.startsWith('Connection from')).length;
}

const FIDO = 'sk-ssh-ed25519@openssh.com';
const APPLICATION = 'ssh:';

/** An agent that holds one FIDO key, whose device is software. @see PROTOCOL.u2f of OpenSSH */
class SoftwareFidoAgent {
  private readonly keys = generateKeyPairSync('ed25519');
  private readonly blob: Buffer;
  private counter = 0;

  constructor() {
    const raw = this.keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
    this.blob = Buffer.concat([text(FIDO), text(raw), text(APPLICATION)]);
  }

  get publicLine(): string {
    return `${FIDO} ${this.blob.toString('base64')} fido`;
  }

  /** Returns what ends it. */
  listen(path: string): () => void {
    const server = createServer((socket) => {
      socket.on('data', (message) => {
        socket.write(text(message[4] === 11 ? this.list() : this.sign(message.subarray(5))));
      });
    }).listen(path);
    return () => server.close();
  }

  private list(): Buffer {
    return Buffer.concat([Buffer.from([12]), number(1), text(this.blob), text('fido')]);
  }

  private sign(request: Buffer): Buffer {
    const blobLength = request.readUInt32BE(0);
    const dataLength = request.readUInt32BE(4 + blobLength);
    const data = request.subarray(8 + blobLength, 8 + blobLength + dataLength);
    const proof = Buffer.concat([Buffer.from([1]), number(++this.counter)]);
    const signature = sign(null, Buffer.concat([hash(APPLICATION), proof, hash(data)]), this.keys.privateKey);
    return Buffer.concat([Buffer.from([14]), text(Buffer.concat([text(FIDO), text(signature), proof]))]);
  }
}

function text(value: string | Buffer): Buffer {
  const content = Buffer.from(value);
  return Buffer.concat([number(content.length), content]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function hash(value: string | Buffer): Buffer {
  return createHash('sha256').update(value).digest();
}
