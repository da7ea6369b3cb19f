import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { refusingPrompts, terminalPrompts } from '../../../../src/cli/prompts/terminalPrompts';
import type { ConnectionPrompts, SecretRequest } from '../../../../src/core/compute/connectionPrompts';
import { MemoryOutput } from '../support/memoryOutput';

const { signal } = new AbortController();
const request: SecretRequest = {
  host: 'gpubox',
  kind: 'keyboard-interactive',
  subject: 'ada@gpu01',
  instructions: 'Two\u001b[31m steps',
  fields: [
    { text: 'Password: ', echo: false },
    { text: 'Code: ', echo: true },
  ],
  canRemember: false,
};
const hostKey = {
  host: 'gpubox',
  address: '[gpu01]:22',
  keyType: 'ssh-ed25519',
  fingerprint: 'SHA256:abc',
  knownAs: ['ssh-rsa SHA256:old'],
};

/** Prompts on a terminal where the lines are typed as soon as they are asked for. */
function answering(...lines: readonly string[]): { prompts: ConnectionPrompts; shown: () => string } {
  const left = [...lines];
  let shown = '';
  const keyboard = Object.assign(new EventEmitter(), {
    setRawMode: () => undefined,
    pause: () => undefined,
    resume: () => setImmediate(() => keyboard.emit('data', Buffer.from(`${left.shift() ?? '\u0003'}\r`))),
  });
  const prompts = terminalPrompts({
    keyboard,
    talk: (dialogue) => dialogue((text) => (shown += text)),
    interrupt: () => undefined,
  });
  return { prompts, shown: () => shown };
}

describe('questions on the terminal', () => {
  it('are put one after the other in the server’s words, secrets unseen', async () => {
    const { prompts, shown } = answering('hunter2', '123456');
    assert.deepEqual(await prompts.askSecrets(request, signal), {
      values: ['hunter2', '123456'],
      remember: false,
    });
    assert.equal(shown(), 'gpubox asks ada@gpu01: Two steps\nPassword: \nCode: 123456\n');
  });

  it('are left as a whole', async () => {
    assert.equal(await answering('hunter2').prompts.askSecrets(request, signal), undefined);
  });

  it('about a key show it, and take yes and no in full alone', async () => {
    const { prompts, shown } = answering('y', '', 'yes');
    assert.equal(await prompts.confirmHostKey(hostKey, signal), true);
    assert.equal(
      shown(),
      [
        'The key of gpubox ([gpu01]:22) is not known.',
        'Its type is ssh-ed25519, its fingerprint SHA256:abc.',
        'Known of this host are other keys: ssh-rsa SHA256:old',
        'Trust it and go on? (yes/no) y',
        'Please type yes or no: ',
        'Please type yes or no: yes',
        '',
      ].join('\n'),
    );
    assert.equal(await answering('no').prompts.confirmHostKey(hostKey, signal), false);
    assert.equal(await answering().prompts.confirmHostKey(hostKey, signal), false);
  });
});

describe('questions without a terminal', () => {
  it('are refused with a sentence', async () => {
    const err = new MemoryOutput();
    const prompts = refusingPrompts(err);
    assert.equal(await prompts.askSecrets({ ...request, kind: 'password' }, signal), undefined);
    assert.equal(await prompts.confirmHostKey(hostKey, signal), false);
    assert.match(err.text, /gpubox asks for the password of ada@gpu01.*no terminal to ask on/);
    assert.match(err.text, /SHA256:abc[^]*There is no terminal to ask whether to trust it/);
  });
});
