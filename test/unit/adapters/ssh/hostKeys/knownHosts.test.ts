import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import {
  fingerprint,
  isAbout,
  judge,
  knownHostsName,
  parseKnownHosts,
  type Verdict,
} from '../../../../../src/adapters/ssh/hostKeys/knownHosts';

const [ED1, ED2] = [key('ssh-ed25519', 'one'), key('ssh-ed25519', 'two')];
const [RSA, EC] = [key('ssh-rsa', 'r'), key('ecdsa-sha2-nistp256', 'e')];

describe('a host key beside known_hosts', () => {
  it('matches by its name, by one of several names, and by a pattern', () => {
    for (const names of ['gpu.example', 'other,GPU.Example', '*.example', 'gpu.exampl?', 'x,*,!y']) {
      checkVerdict(`${names} ${ED1} comment`, 'gpu.example', ED1, { kind: 'match' });
    }
  });

  it('is unknown where no name fits, or one is vetoed', () => {
    for (const names of [
      'gpu',
      'gpu.example.org',
      '*.example,!gpu.example',
      '[gpu.example]:22',
      'gpu.exampl',
    ]) {
      checkVerdict(`${names} ${ED1}`, 'gpu.example', ED1, { kind: 'unknown' });
    }
  });

  it('is looked up with its port, unless that is the usual one', () => {
    assert.equal(knownHostsName('GPU.example', 22), 'gpu.example');
    assert.equal(knownHostsName('GPU.example', 2222), '[gpu.example]:2222');
    checkVerdict(`[gpu.example]:2222 ${ED1}`, '[gpu.example]:2222', ED1, { kind: 'match' });
    checkVerdict(`[*.example]:2222 ${ED1}`, '[gpu.example]:2222', ED1, { kind: 'match' });
    checkVerdict(`[gpu.example]:2223 ${ED1}`, '[gpu.example]:2222', ED1, { kind: 'unknown' });
  });

  it('matches by a hashed name, with a port too', () => {
    checkVerdict(`${hashed('gpu.example')} ${ED1}`, 'gpu.example', ED1, { kind: 'match' });
    checkVerdict(`${hashed('[gpu.example]:2222')} ${ED1}`, '[gpu.example]:2222', ED1, { kind: 'match' });
    checkVerdict(`${hashed('other')} ${ED1}`, 'gpu.example', ED1, { kind: 'unknown' });
    checkVerdict(`|2|AAAA|BBBB ${ED1}`, 'gpu.example', ED1, { kind: 'unknown' });
  });

  it('has changed when another key of its type is known, on that line', () => {
    checkVerdict(`# first\n\ngpu.example ${ED2}`, 'gpu.example', ED1, {
      kind: 'changed',
      known: fingerprint(blobOf(ED2)),
      file: 'known_hosts',
      line: 3,
    });
  });

  it('matches when one of several keys of its type is it', () => {
    checkVerdict(`gpu.example ${ED2}\ngpu.example ${ED1}`, 'gpu.example', ED1, { kind: 'match' });
  });

  it('is of another type than the known ones', () => {
    checkVerdict(`gpu.example ${RSA}\ngpu.example ${EC}\ngpu.example ${RSA}`, 'gpu.example', ED1, {
      kind: 'otherType',
      knownAs: ['ssh-rsa', 'ecdsa-sha2-nistp256'],
    });
  });

  it('is revoked even where it is known', () => {
    checkVerdict(`gpu.example ${ED1}\n@revoked * ${ED1}`, 'gpu.example', ED1, {
      kind: 'revoked',
      file: 'known_hosts',
      line: 2,
    });
    checkVerdict(`@revoked * ${ED2}`, 'gpu.example', ED1, { kind: 'unknown' });
  });

  it('is not vouched for by the key of an authority, not even by an equal one', () => {
    const line = `@cert-authority *.example ${ED1}`;
    checkVerdict(line, 'gpu.example', ED1, { kind: 'caOnly', file: 'known_hosts', line: 1 });
    checkVerdict(line, 'other', ED1, { kind: 'unknown' });
    checkVerdict(`${line}\ngpu.example ${ED1}`, 'gpu.example', ED1, { kind: 'match' });
  });

  it('is not judged by lines that are none', () => {
    const lines = [
      `@new-marker gpu.example ${ED1}`,
      `#gpu.example ${ED1}`,
      'gpu.example',
      'gpu.example ssh-ed25519',
      'gpu.example ssh-ed25519 !!!!',
      `gpu.example ssh-rsa ${ED1.split(' ')[1] ?? ''}`,
      'gpu.example 2048 35 1234567890',
      '\u0000\u0001\u0002',
    ];
    checkVerdict(lines.join('\n'), 'gpu.example', ED1, { kind: 'unknown' });
    checkVerdict(`gpu.example ${ED1}\r\n`, 'gpu.example', ED1, { kind: 'match' });
    checkVerdict(` \t gpu.example\t${ED1}`, 'gpu.example', ED1, { kind: 'match' });
  });
});

function checkVerdict(text: string, name: string, presented: string, expected: Verdict): void {
  const keys = parseKnownHosts(text, 'known_hosts').filter((each) => isAbout(each, name));
  assert.deepEqual(judge(keys, blobOf(presented)), expected, text);
}

/** A key as a line has it; what follows the type is not looked at. */
function key(type: string, content: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return `${type} ${Buffer.concat([length, Buffer.from(type), Buffer.from(content)]).toString('base64')}`;
}

function blobOf(text: string): Buffer {
  return Buffer.from(text.split(' ')[1] ?? '', 'base64');
}

function hashed(name: string): string {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}
