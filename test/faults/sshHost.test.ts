import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects, type FaultProject } from '../support/faults/faultProject';
import { itWithSeeds } from '../support/faults/seeds';
import { skipUnlessMountable, SmallDisk } from '../support/faults/smallDisk';
import { addHosts, checkAllAtHome } from '../support/faults/sshFaults';
import { killIfThere } from '../support/runnerRig';
import type { SshdRig } from '../support/sshd/sshd';
import { useSshd } from '../support/sshd/useSshd';

const GRID = '{ id: [1, 2, 3, 4, 5, 6, 7, 8], sec: [0.05, 0.5] }';
const TASKS = 16;
const RUN = ['run', 'sweeps/fault.yaml', '--source', 'box'];

// eslint-disable-next-line no-control-regex -- they are what a terminal must not get
const ESCAPES = /[\u001b\u0090\u0007]/;

describe('a host of a sweep on Linux', function () {
  this.timeout(180_000);
  // In this order: what is mounted on a host is unmounted before the host is removed.
  const newProject = useProjects();
  const rigs = useSshd();

  async function finish(project: FaultProject, code: number | undefined, said: string): Promise<void> {
    assert.equal(code, 0, said);
    const { succeeded } = await checkAccounts(project);
    assert.equal(succeeded, TASKS);
    const collected = await project.hsm('collect', 'last');
    assert.equal(collected.code, 0, collected.stderr);
    await checkAllAtHome(project);
  }

  itWithSeeds('may lose its runner', 1, async (random) => {
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box']);
    assert.ok(host);
    project.writeSweep(GRID, { run: '{ retries: 2 }' });
    const driver = project.start(...RUN);
    for (const started of [1, random.int(3, TASKS - 4)]) {
      await project.untilStarted(started);
      const kind = random.pick([/runner\.sh main$/, /runner\.sh lane \d+$/]);
      for (const { pid, command } of commandsOf(host.rig)) if (kind.test(command)) killIfThere(pid);
    }
    await finish(project, await driver.ended(), driver.stderr);
  });

  itWithSeeds('may go down with everything that runs there, and come back', 1, async (random) => {
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box']);
    assert.ok(host);
    project.writeSweep(GRID, { run: '{ retries: 3 }' });
    const driver = project.start(...RUN);
    await project.untilStarted(random.int(2, TASKS - 4));
    await host.rig.reboot();
    await finish(project, await driver.ended(), driver.stderr);
  });

  itWithSeeds('may have a full disk for a while', 1, async function (random) {
    skipUnlessMountable(this);
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box']);
    assert.ok(host);
    // Under 100 MiB nothing is started.
    const disk = new SmallDisk(join(host.rig.home, '.hsm'), 160);
    project.atEnd(() => {
      disk.unmount();
    });
    project.writeSweep(GRID, { run: '{ retries: 3 }' });
    const driver = project.start(...RUN);
    await project.untilStarted(random.int(1, TASKS / 2));
    disk.fill();
    await delay(random.int(500, 4_000));
    disk.free();
    const code = await driver.ended();
    const again = code === 0 ? undefined : await project.hsm('attach', 'last');
    assert.equal(again?.code ?? code, 0, driver.stderr + (again?.stderr ?? ''));
    // What a task could not write is not there; what became of every attempt is known all the same.
    const { succeeded } = await checkAccounts(project);
    assert.equal(succeeded, TASKS);
    const collected = await project.hsm('collect', 'last');
    assert.equal(collected.code, 0, collected.stderr);
  });

  itWithSeeds('may hand its tasks over to another one when it is gone', 1, async (random) => {
    const project = await newProject();
    const [gone, other] = await addHosts(project, rigs, ['gone', 'other']);
    assert.ok(gone && other);
    project.writeSweep(GRID, { run: '{ retries: 1 }' });
    const driver = project.start('run', 'sweeps/fault.yaml', '--source', 'gone', '--source', 'other');
    await project.untilStarted(random.int(2, 6));
    gone.proxy.refuse(true);
    gone.proxy.reset();
    // What it has begun it finishes, seen or not; nothing may be claimed by both.
    await delay(random.int(1_000, 4_000));
    gone.proxy.refuse(false);
    await finish(project, await driver.ended(), driver.stderr);
  });
});

describe('a hostile host on Linux', function () {
  this.timeout(180_000);
  // In this order: what is mounted on a host is unmounted before the host is removed.
  const newProject = useProjects();
  const rigs = useSshd();

  it('gets nothing written outside of the sweep, and harms nobody by what it writes', async () => {
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box'], { more: 'collect: { max_size: 1M }' });
    assert.ok(host);
    writeFileSync(join(project.dir, 'victim'), 'mine');
    project.writeScript(
      'hostile.sh',
      [
        '#!/bin/sh',
        'cd "$HSM_TASK_DIR"',
        `ln -s ${project.dir} way_out`,
        'ln -s /etc/passwd passwd',
        'ln -s ../../../../victim victim',
        'mkfifo pipe',
        'mkdir -p sub/dir; ln -s ../../.. sub/dir/up',
        `printf 'x' >"$(printf 'name\\033]0;title\\007\\nnew line')"`,
        `printf '\\033]0;owned\\007\\033[2J\\220out\\n'`,
        // A file that says it has a terabyte, and errors without end.
        'truncate -s 1T model.bin',
        'yes "error: it all goes wrong" | head -c 30000000 >&2',
        'printf "#!/bin/sh\\n" >program; chmod 6755 program',
        'printf "true" >fine.txt',
        'exit 3',
      ].join('\n'),
    );
    project.writeSweep('{ id: [1, 2] }', { script: 'hostile.sh' });
    const driver = await project.hsm(...RUN);
    assert.equal(driver.code, 1, driver.stderr);
    const collected = await project.hsm('collect', 'last', '--json');
    assert.doesNotMatch(
      driver.stdout + driver.stderr + collected.stderr,
      ESCAPES,
      'no escapes on a terminal',
    );
    for (const task of ['task_0001', 'task_0002']) {
      const dir = join(project.sweepDir(), 'tasks', task);
      const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
      for (const name of names) {
        const stat = statSync(join(dir, name));
        assert.ok(stat.isFile() || stat.isDirectory(), name);
        assert.ok(stat.isDirectory() || stat.size <= 1024 * 1024, `${name} has ${stat.size} bytes`);
        assert.ok(stat.isDirectory() || (stat.mode & 0o7111) === 0, `${name} can be executed`);
      }
      for (const absent of ['way_out', 'passwd', 'victim', 'pipe', 'model.bin', 'sub/dir/up'])
        assert.ok(!names.includes(absent), `${absent} came`);
      assert.equal(readFileSync(join(dir, 'fine.txt'), 'utf8'), 'true');
    }
    assert.equal(readFileSync(join(project.dir, 'victim'), 'utf8'), 'mine');
    const errors = await project.hsm('errors', 'last');
    assert.doesNotMatch(errors.stdout, ESCAPES, 'no escapes on a terminal');
    // What did not come is named, so that nobody takes it for collected.
    assert.match(driver.stderr, /Not collected.*model\.bin/);
    assert.ok(existsSync(join(project.sweepDir(), 'errors', 'task_0001.md')));
  });
});

function commandsOf(rig: SshdRig): { readonly pid: number; readonly command: string }[] {
  return rig.processes().flatMap((pid) => {
    try {
      return { pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() };
    } catch {
      return [];
    }
  });
}
