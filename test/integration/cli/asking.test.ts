import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand, skipUnless, type Requirement } from '../../support/requirement';
import { password } from '../../support/sshd/account';
import { FakeSshServer } from '../../support/sshd/fakeSshServer';
import { writeSshConfig } from '../../support/sshd/sshConfig';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import type { Ended } from '../../support/hsm/hsmProcess';
import { useSweepProject, type SweepProject } from './sweepProject';

/** Runs a command in a terminal of its own, and types each answer when its question is on the screen. */
function inTerminal(answers: readonly (readonly [question: string, answer: string])[]): string {
  return `
import json, os, pty, sys
answers = json.loads(${JSON.stringify(JSON.stringify(answers))})
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
shown, seen = b'', 0
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    shown += data
    sys.stdout.buffer.write(data)
    while answers and answers[0][0].encode() in shown[seen:]:
        question, answer = answers.pop(0)
        seen = shown.index(question.encode(), seen) + len(question.encode())
        os.write(fd, answer.encode() + (b'' if answer == '\\x03' else b'\\r'))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
}

const python: Requirement = {
  what: 'Python 3',
  debianPackages: ['python3'],
  isPresent: () => findCommand('python3') !== undefined,
};

describe('hsm asks what a connection needs', function () {
  this.timeout(60_000);
  const rigs = useSshd();
  let project: SweepProject;
  let rig: SshdRig;

  before(async function () {
    skipUnless(this, python);
    rig = await rigs.start({ alias: 'gpubox', extraConfig: 'PasswordAuthentication yes' });
  });

  useSweepProject((made) => {
    project = made;
  });
  beforeEach(() => {
    project.write('.hsm/config.yaml', 'sources: { far: { type: ssh, host: gpubox, slots: 1 } }\n');
  });

  /** The user's `~/.ssh`: the host by password, its key known or not. Answers with the path of known_hosts. */
  function prepare({ keyIsKnown }: { readonly keyIsKnown: boolean }): string {
    const config = 'PreferredAuthentications password\nIdentityFile none';
    const { alias, port, user, hostKey } = rig;
    const entry = { alias, port, user, hostKey, config, keyFile: 'none' };
    const { knownHostsFile } = writeSshConfig([entry], join(project.dir, 'home'));
    if (!keyIsKnown) writeFileSync(knownHostsFile, '');
    return knownHostsFile;
  }

  async function testSource(
    ...answers: readonly (readonly [question: string, answer: string])[]
  ): Promise<Ended> {
    return project.startInTerminal(inTerminal(answers), 'sources', 'test', 'far').result();
  }

  it('whether to trust a key, with its fingerprint, and for the password, which is not shown', async () => {
    const knownHosts = prepare({ keyIsKnown: false });
    const { code, stdout } = await testSource(['(yes/no)', 'yes'], ['Password of', password]);
    assert.match(stdout, /The key of gpubox .*is not known\.[^]*fingerprint SHA256:[\w+/]{43}\./);
    assert.match(stdout, /far: (?:healthy|degraded)[^]*connected by the built-in ssh2/);
    assert.equal(code, 0);
    assert.ok(!stdout.includes(password), 'the password is on the screen');
    const [type = '', key = ''] = rig.hostKey.split(' ');
    assert.ok(readFileSync(knownHosts, 'utf8').includes(`${type} ${key}`), 'the key is remembered');
  });

  it('and takes no for an answer: nothing is trusted, no password is asked for', async () => {
    const knownHosts = prepare({ keyIsKnown: false });
    const { code, stdout } = await testSource(['(yes/no)', 'no']);
    assert.equal(code, 3);
    assert.doesNotMatch(stdout, /assword/);
    assert.equal(readFileSync(knownHosts, 'utf8'), '');
  });

  it('and takes Ctrl-C for leaving, at each question and in each command', async () => {
    const file = project.writeCodes([0]);
    for (const keyIsKnown of [true, false]) {
      prepare({ keyIsKnown });
      const question = keyIsKnown ? 'Password of' : '(yes/no)';
      const test = await testSource([question, '\u0003']);
      assert.deepEqual([test.code, test.stdout.includes('internal error')], [130, false], test.stdout);
      const terminal = inTerminal([[question, '\u0003']]);
      const run = await project.startInTerminal(terminal, 'run', file, '--source', 'far').result();
      assert.match(run.stdout, /Nothing was started\./);
      assert.deepEqual([run.code, run.stdout.includes('internal error')], [130, false], run.stdout);
    }
  });

  it('only of a sweep that is named: the list of all sweeps asks nothing, and says what asks', async () => {
    prepare({ keyIsKnown: true });
    const inHsm = (
      answers: readonly (readonly [question: string, answer: string])[],
      ...args: readonly string[]
    ): Promise<Ended> => project.startInTerminal(inTerminal(answers), ...args).result();
    const asked = [['Password of', password]] as const;
    const file = project.writeGated(1);
    const run = await inHsm(asked, 'run', file, '--source', 'far', '--detach');
    assert.equal(run.code, 0, run.stdout);
    const all = await inHsm([], 'status');
    assert.doesNotMatch(all.stdout, /asks for the password/);
    assert.match(all.stdout, /gpubox does not let .* in\..* To be asked: hsm status last/);
    assert.equal(all.code, 0);
    const one = await inHsm(asked, 'status', 'last');
    assert.match(one.stdout, /asks for the password/);
    await inHsm(asked, 'cancel', 'last');
  });

  it('once: a wrong password is not tried again', async () => {
    prepare({ keyIsKnown: true });
    const { code, stdout } = await testSource(['Password of', 'hunter2']);
    assert.equal(code, 3);
    assert.ok(!stdout.includes('hunter2'), 'what was typed is on the screen');
    assert.equal(stdout.match(/gpubox asks for the password/g)?.length, 1, stdout);
    assert.equal(rig.log().match(/Failed password/g)?.length, 1);
  });

  it('for several things, one after the other, in the words of the server', async () => {
    let answers: readonly string[] = [];
    const server = await FakeSshServer.start((attempt) => {
      if (attempt.method !== 'keyboard-interactive') {
        attempt.reject(['keyboard-interactive']);
        return;
      }
      const prompts = [
        { prompt: 'Passphrase of today: ', echo: false },
        { prompt: 'Code \u001b[2Jon your phone: ', echo: true },
      ];
      attempt.prompt(prompts, 'Two steps', 'Be quick.', (given) => {
        answers = given;
        attempt.accept();
      });
    });
    try {
      const { port, hostKey } = server;
      const config = 'PreferredAuthentications keyboard-interactive\nIdentityFile none';
      const entry = { alias: 'gpubox', port, user: 'dana', hostKey, keyFile: 'none', config };
      writeSshConfig([entry], join(project.dir, 'home'));
      const { stdout } = await testSource(['of today:', 'hunter2'], ['your phone:', '123456']);
      assert.deepEqual(answers, ['hunter2', '123456']);
      assert.match(stdout, /Two steps.*Be quick\./);
      assert.match(stdout, /Passphrase of today: \r\nCode on your phone: 123456\r\n/);
      assert.ok(!stdout.includes('hunter2'), 'a secret is on the screen');
    } finally {
      server.dispose();
    }
  });

  it('nobody where there is no terminal, and says so', async () => {
    prepare({ keyIsKnown: true });
    const { code, stderr } = await project.hsm('sources', 'test', 'far');
    assert.equal(code, 3);
    assert.match(stderr, /gpubox asks for the password of dana@.*no terminal to ask on/);
  });
});
