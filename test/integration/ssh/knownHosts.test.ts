import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createHostKeyVerifier,
  type HostKeyVerifier,
} from '../../../src/adapters/ssh/hostKeys/hostKeyVerifier';
import type { SshTarget } from '../../../src/adapters/ssh/sshTarget';
import { silentLogger } from '../../../src/core/base/logger';
import type { ConnectionPrompts, HostKeyQuestion } from '../../../src/core/compute/connectionPrompts';
import { opensshServer, skipUnless } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';
import { madeUpTarget } from '../../unit/adapters/ssh/madeUpTarget';

const run = promisify(execFile);
const KINDS = ['ed25519', 'rsa', 'ecdsa'] as const;

describe('known_hosts, shared with OpenSSH', function () {
  this.timeout(60_000);
  const temp = makeTempDir();
  const file = join(temp.path, 'ssh', 'known_hosts');
  const keys = new Map<string, { type: string; encoded: string; blob: Buffer; print: string }>();

  before(async function () {
    skipUnless(this, opensshServer);
    for (const kind of [...KINDS, 'other'] as const) {
      const path = join(temp.path, kind);
      const type = kind === 'other' ? 'ed25519' : kind;
      await run('ssh-keygen', [
        '-q',
        '-t',
        type,
        ...(type === 'rsa' ? ['-b', '2048'] : []),
        '-N',
        '',
        '-f',
        path,
      ]);
      const [name = '', encoded = ''] = readFileSync(`${path}.pub`, 'utf8').split(' ');
      const { stdout } = await run('ssh-keygen', ['-l', '-f', `${path}.pub`]);
      const print = stdout.split(' ')[1] ?? '';
      keys.set(kind, { type: name, encoded, blob: Buffer.from(encoded, 'base64'), print });
    }
  });
  beforeEach(() => {
    mkdirSync(join(temp.path, 'ssh'), { recursive: true });
    writeFileSync(file, '');
  });
  after(() => {
    temp.dispose();
  });

  const keyOf = (kind: string): { type: string; encoded: string; blob: Buffer; print: string } => {
    const found = keys.get(kind);
    assert.ok(found);
    return found;
  };
  const lineOf = (name: string, kind: string): string =>
    `${name} ${keyOf(kind).type} ${keyOf(kind).encoded} c@d\n`;

  it('is found in lines that ssh-keygen has hashed', async () => {
    writeFileSync(file, lineOf('gpu.example', 'ed25519') + lineOf('[gpu.example]:2222,10.0.0.1', 'rsa'));
    await run('ssh-keygen', ['-H', '-f', file]);
    assert.match(readFileSync(file, 'utf8'), /^\|1\|/);
    assert.equal(await verdict(target(), keyOf('ed25519').blob), true);
    assert.equal(await verdict(target({ port: 2222 }), keyOf('rsa').blob), true);
    assert.equal(await verdict(target({ hostName: '10.0.0.1' }), keyOf('rsa').blob), true);
    assert.equal(await verdict(target({ hostName: 'GPU.example', alias: 'x' }), keyOf('other').blob), false);
  });

  it('gets accepted keys that ssh-keygen finds, plain and hashed, in a new file for the user alone', async () => {
    for (const hash of [false, true]) {
      const fresh = join(temp.path, `fresh ${String(hash)}`, '.ssh', 'known_hosts');
      const asked = new Asked(true);
      const host = target({ port: 2222, knownHosts: knownIn(fresh, { hash }) });
      assert.equal(await verdict(host, keyOf('ecdsa').blob, asked), true);
      assert.deepEqual(asked.questions, [
        {
          host: 'gpubox',
          address: 'gpu.example:2222',
          keyType: 'ecdsa-sha2-nistp256',
          fingerprint: keyOf('ecdsa').print,
          knownAs: [],
        },
      ]);
      const { stdout } = await run('ssh-keygen', ['-F', '[gpu.example]:2222', '-f', fresh]);
      assert.match(stdout, /found: line 1/);
      assert.equal(statSync(fresh).mode & 0o777, 0o600);
      assert.equal(statSync(join(fresh, '..')).mode & 0o777, 0o700);
      assert.equal(readFileSync(fresh, 'utf8').startsWith(hash ? '|1|' : '[gpu.example]:2222 '), true);
      assert.equal(await verdict(host, keyOf('ecdsa').blob), true);
    }
  });

  it('gets a line of its own where the last one was torn', async () => {
    writeFileSync(file, lineOf('one', 'rsa').trimEnd());
    assert.equal(
      await verdict(target({ knownHosts: knownIn(file, { policy: 'accept-new' }) }), keyOf('rsa').blob),
      true,
    );
    for (const name of ['one', 'gpu.example']) await run('ssh-keygen', ['-F', name, '-f', file]);
  });

  it('names the line and both fingerprints of a key that changed, whatever the policy', async () => {
    writeFileSync(file, `# mine\n${lineOf('gpu.example', 'ed25519')}`);
    for (const policy of ['ask', 'accept-new', 'yes'] as const) {
      const asked = new Asked(true);
      const verifier = await verifierOf(target({ knownHosts: knownIn(file, { policy }) }), asked);
      assert.equal(await answerOf(verifier, keyOf('other').blob), false);
      const message = verifier.refusal()?.message ?? '';
      for (const part of [keyOf('other').print, keyOf('ed25519').print, `line 2 of ${file}`]) {
        assert.ok(message.includes(part), message);
      }
      assert.deepEqual(asked.questions, []);
      assert.match(verifier.refusal()?.details.hint ?? '', /ssh-keygen -R 'gpu.example'/);
    }
    await run('ssh-keygen', ['-R', 'gpu.example', '-f', file]);
    assert.equal(await verdict(target(), keyOf('other').blob, new Asked(true)), true);
  });

  it('refuses revoked keys, and hosts that only an authority vouches for', async () => {
    writeFileSync(file, `${lineOf('gpu.example', 'rsa')}@revoked ${lineOf('*', 'rsa')}`);
    await checkRefusal(target(), keyOf('rsa').blob, /revoked.*line 2 of/);
    writeFileSync(file, `@cert-authority ${lineOf('*.example', 'rsa')}`);
    await checkRefusal(target(), keyOf('ed25519').blob, /only by the authority.*line 1 of/);
  });

  it('fails closed when a file cannot be read', async () => {
    const dir = join(temp.path, 'a directory');
    mkdirSync(dir);
    await checkRefusal(target({ knownHosts: knownIn(dir, {}) }), keyOf('rsa').blob, /cannot be read/);
  });

  it('asks nobody where nobody may be asked, and takes a no for a no', async () => {
    await checkRefusal(target(), keyOf('rsa').blob, /not known yet: ssh-rsa SHA256:/, undefined);
    await checkRefusal(target(), keyOf('rsa').blob, /was not accepted/, new Asked(false));
    const strict = target({ knownHosts: knownIn(file, { policy: 'yes' }) });
    await checkRefusal(strict, keyOf('rsa').blob, /StrictHostKeyChecking/, new Asked(true));
    assert.equal(readFileSync(file, 'utf8'), '');
  });

  it('asks about a key of another type even under accept-new, and says what is known', async () => {
    writeFileSync(file, lineOf('gpu.example', 'rsa'));
    const asked = new Asked(true);
    const host = target({ knownHosts: knownIn(file, { policy: 'accept-new' }) });
    const verifier = await verifierOf(host, asked);
    assert.deepEqual(verifier.serverHostKey.slice(0, 3), ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-ed25519']);
    assert.equal(await answerOf(verifier, keyOf('ed25519').blob), true);
    assert.deepEqual(
      asked.questions.map((each) => each.knownAs),
      [['ssh-rsa']],
    );
  });

  it('answers a re-key at once, and refuses another key then', async () => {
    const verifier = await verifierOf(target(), new Asked(true));
    assert.equal(await answerOf(verifier, keyOf('rsa').blob), true);
    const never = (): void => assert.fail('answered later');
    assert.equal(verifier.hostVerifier(keyOf('rsa').blob, never), true);
    assert.equal(verifier.hostVerifier(keyOf('other').blob, never), false);
    assert.match(verifier.refusal()?.message ?? '', /in the middle of the connection/);
  });

  it('looks up an alias without a port, and a port that is not listed without it', async () => {
    writeFileSync(file, lineOf('cluster', 'rsa') + lineOf('gpu.example', 'ed25519'));
    const aliased = target({ port: 2222, knownHosts: knownIn(file, { alias: 'Cluster' }) });
    assert.equal(await verdict(aliased, keyOf('rsa').blob), true);
    assert.equal(await verdict(target({ port: 2222 }), keyOf('ed25519').blob), true);
    assert.equal(await verdict(target({ port: 2222 }), keyOf('other').blob), false);
  });

  function target(changes: Partial<SshTarget> = {}): SshTarget {
    return madeUpTarget({ knownHosts: knownIn(file, {}), ...changes });
  }
});

class Asked implements ConnectionPrompts {
  readonly questions: HostKeyQuestion[] = [];
  constructor(private readonly answer: boolean) {}

  askSecrets(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  confirmHostKey(question: HostKeyQuestion): Promise<boolean> {
    this.questions.push(question);
    return Promise.resolve(this.answer);
  }
}

function knownIn(file: string, changes: Partial<SshTarget['knownHosts']>): SshTarget['knownHosts'] {
  return { files: [file], newEntriesIn: file, hash: false, policy: 'ask', ...changes };
}

function verifierOf(target: SshTarget, prompts?: ConnectionPrompts): Promise<HostKeyVerifier> {
  return createHostKeyVerifier({ target, prompts, log: silentLogger }, new AbortController().signal);
}

function answerOf(verifier: HostKeyVerifier, key: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const now = verifier.hostVerifier(key, resolve);
    if (now !== undefined) resolve(now);
  });
}

async function verdict(target: SshTarget, key: Buffer, prompts?: ConnectionPrompts): Promise<boolean> {
  return answerOf(await verifierOf(target, prompts), key);
}

async function checkRefusal(
  target: SshTarget,
  key: Buffer,
  message: RegExp,
  prompts?: ConnectionPrompts,
): Promise<void> {
  const verifier = await verifierOf(target, prompts);
  assert.equal(await answerOf(verifier, key), false);
  assert.match(verifier.refusal()?.message ?? '', message);
}
