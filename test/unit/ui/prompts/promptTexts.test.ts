import assert from 'node:assert/strict';
import type { SecretRequest } from '../../../../src/core/compute/connectionPrompts';
import { fieldTexts, hostKeyTexts } from '../../../../src/ui/prompts/promptTexts';
import { plainL10n } from '../../../support/plainL10n';

const request: SecretRequest = {
  host: 'gpubox',
  kind: 'keyboard-interactive',
  subject: 'ada@gpu01',
  instructions: 'Two steps today.',
  fields: [
    { text: 'Password: ', echo: false },
    { text: 'Verification code: ', echo: true },
  ],
  canRemember: false,
};

describe('a question of a server', () => {
  it('is put in the server’s own words', () => {
    assert.deepEqual(fieldTexts(plainL10n, request, 1), {
      title: 'gpubox asks ada@gpu01',
      prompt: 'Two steps today. · Verification code:',
    });
  });

  it('says whose password and which key', () => {
    const titleOf = (kind: SecretRequest['kind'], subject: string): string =>
      fieldTexts(plainL10n, { ...request, kind, subject }, 0).title;
    assert.equal(titleOf('password', 'ada@gpu01'), 'gpubox: password of ada@gpu01');
    assert.equal(
      titleOf('passphrase', '/home/ada/.ssh/id'),
      'gpubox: passphrase of the key /home/ada/.ssh/id',
    );
  });

  it('cannot hide a link, a terminal escape or a change of direction', () => {
    const hostile = '[Sign in](command:evil) \u001b]0;title\u0007\u001b[31mred\u009b1m \u202ekcab\nnext';
    const { prompt } = fieldTexts(plainL10n, { ...request, instructions: hostile }, 0);
    assert.equal(prompt, '[Sign in] (command:evil) red kcab next · Password:');
  });
});

describe('the question whether to trust a key', () => {
  const key = { host: 'gpubox', address: '[gpu01]:2222', keyType: 'ssh-ed25519', fingerprint: 'SHA256:abc' };

  it('shows host, address, type and fingerprint', () => {
    const { question, detail } = hostKeyTexts(plainL10n, { ...key, knownAs: [] });
    assert.equal(question, 'Trust the key of gpubox?');
    assert.match(detail, /^Address: \[gpu01\]:2222\nKey type: ssh-ed25519\nFingerprint: SHA256:abc\n/);
    assert.match(detail, /do not list this host/);
  });

  it('says what is known of the host already', () => {
    const { detail } = hostKeyTexts(plainL10n, { ...key, knownAs: ['ssh-rsa SHA256:old'] });
    assert.match(detail, /list this host with other keys: ssh-rsa SHA256:old/);
  });
});
