import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from 'ssh2/package.json';
import type { AuthContext, KeyboardAuthContext } from 'ssh2';
import type { SshTarget } from '../../../src/adapters/ssh/sshTarget';
import { HsmError } from '../../../src/core/base/errors';
import { DisposableStore } from '../../../src/core/base/lifecycle';
import { opensshServer, skipUnless } from '../../support/requirement';
import { makeKeyFile, TestAgent } from '../../support/sshd/agent';
import { FakeSshServer, type Judge } from '../../support/sshd/fakeSshServer';
import { KeptLog, logIn, MemorySecrets, ScriptedUser } from '../../support/sshd/sshLogin';
import { makeTempDir } from '../../support/tempDir';
import { madeUpTarget } from '../../unit/adapters/ssh/madeUpTarget';

const PASSWORD = 'canary-correct-horse';
const CODE = 'canary-271828';
const PASSWORD_KEY = (server: FakeSshServer): string => `ssh password ada@127.0.0.1:${server.port}`;

describe('logging in where the server asks', function () {
  this.timeout(30_000);
  const store = new DisposableStore();
  const temp = store.add(makeTempDir());
  let agent: TestAgent;
  let goodKey: string;
  let wrongKey: string;
  let servers = new DisposableStore();

  before(async function () {
    skipUnless(this, opensshServer);
    agent = store.add(await TestAgent.start(temp.path));
    goodKey = makeKeyFile(join(temp.path, 'good'), 'ed25519');
    wrongKey = makeKeyFile(join(temp.path, 'wrong'), 'ed25519');
  });
  beforeEach(() => {
    servers = new DisposableStore();
  });
  afterEach(() => {
    servers.dispose();
    agent.clear();
  });
  after(() => {
    store.dispose();
  });

  const start = async (judge: Judge): Promise<FakeSshServer> => servers.add(await FakeSshServer.start(judge));
  const target = (server: FakeSshServer, changes: Partial<SshTarget> = {}): SshTarget => {
    const file = join(temp.path, 'known', 'hosts');
    mkdirSync(join(temp.path, 'known'), { recursive: true });
    writeFileSync(file, `[127.0.0.1]:${server.port} ${server.hostKey}\n`);
    return madeUpTarget({
      hostName: '127.0.0.1',
      port: server.port,
      knownHosts: { files: [file], hash: false, policy: 'yes' },
      ...changes,
    });
  };

  it('rests on the insides of this ssh2', () => {
    assert.equal(version, '1.17.0');
  });

  it('asks for the password once, and keeps it only if told to', async () => {
    const server = await start(wantsPassword);
    const secrets = new MemorySecrets();
    const user = new ScriptedUser([[PASSWORD]]);
    assert.deepEqual(await logIn(target(server), { prompts: user, secrets }), { asked: true });
    assert.deepEqual(user.requests, [
      {
        host: 'gpubox',
        kind: 'password',
        subject: `ada@127.0.0.1:${server.port}`,
        instructions: '',
        fields: [{ text: `Password of ada@127.0.0.1:${server.port}: `, echo: false }],
        canRemember: true,
      },
    ]);
    assert.deepEqual(server.attempts, ['connection', 'none', 'password']);
    assert.equal(secrets.kept.size, 0);
    await logIn(target(server), { prompts: new ScriptedUser([[PASSWORD]], true), secrets });
    assert.deepEqual([...secrets.kept], [[PASSWORD_KEY(server), PASSWORD]]);
    assert.deepEqual(await logIn(target(server), { secrets }), { asked: false });
  });

  it('does not ask again after a refusal, nor connect again', async () => {
    const server = await start(wantsPassword);
    const secrets = new MemorySecrets();
    const user = new ScriptedUser([['wrong'], [PASSWORD]], true);
    await checkRefused(target(server), /The password for ada@127.0.0.1:\d+ was not accepted\.$/, {
      prompts: user,
      secrets,
    });
    assert.equal(user.requests.length, 1);
    assert.equal(secrets.kept.size, 0);
    assert.deepEqual(server.attempts, ['connection', 'none', 'password']);
  });

  it('forgets a kept password that is not accepted, and says so', async () => {
    for (const judge of [wantsPassword, wantsPasswordByDialogue]) {
      const server = await start(judge);
      const secrets = new MemorySecrets(new Map([[PASSWORD_KEY(server), 'stale']]));
      const user = new ScriptedUser([[PASSWORD]]);
      await checkRefused(
        target(server),
        /password that was kept for .* was not accepted\. It is forgotten now/,
        {
          prompts: user,
          secrets,
        },
      );
      assert.equal(secrets.kept.size, 0);
      assert.equal(user.requests.length, 0);
    }
  });

  it('says what it wants where nobody may be asked, without trying it', async () => {
    const server = await start(wantsPassword);
    const error = await checkRefused(target(server), /It takes publickey, password\. Tried: nothing\.$/);
    assert.match(error.details.hint ?? '', /by hand/);
    assert.deepEqual(server.attempts, ['connection', 'none']);
  });

  it('says who did not answer', async () => {
    const server = await start(wantsPassword);
    await checkRefused(target(server), /The password of ada@127.0.0.1:\d+ was not entered/, {
      prompts: new ScriptedUser(),
    });
  });

  it('shows a dialogue in the words of the server, round by round, without control characters', async () => {
    const server = await start((attempt) => {
      if (attempt.method !== 'keyboard-interactive') {
        attempt.reject(['keyboard-interactive']);
        return;
      }
      attempt.prompt(
        [
          { prompt: 'Your \u001b[31mname\u202e: ', echo: true },
          { prompt: 'Password: ', echo: false },
        ],
        'Two\u0007 Factors',
        'First line\r\nsecond\u001b]0;title\u0007 line',
        (first) => {
          attempt.prompt([{ prompt: 'Verification code: ', echo: false }], (second) => {
            const isRight = [...first, ...second].join('|') === `Ada|${PASSWORD}|${CODE}`;
            if (isRight) attempt.accept();
            else attempt.reject(['keyboard-interactive']);
          });
        },
      );
    });
    const user = new ScriptedUser([['Ada', PASSWORD], [CODE]], true);
    const secrets = new MemorySecrets();
    await logIn(target(server), { prompts: user, secrets });
    assert.deepEqual(
      user.requests.map(({ kind, instructions, fields, canRemember }) => [
        kind,
        instructions,
        fields,
        canRemember,
      ]),
      [
        [
          'keyboard-interactive',
          'Two Factors\nFirst line\nsecond line',
          [
            { text: 'Your name: ', echo: true },
            { text: 'Password: ', echo: false },
          ],
          false,
        ],
        ['keyboard-interactive', '', [{ text: 'Verification code: ', echo: false }], false],
      ],
    );
    assert.equal(secrets.kept.size, 0);
    await checkRefused(target(server), /The answer for ada@\S+ was not accepted/, {
      prompts: new ScriptedUser([['Ada', PASSWORD], ['0']]),
    });
  });

  it('answers the question for a password by the kept one, and no other question', async () => {
    const server = await start(wantsPasswordByDialogue);
    const secrets = new MemorySecrets();
    await logIn(target(server), { prompts: new ScriptedUser([[PASSWORD]], true), secrets });
    assert.deepEqual(await logIn(target(server), { secrets }), { asked: false });

    for (const prompt of [
      'Verification code: ',
      'One-time password: ',
      'New password: ',
      'Password or code: ',
    ]) {
      const other = await start(wantsCode(prompt));
      const kept = new MemorySecrets(new Map([[PASSWORD_KEY(other), PASSWORD]]));
      const user = new ScriptedUser([[CODE]]);
      await logIn(target(other), { prompts: user, secrets: kept });
      assert.equal(user.requests.length, 1, prompt);
      assert.equal(user.requests[0]?.canRemember, false, prompt);
    }
  });

  it('passes two steps, a key of the agent and a code, without offering further keys', async () => {
    const server = await start(wantsKeyAndCode(() => goodKey));
    agent.add(wrongKey, goodKey, ...[1, 2].map((n) => makeKeyFile(join(temp.path, `more${n}`), 'ed25519')));
    const user = new ScriptedUser([[CODE]]);
    await logIn(target(server, { agentSocket: agent.socket }), { prompts: user });
    assert.deepEqual(server.attempts, [
      'connection',
      'none',
      'publickey ssh-ed25519',
      'publickey ssh-ed25519',
      'publickey ssh-ed25519 signed',
      'keyboard-interactive',
    ]);
    assert.equal(user.requests.length, 1);
  });

  it('passes two steps with a key file, and stops when the second is refused', async () => {
    const server = await start(wantsKeyAndCode(() => goodKey));
    const host = target(server, { identityFiles: [goodKey, wrongKey] });
    await logIn(host, { prompts: new ScriptedUser([[CODE]]) });
    await checkRefused(host, /The answer for/, { prompts: new ScriptedUser([['0'], [CODE]]) });
    const error = await checkRefused(host, /It takes keyboard-interactive\. Tried: .+\/good\.$/);
    assert.match(error.details.hint ?? '', /by hand/);
  });

  it('follows PreferredAuthentications', async () => {
    const server = await start(wantsPassword);
    const host = target(server, { identityFiles: [goodKey], preferredAuthentications: ['password'] });
    await logIn(host, { prompts: new ScriptedUser([[PASSWORD]]) });
    assert.deepEqual(server.attempts, ['connection', 'none', 'password']);
  });

  it('points to OpenSSH where the server wants what cannot be done here', async () => {
    const server = await start((attempt) => {
      attempt.reject(['gssapi-with-mic' as never]);
    });
    const error = await checkRefused(target(server), /It takes gssapi-with-mic/);
    assert.match(error.details.hint ?? '', /transport: openssh/);
  });

  it('never logs a secret, nor puts one into an error', async () => {
    const log = new KeptLog();
    const texts: string[] = [];
    const locked = makeKeyFile(join(temp.path, 'locked'), 'ed25519', 'canary-passphrase');
    const server = await start(wantsKeyAndCode(() => locked));
    const host = target(server, { identityFiles: [locked] });
    for (const answers of [
      [['canary-passphrase'], [CODE]],
      [['canary-passphrase'], ['canary-0']],
      [['canary-1']],
    ]) {
      const secrets = new MemorySecrets();
      await logIn(host, { prompts: new ScriptedUser(answers, true), secrets, log }).catch(
        (error: unknown) => {
          texts.push(
            error instanceof HsmError ? `${error.message} ${JSON.stringify(error.details)}` : String(error),
          );
        },
      );
    }
    const byPassword = await start(wantsPassword);
    for (const answer of [PASSWORD, 'canary-2']) {
      await logIn(target(byPassword), { prompts: new ScriptedUser([[answer]], true), log }).catch(
        (error: unknown) => {
          texts.push(String(error));
        },
      );
    }
    assert.equal(texts.length, 3, texts.join('\n'));
    assert.ok(log.lines.length > 3, log.text);
    assert.doesNotMatch(`${log.text}\n${texts.join('\n')}`, /canary/);
  });

  async function checkRefused(
    host: SshTarget,
    message: RegExp,
    options: Parameters<typeof logIn>[1] = {},
  ): Promise<HsmError<'host.refused'>> {
    try {
      await logIn(host, options);
    } catch (error) {
      if (!HsmError.is(error, 'host.refused')) throw error;
      assert.match(error.message, message);
      return error;
    }
    return assert.fail('logged in');
  }
});

function wantsPassword(attempt: AuthContext): void {
  if (attempt.method === 'password' && attempt.password === PASSWORD) attempt.accept();
  else attempt.reject(['publickey', 'password']);
}

function wantsPasswordByDialogue(attempt: AuthContext): void {
  if (attempt.method !== 'keyboard-interactive') attempt.reject(['keyboard-interactive']);
  else ask(attempt, '(ada@gpubox) Password: ', PASSWORD);
}

function wantsCode(prompt: string): Judge {
  return (attempt) => {
    if (attempt.method !== 'keyboard-interactive') attempt.reject(['keyboard-interactive']);
    else ask(attempt, prompt, CODE);
  };
}

/** The key that counts is looked at when it is offered: it is made after the test is written down. */
function wantsKeyAndCode(keyFile: () => string): Judge {
  return (attempt, passed) => {
    if (attempt.method === 'keyboard-interactive' && passed.has('publickey')) {
      ask(attempt, 'Verification code: ', CODE);
    } else if (attempt.method !== 'publickey' || passed.has('publickey')) {
      attempt.reject(passed.has('publickey') ? ['keyboard-interactive'] : ['publickey']);
    } else if (!readFileSync(`${keyFile()}.pub`, 'utf8').includes(attempt.key.data.toString('base64'))) {
      attempt.reject(['publickey']);
    } else if (!attempt.signature) attempt.accept();
    else {
      passed.add('publickey');
      attempt.reject(['keyboard-interactive'], true);
    }
  };
}

function ask(attempt: KeyboardAuthContext, prompt: string, right: string): void {
  attempt.prompt([{ prompt, echo: false }], ([answer]) => {
    if (answer === right) attempt.accept();
    else attempt.reject(['keyboard-interactive']);
  });
}
