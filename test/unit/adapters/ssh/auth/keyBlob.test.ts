import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { keyOf, parsePublicLine, requestAlgorithm } from '../../../../../src/adapters/ssh/auth/keyBlob';
import { parsePrivateKey, publicHalf } from '../../../../../src/adapters/ssh/auth/privateKey';
import { wireBigNumber, wireNumber, wireString, WireReader } from '../../../../../src/adapters/ssh/auth/wire';

describe('a public key on the wire', () => {
  it('of RSA is offered with SHA-2 only, others by their own names', () => {
    const cases = [
      ['ssh-rsa', 'rsa-sha2-512'],
      ['ssh-rsa-cert-v01@openssh.com', 'rsa-sha2-512-cert-v01@openssh.com'],
      ['ssh-ed25519', 'ssh-ed25519'],
      ['sk-ssh-ed25519-cert-v01@openssh.com', 'sk-ssh-ed25519-cert-v01@openssh.com'],
    ] as const;
    for (const [type, expected] of cases) {
      assert.equal(requestAlgorithm(wireString(type)), expected);
    }
  });

  it('is found in its certificate, of every type', () => {
    const fields: [string, string[]][] = [
      ['ssh-rsa', ['e', 'n']],
      ['ssh-ed25519', ['pk']],
      ['ecdsa-sha2-nistp384', ['curve', 'q']],
      ['sk-ssh-ed25519@openssh.com', ['pk', 'ssh:']],
      ['sk-ecdsa-sha2-nistp256@openssh.com', ['curve', 'q', 'ssh:']],
    ];
    for (const [type, values] of fields) {
      const plain = Buffer.concat([wireString(type), ...values.map(wireString)]);
      const name = `${type.replace('@openssh.com', '')}-cert-v01@openssh.com`;
      const certificate = [wireString(name), wireString('nonce'), ...values.map(wireString), wireNumber(7)];
      assert.deepEqual(keyOf(Buffer.concat(certificate)), plain, type);
      assert.deepEqual(keyOf(plain), plain, type);
    }
    assert.equal(keyOf(wireString('ssh-dss')), undefined);
    assert.equal(keyOf(Buffer.alloc(2)), undefined);
  });

  it('is read from a line only when the line names its type', () => {
    const blob = wireString('ssh-ed25519');
    assert.deepEqual(parsePublicLine(`ssh-ed25519 ${blob.toString('base64')} me@here`), blob);
    assert.equal(parsePublicLine(`ssh-rsa ${blob.toString('base64')}`), undefined);
    assert.equal(parsePublicLine('-----BEGIN PUBLIC KEY-----'), undefined);
  });
});

describe('a private key', () => {
  it('signs as its public half confirms', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const parsed = await parsePrivateKey(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
    assert.ok(parsed.kind === 'key');
    const signature = new WireReader(parsed.key.sign(Buffer.from('data')));
    assert.equal(signature.text(), 'rsa-sha2-512');
    const spki = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    assert.equal(verify('sha512', Buffer.from('data'), spki, signature.string()), true);
  });

  it('tells a missing passphrase from what is no key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const locked = privateKey
      .export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open it' })
      .toString();
    assert.equal((await parsePrivateKey(locked)).kind, 'locked');
    assert.equal((await parsePrivateKey(locked, 'wrong')).kind, 'locked');
    assert.equal((await parsePrivateKey(locked, 'open it')).kind, 'key');
    assert.equal((await parsePrivateKey('garbage')).kind, 'unusable');
    assert.equal(publicHalf('garbage'), undefined);
  });
});

describe('a big number on the wire', () => {
  it('has no zeros before it but the one that keeps it positive', () => {
    const check = (bytes: number[], expected: number[]): void => {
      assert.deepEqual([...wireBigNumber(Buffer.from(bytes))].slice(4), expected);
    };
    check([0, 0, 1], [1]);
    check([0x80], [0, 0x80]);
    check([0, 0x80], [0, 0x80]);
    check([0x7f, 0], [0x7f, 0]);
  });
});
