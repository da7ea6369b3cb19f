import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAccounts } from '../../support/faults/accounts';
import { useProjects } from '../../support/faults/faultProject';
import { addHosts, checkAllAtHome } from '../../support/faults/sshFaults';
import { loginShells, rsync, skipUnless } from '../../support/requirement';
import type { SshdOptions } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';

/** What the runner and the scripts of transfers need, and not one program more. */
const BARE =
  'sh cat mkdir ln rm mv find xargs stat head tail tar sha256sum sleep ps awk sed grep date kill sort tr cut wc touch ls chmod cp df uname id env printf'.split(
    ' ',
  );

describe('a sweep by the command line on an unusual host', function () {
  this.timeout(120_000);
  const newProject = useProjects();
  const rigs = useSshd();

  before(function () {
    skipUnless(this, rsync);
    skipUnless(this, loginShells);
  });

  async function checkSweep(sshd: SshdOptions): Promise<string> {
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box'], { sshd });
    assert.ok(host);
    project.writeSweep('{ id: [1, 2, 3], sec: [0, 0.2] }');
    const { code, stderr } = await project.hsm('run', 'sweeps/fault.yaml', '--source', 'box');
    assert.equal(code, 0, stderr);
    const { succeeded } = await checkAccounts(project);
    assert.equal(succeeded, 6);
    await checkAllAtHome(project);
    assert.ok(existsSync(join(host.rig.home, '.hsm', 'sweeps')));
    assert.ok(readFileSync(join(project.sweepDir(), 'results.csv'), 'utf8').includes('succeeded'));
    return stderr;
  }

  it('runs where tcsh is the login shell and its start-up file talks', async () => {
    await checkSweep({ shell: 'tcsh', rc: 'printf "\\033]0;cluster\\007"\necho Good morning\n' });
  });

  it('runs where fish is the login shell', async () => {
    await checkSweep({ shell: 'fish', rc: 'echo "Welcome to fish"; echo "Beware" >&2\n' });
  });

  it('runs where there is BusyBox and little else', async () => {
    await checkSweep({ shell: 'busybox' });
  });

  it('runs without rsync, git, Python and setsid', async () => {
    await checkSweep({ shell: 'dash', path: [...BARE, 'nohup'] });
  });

  it('is told what is missing where tasks could not outlive the connection', async () => {
    const project = await newProject();
    await addHosts(project, rigs, ['box'], { sshd: { path: BARE } });
    project.writeSweep('{ id: [1] }');
    const { code, stderr } = await project.hsm('run', 'sweeps/fault.yaml', '--source', 'box');
    assert.equal(code, 3, stderr);
    assert.match(stderr, /Neither setsid nor nohup is there/);
    assert.deepEqual(project.ledger().attempts, []);
  });

  for (const maxSessions of [1, 2])
    it(`runs where one connection may have ${maxSessions} session${maxSessions > 1 ? 's' : ''}`, async () => {
      await checkSweep({ maxSessions, maxStartups: '1' });
    });
});
