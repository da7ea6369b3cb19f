import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { useSweepProject, type SweepProject } from './sweepProject';

/** `slow.sh` takes its time; `choosy.sh` succeeds on the source `big` alone, and its second task waits for the gate. */
const SCRIPTS = {
  'slow.sh': '#!/bin/sh\nexec sleep "$HSM_PARAM_SECONDS"\n',
  'choosy.sh': `#!/bin/sh
echo "start $HSM_TASK $HSM_ATTEMPT" >> ledger
[ "$HSM_TASK" = 1 ] && [ "\${PLACE:-}" != big ] && exit 9
while [ "$HSM_TASK" = 2 ] && [ ! -e gate ]; do sleep 0.05; done
exit 0
`,
};

const CONFIG = `project: { arguments: env }
sources:
  local: { type: local, slots: 2 }
  big: { type: local, slots: 1, env: { PLACE: big } }
  cluster: { type: slurm, host: login }
  half: { type: ssh }
`;

describe('a rerun with other resources', function () {
  this.timeout(60_000);
  let project: SweepProject;

  useSweepProject((made) => {
    project = made;
    for (const [name, text] of Object.entries(SCRIPTS)) {
      project.write(name, text);
      chmodSync(join(project.dir, name), 0o755);
    }
    project.write('.hsm/config.yaml', CONFIG);
  });

  it('gives the tasks of one cause more time, and they are green', async () => {
    const file = project.write(
      'sweeps/slow.yaml',
      'script: slow.sh\nsweep: { grid: { seconds: [0, 2] } }\nrun: { timeout: 1s }\n',
    );
    await project.hsm('run', file, '--source', 'local');
    const { code, stderr } = await project.hsm('rerun', 'last', '--group', '1', '--time-limit', '1m');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /running task 2 \(.*time limit.*\) again with a time limit of 1 min\./);
    const { tasks } = await project.status();
    assert.deepEqual(
      tasks.map(({ state, attempt, resources }) => [state, attempt, resources]),
      [
        ['succeeded', 1, undefined],
        ['succeeded', 2, { timeLimitSec: 60 }],
      ],
    );
  });

  it('says by which limit a task was ended that a rerun gave another', async () => {
    const file = project.write('sweeps/slow.yaml', 'script: slow.sh\nsweep: { grid: { seconds: [3] } }\n');
    await project.hsm('run', file, '--source', 'local', '--max-tasks', '1', '--detach');
    await project.hsm('cancel', 'last');
    await project.hsm('rerun', 'last', '--time-limit', '1s');
    const { tasks } = await project.status();
    assert.equal(tasks[0]?.reason, 'ended by the time limit of 1 s (timeout)');
    assert.match((await project.hsm('errors', 'last')).stdout, /time limit of 1 s/);
  });

  it('brings a source to the sweep that it did not have, and stays there', async () => {
    await project.hsm('run', writeChoosy(1), '--source', 'local');
    const { code, stderr } = await project.hsm('rerun', 'last', '--failed', '--source', 'big');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /running 1 failed, again on big\./);
    await project.hsm('rerun', 'last', '--tasks', '1');
    const { tasks, sources } = await project.status();
    assert.deepEqual(sources, ['local', 'big']);
    assert.deepEqual(
      tasks.map(({ state, source, attempt }) => [state, source, attempt]),
      [['succeeded', 'big', 3]],
    );
  });

  it('is taken up by the process that drives the sweep, and by the next one that takes over', async () => {
    const run = project.start('run', writeChoosy(2), '--source', 'local');
    await project.waitForStarts(2);
    await project.waitForStatus('the first failed', ({ tasks: [first] }) => first?.state === 'failed');
    const { code, stderr } = await project.hsm('rerun', 'last', '--failed', '--source', 'big', '--detach');
    assert.equal(code, 0, stderr);
    await project.waitForStatus(
      'it succeeded there',
      ({ tasks: [first] }) => first?.state === 'succeeded' && first.source === 'big',
    );
    run.signal('SIGKILL');
    await run.ended();
    project.open();
    const { tasks } = await project.waitForStatus('all is over', ({ state }) => state === 'succeeded');
    assert.deepEqual(tasks[0]?.resources, { sources: ['big'] });
    assert.deepEqual(project.ledger('start').sort(), ['start 1 1', 'start 1 2', 'start 2 1']);
  });

  checkRefused('a source that nobody configured', ['--source', 'bigg'], 2, [
    /There is no compute source "bigg"\. Nothing was started\./,
    /uses: local\. Configured besides: big, cluster\./,
  ]);
  checkRefused('a source whose configuration is not whole', ['--source', 'half'], 2, [/it has no `host`/]);
  checkRefused('a source that this version cannot run', ['--source', 'cluster'], 3, [/type slurm/]);
  checkRefused('a time that is none', ['--time-limit', '23:00'], 2, [/hours and minutes, or minutes/]);
  checkRefused('memory where nothing gives it', ['--memory', '4G'], 2, [/no scheduler/, /--slots N/]);
  checkRefused('an amount of memory that is none', ['--memory', 'much'], 2, [/no amount of memory/]);
  checkRefused('a cause that there is not', ['--group', '7'], 2, [/failures of one cause, no group 7/]);

  function checkRefused(
    what: string,
    flags: readonly string[],
    exit: number,
    words: readonly RegExp[],
  ): void {
    it(`refuses ${what}, and starts nothing`, async () => {
      await project.hsm('run', writeChoosy(1), '--source', 'local');
      const { code, stderr } = await project.hsm('rerun', 'last', ...flags);
      assert.equal(code, exit, stderr);
      for (const word of words) assert.match(stderr, word);
      const { sources, tasks } = await project.status();
      assert.deepEqual([sources, tasks[0]?.state, tasks[0]?.attempt], [['local'], 'failed', 1]);
    });
  }

  function writeChoosy(count: number): string {
    const values = Array.from({ length: count }, (_, index) => index + 1);
    return project.write(
      'sweeps/choosy.yaml',
      `script: choosy.sh\nsweep: { grid: { value: [${values.join(', ')}] } }\n`,
    );
  }
});
