import { strict as assert } from 'node:assert';
import { text } from 'node:stream/consumers';
import { SshHost } from '../../../src/adapters/ssh/sshHost';
import { SshSession } from '../../../src/adapters/ssh/sshSession';
import { silentLogger } from '../../../src/core/base/logger';
import { connectTo, openRigHost } from '../../support/sshd/rigHost';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

/** What the server allows on one connection is respected, found out, and used. */
describe('Sessions on a connection', function () {
  this.timeout(30_000);
  const rigs = useSshd();

  for (const maxSessions of [1, 2, 10]) {
    it(`does forty commands at once where ${maxSessions} sessions are allowed`, async () => {
      const rig = await rigs.start({ maxSessions });
      const { host, session } = await openRigHost(rig);
      const runs = Array.from({ length: 40 }, async (_, index) => {
        const { stdout } = await host.run(['sh', '-c', 'echo $1', 'sh', String(index)], signal);
        return stdout;
      });
      assert.deepEqual(
        await Promise.all(runs),
        runs.map((_, index) => `${index}\n`),
      );
      session.dispose();
    });

    it(`takes turns of commands and streams where ${maxSessions} sessions are allowed`, async () => {
      const rig = await rigs.start({ maxSessions });
      const { host, session } = await openRigHost(rig);
      const works = Array.from({ length: 12 }, async (_, index) => {
        if (index % 2 === 0) return (await host.run(['echo', `${index}`], signal)).stdout;
        const program = await host.start(['sh', '-c', `sleep 0.1; echo ${index}`], signal);
        program.stdin.end();
        program.stderr.resume();
        return text(program.stdout);
      });
      assert.deepEqual(
        await Promise.all(works),
        works.map((_, index) => `${index}\n`),
      );
      session.dispose();
    });
  }

  it('gives the connection up when a command that was stopped holds on to the only session', async () => {
    const rig = await rigs.start({ maxSessions: 1 });
    const transport = await connectTo(rig);
    // The rig's sshd runs without privileges to separate, so it does not end commands for its clients.
    const session = new SshSession(transport, rig.alias, silentLogger, 500);
    const host = new SshHost(rig.alias, () => Promise.resolve(session), silentLogger);
    const losses: string[] = [];
    session.onDidLose((reason) => losses.push(reason));
    await assert.rejects(host.run(['sleep', '600'], signal, { timeoutMs: 100 }), /did not end within/);
    await waitUntil('it is given up', () => losses.length > 0);
    assert.match(losses.join(), /holds on to all its sessions/);
    session.dispose();
  });

  it('kills what a stopped command started, too', async () => {
    const rig = await rigs.start();
    const { host, session } = await openRigHost(rig);
    const giveUp = new AbortController();
    const running = host.run(['sh', '-c', 'sleep 601 & sleep 602; echo'], giveUp.signal);
    const sleeping = async () => {
      const { stdout } = await host.run(['sh', '-c', 'ps -eo args | grep -c "^[s]leep 60[12]"'], signal);
      return Number(stdout);
    };
    await waitUntil('it runs', async () => (await sleeping()) === 2);
    giveUp.abort();
    await assert.rejects(running, { name: 'AbortError' });
    await waitUntil('both are gone', async () => (await sleeping()) === 0);
    session.dispose();
  });
});
