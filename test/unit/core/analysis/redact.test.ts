import assert from 'node:assert/strict';
import { redactCommand, redactSecrets, redactValue } from '../../../../src/core/analysis/redact';

function checkRedacted(text: string, expected: string): void {
  assert.equal(redactSecrets(text), expected);
}

function checkKept(text: string): void {
  assert.equal(redactSecrets(text), text);
}

describe('redactSecrets', () => {
  it('hides the value of a name that means a secret', () => {
    checkRedacted('run --api-key=abc123 --lr 0.1', 'run --api-key=[redacted] --lr 0.1');
    checkRedacted('WANDB_API_KEY=0123456789abcdef python x', 'WANDB_API_KEY=[redacted] python x');
    checkRedacted('password=hunter2, user=me', 'password=[redacted], user=me');
    checkRedacted("db.password: 'two words' x", 'db.password: [redacted] x');
    checkRedacted('{"secret": "abc", "lr": 1}', '{"secret": [redacted], "lr": 1}');
    checkRedacted('AWS_SECRET_ACCESS_KEY=abc/def+1', 'AWS_SECRET_ACCESS_KEY=[redacted]');
    checkRedacted('x --password hunter2 y', 'x --password [redacted] y');
    checkRedacted('HF_TOKEN=abc', 'HF_TOKEN=[redacted]');
    checkRedacted('token=a1b2c3d4e5f6a7b8', 'token=[redacted]');
  });

  it('hides tokens that are known by their shape, whatever they are called', () => {
    // Put together here, so that no scanner takes the samples for real ones.
    const letters = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9';
    for (const token of [
      `hf_${letters}`,
      `ghp_${letters}`,
      `github_pat_${letters}`,
      `glpat-${letters}`,
      `sk-proj-${letters}`,
      ['AKIA', 'ABCDEFGH12345678'].join(''),
      `xoxb-${letters}`,
      `eyJ${letters}.${letters}.${letters}`,
    ]) {
      checkRedacted(`login with ${token} failed`, 'login with [redacted] failed');
    }
  });

  it('hides passwords in addresses and authorisation headers', () => {
    checkRedacted('clone https://me:pw1@host/x', 'clone https://me:[redacted]@host/x');
    checkRedacted('Authorization: Bearer abcdefghijklmnop', 'Authorization: Bearer [redacted]');
  });

  it('hides a private key over its lines', () => {
    checkRedacted(
      'a\n-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nb',
      'a\n[redacted]\nb',
    );
  });

  it('keeps hyperparameters whose names only sound like secrets', () => {
    checkKept(
      'tokenizer=bert max_tokens=512 token_dim=64 pad_token=<pad> cls_token=[CLS] n_tokens=1000000000000',
    );
    checkKept('key=3 keys=[1] keyboard=us author=me secretary=x passes=3 bypass=true');
    checkKept('sk-learn task-1 eyJ AKIA1');
    checkKept('commit 59185ea0123456789abcdef0123456789abcdef0');
    checkKept('http://localhost:8080/a@b');
  });
});

describe('redactSecrets on hostile text', () => {
  it('stays quick', () => {
    const started = process.cpuUsage().user;
    for (const part of [
      '-',
      'eyJ',
      'a.',
      'password',
      'token ',
      'sk-',
      'http://',
      '=',
      '-----BEGIN PRIVATE KEY-----',
    ])
      redactSecrets(`${part.repeat(2000)}\n`.repeat(20));
    assert.ok(process.cpuUsage().user - started < 5_000_000);
  });
});

describe('redactCommand', () => {
  it('hides the element after a flag that means a secret', () => {
    assert.deepEqual(redactCommand(['x', '--password', 'two words', '--lr', '0.1', 'api_key=a b']), [
      'x',
      '--password',
      '[redacted]',
      '--lr',
      '0.1',
      'api_key=[redacted]',
    ]);
  });
});

describe('redactValue', () => {
  it('hides a value by its parameter’s name or its shape', () => {
    assert.equal(redactValue('db.password', 'it"s\n1'), '[redacted]');
    assert.equal(redactValue('lr', '0.1'), '0.1');
    assert.equal(redactValue('x', `hf_${'a1'.repeat(12)}`), '[redacted]');
  });
});
