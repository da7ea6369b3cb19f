import assert from 'node:assert/strict';
import { parseAskpass } from '../../../../../src/adapters/ssh/openssh/askpassQuestion';
import { chooseTransport } from '../../../../../src/adapters/ssh/openssh/chooseTransport';
import { toOpenSshFailure } from '../../../../../src/adapters/ssh/openssh/openSshFailure';
import { masterArgs } from '../../../../../src/adapters/ssh/openssh/masterProcess';
import { madeUpTarget } from '../madeUpTarget';

describe('the choice of a transport', () => {
  it('is ssh2 unless the configuration needs more, and says why then', () => {
    const plain = { alias: 'box', needsOpenSsh: [], forbidsSsh2: [] };
    const special = { ...plain, needsOpenSsh: ['PKCS11Provider is set.', 'GSSAPIAuthentication is set.'] };
    assert.deepEqual(chooseTransport(plain, 'auto'), { kind: 'ssh2' });
    assert.deepEqual(chooseTransport(plain, 'ssh2'), { kind: 'ssh2' });
    assert.deepEqual(chooseTransport(plain, 'openssh'), { kind: 'openssh' });
    assert.deepEqual(chooseTransport(special, 'openssh'), { kind: 'openssh' });
    assert.deepEqual(chooseTransport(special, 'auto'), {
      kind: 'openssh',
      because: "The system's ssh is used. PKCS11Provider is set. GSSAPIAuthentication is set.",
    });
    assert.match(
      chooseTransport(special, 'ssh2').because ?? '',
      /^The source asks for ssh2, which cannot do this/,
    );
  });

  it('is no other way than the one that the configuration names', () => {
    const needs = ['box is reached by the ProxyCommand nc.'];
    const target = { alias: 'box', needsOpenSsh: needs, forbidsSsh2: needs };
    assert.throws(() => chooseTransport(target, 'ssh2'), {
      code: 'host.refused',
      message: /^box cannot be reached by ssh2, as the source asks: box is reached by the ProxyCommand nc\./,
    });
    assert.equal(chooseTransport(target, 'auto').kind, 'openssh');
    assert.equal(chooseTransport(target, 'openssh').kind, 'openssh');
  });
});

describe('a question of ssh', () => {
  const target = madeUpTarget({ port: 2222, jumps: [madeUpTarget({ user: 'eve', hostName: 'bastion' })] });
  const checkSecret = (text: string, expected: readonly unknown[]): void => {
    const asked = parseAskpass(text, undefined, target);
    assert.ok(asked.kind === 'secret', asked.kind);
    const { kind, subject, fields, canRemember } = asked.request;
    assert.deepEqual([kind, subject, fields[0]?.text, canRemember, asked.key], expected);
  };

  it('for a passphrase names the file', () => {
    const text = "Enter passphrase for key '/home/ada/my keys/id': ";
    checkSecret(text, [
      'passphrase',
      '/home/ada/my keys/id',
      text,
      true,
      'ssh passphrase /home/ada/my keys/id',
    ]);
  });

  it('for a password is answered by what is kept for that user, on the host or a hop', () => {
    const host = 'ssh password ada@gpu.example:2222';
    checkSecret("ada@gpu.example's password: ", [
      'password',
      'ada@gpu.example',
      "ada@gpu.example's password: ",
      true,
      host,
    ]);
    checkSecret('(ada@gpu.example) Password: ', [
      'keyboard-interactive',
      'ada@gpu.example',
      '(ada@gpu.example) Password: ',
      true,
      host,
    ]);
    const hop = 'ssh password eve@bastion:22';
    checkSecret("eve@bastion's password: ", [
      'password',
      'eve@bastion',
      "eve@bastion's password: ",
      true,
      hop,
    ]);
    const stranger = "ada@elsewhere's password: ";
    checkSecret(stranger, ['password', 'ada@elsewhere', stranger, false, undefined]);
  });

  it('for a code is never answered by what is kept, and is shown without control characters', () => {
    for (const text of ['(ada@gpu.example) Verification code: ', '(ada@gpu.example) One-time password: ']) {
      checkSecret(text, ['keyboard-interactive', 'ada@gpu.example', text, false, undefined]);
    }
    checkSecret('(ada@gpu.example) \u001b]0;x\u0007Code\u202e: ', [
      'keyboard-interactive',
      'ada@gpu.example',
      '(ada@gpu.example) Code: ',
      false,
      undefined,
    ]);
  });

  it('about a host key has its fingerprint and what else it is known as', () => {
    const text =
      "The authenticity of host '[gpu.example]:2222 ([10.0.0.7]:2222)' can't be established.\n" +
      'ED25519 key fingerprint is SHA256:abcDEF123/+x.\n' +
      'This host key is known by the following other names/addresses:\n    ~/.ssh/known_hosts:7: gpubox\n' +
      'Are you sure you want to continue connecting (yes/no/[fingerprint])? ';
    assert.deepEqual(parseAskpass(text, undefined, target), {
      kind: 'hostKey',
      question: {
        host: 'gpubox',
        address: '[gpu.example]:2222, [10.0.0.7]:2222',
        keyType: 'ED25519',
        fingerprint: 'SHA256:abcDEF123/+x',
        knownAs: ['~/.ssh/known_hosts:7: gpubox'],
      },
    });
  });

  it('about a host key names a number that is its own name once', () => {
    const text =
      "The authenticity of host '[127.0.0.1]:2222 ([127.0.0.1]:2222)' can't be established.\n" +
      'ED25519 key fingerprint is SHA256:abc.\n';
    const asked = parseAskpass(text, undefined, target);
    assert.equal(asked.kind === 'hostKey' && asked.question.address, '[127.0.0.1]:2222');
  });

  it('that is a notice, or for ssh alone, asks nothing', () => {
    const touch = 'Confirm user presence for key ED25519-SK SHA256:x';
    assert.deepEqual(parseAskpass(touch, 'none', target), { kind: 'notice', text: touch });
    assert.equal(parseAskpass('Add key /k (x) to agent?', 'confirm', target).kind, 'confirm');
  });
});

describe('the end of an ssh that did not connect', () => {
  const checkFailure = (stderr: string, code: string, message: RegExp): void => {
    const failure = toOpenSshFailure('box', stderr);
    assert.equal(failure.code, code, stderr);
    assert.match(failure.message, message);
  };

  it('says so when an answer of the user was not accepted', () => {
    const stderr = 'ada@box: Permission denied (publickey,password).';
    const failure = toOpenSshFailure('box', stderr, 'The password of ada@box');
    assert.equal(failure.code, 'host.refused');
    assert.equal(failure.message, 'The password of ada@box was not accepted by box.');
    const other = toOpenSshFailure('box', 'Host key verification failed.', 'The password of ada@box');
    assert.match(other.message, /verification failed/);
  });

  it('is for the user to mend, or to be tried again', () => {
    checkFailure(
      'ada@box: Permission denied (publickey,password).',
      'host.refused',
      /not let in at box: .*\(publickey,password\)\.$/,
    );
    checkFailure('Host key verification failed.', 'host.refused', /verification failed/);
    checkFailure(
      'Unable to negotiate with 10.0.0.7 port 22: no matching host key type found.',
      'host.refused',
      /no matching/,
    );
    checkFailure('/home/ada/.ssh/config: line 3: Bad configuration option: x', 'host.refused', /line 3/);
    checkFailure(
      'ssh: connect to host box port 22: Connection refused',
      'host.unreachable',
      /Connection refused\.$/,
    );
    checkFailure(
      'ssh: Could not resolve hostname box: Name or service not known',
      'host.unreachable',
      /resolve/,
    );
    checkFailure('Connection closed by 10.0.0.7 port 22', 'host.unreachable', /closed by/);
    checkFailure('', 'host.unreachable', /without a word/);
  });

  it('keeps the file, the line and the fingerprint of a changed key, and no decoration', () => {
    const stderr =
      '@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n' +
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n' +
      'The fingerprint for the ED25519 key sent by the remote host is\nSHA256:new.\n' +
      'Offending ED25519 key in /home/ada/.ssh/known_hosts:3\n\u001b[31mHost key verification failed.\r\n';
    const failure = toOpenSshFailure('box', stderr);
    assert.equal(failure.code, 'host.refused');
    assert.match(failure.message, /SHA256:new\. Offending ED25519 key in \/home\/ada\/.ssh\/known_hosts:3/);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    assert.doesNotMatch(failure.message, /@|\u001b/);
  });
});

describe('the command that connects by ssh', () => {
  it('forwards nothing, runs nothing, asks once, takes no key unasked, and ends its options before the host', () => {
    const args = masterArgs(madeUpTarget({ alias: 'ada@box', aliveIntervalMs: 30_000 }), '/run/x/control');
    for (const option of [
      'ForwardAgent=no',
      'ForwardX11=no',
      'ClearAllForwardings=yes',
      'PermitLocalCommand=no',
      'RemoteCommand=none',
      'StrictHostKeyChecking=ask',
      'NumberOfPasswordPrompts=1',
      'ServerAliveInterval=30',
    ]) {
      assert.equal(args[args.indexOf(option) - 1], '-o', option);
    }
    assert.deepEqual(args.slice(-2), ['--', 'ada@box']);
  });
});
