import assert from 'node:assert/strict';
import { readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects, type FaultProject } from '../support/faults/faultProject';
import { residentBytes } from '../support/faults/residentBytes';
import { waitUntil } from '../support/waitUntil';

const MIB = 1 << 20;

/** Notes start and end in the ledger as task.sh does, with something of its own in between. */
const around = (body: string, end = 'echo "end $HSM_TASK $HSM_ATTEMPT 0" >>"$ledger"'): string => `#!/bin/sh
ledger=$HSM_FAULT_DIR/ledger
echo "start $HSM_TASK $HSM_ATTEMPT $$ 0" >>"$ledger"
${body}
${end}
`;

describe('tasks that do what they should not on Linux', function () {
  this.timeout(120_000);
  const newProject = useProjects();

  async function projectWith(script: string, { run = '{}', count = 2 } = {}): Promise<FaultProject> {
    const project = await newProject();
    project.writeScript('hostile.sh', script);
    const ids = Array.from({ length: count }, (_, index) => index + 1).join(', ');
    project.writeSweep(`{ id: [${ids}] }`, { script: 'hostile.sh', run });
    return project;
  }

  /** Nothing lives that a task started. */
  async function checkNothingLeft(project: FaultProject): Promise<void> {
    await waitUntil('no process of a task is left', () => project.processesOf('task').length === 0, 30_000);
  }

  const IGNORES_TERM = around(`trap '' TERM INT HUP\nwhile :; do sleep 1; done`);

  it('are ended by a cancel though they ignore SIGTERM', async () => {
    const project = await projectWith(IGNORES_TERM);
    const driver = project.start('run', 'sweeps/fault.yaml');
    await project.untilStarted(2);
    const { code, stderr } = await project.hsm('cancel', 'last');
    assert.equal(code, 0, stderr);
    await driver.ended();
    const { cancelled } = await checkAccounts(project);
    assert.equal(cancelled, 2);
    await checkNothingLeft(project);
  });

  it('are ended by their time limit though they ignore SIGTERM, with nobody connected', async () => {
    const project = await projectWith(IGNORES_TERM, { run: '{ timeout: 1s }' });
    await project.hsm('run', 'sweeps/fault.yaml', '--detach');
    await project.untilStarted(2);
    await checkNothingLeft(project);
    const { code } = await project.hsm('attach', 'last');
    assert.equal(code, 1);
    const { tasks } = await checkAccounts(project);
    for (const task of tasks) assert.match(task.reason ?? '', /time limit/);
  });

  it('leave no child behind when they are cancelled: forked, in the background, in sessions of their own', async () => {
    const project = await projectWith(
      around(`
sleep 600 &
( sleep 600 & sleep 600 & wait ) &
setsid sleep 600 &
setsid sh -c 'setsid sleep 600 & exit' </dev/null >/dev/null 2>&1
wait`),
    );
    const driver = project.start('run', 'sweeps/fault.yaml');
    await waitUntil('all children live', () => project.processesOf('task').length >= 2 * 6);
    assert.equal((await project.hsm('cancel', 'last')).code, 0);
    await driver.ended();
    await checkAccounts(project);
    await checkNothingLeft(project);
  });

  it('end when they have ended, whatever daemon they leave behind', async () => {
    const project = await projectWith(
      around(`setsid sh -c 'setsid sleep 30 & exit' </dev/null >/dev/null 2>&1`),
    );
    const started = performance.now();
    assert.equal((await project.hsm('run', 'sweeps/fault.yaml')).code, 0);
    assert.ok(performance.now() - started < 20_000, 'nobody waited for the daemon');
    await checkAccounts(project);
  });

  it('may write a gigabyte: driver, logs and errors stay small and quick', async () => {
    // All but the ends is a hole, which takes no room; what reads it to the end reads a gigabyte.
    const project = await projectWith(
      around(
        `echo 'the first line'; echo 'ValueError: too much output' >&2
truncate -s 1G "$HSM_TASK_DIR/stdout.log" "$HSM_TASK_DIR/stderr.log"
dd if=/dev/urandom bs=1M count=16 2>/dev/null | od -An -v -tx1
echo 'the last line'; echo 'ValueError: the last word' >&2`,
        'echo "end $HSM_TASK $HSM_ATTEMPT 1" >>"$ledger"; exit 1',
      ),
      { count: 1 },
    );
    const driver = project.start('run', 'sweeps/fault.yaml');
    let highest = 0;
    const meter = setInterval(() => {
      highest = Math.max(highest, residentBytes(driver.pid) ?? 0);
    }, 50);
    assert.equal(await driver.ended(), 1);
    clearInterval(meter);
    assert.ok(highest > 0 && highest < 300 * MIB, `the driver took ${Math.round(highest / MIB)} MiB`);

    const errors = await quickly(project, 'errors', 'last', '1');
    assert.ok(errors.stdout.length < 64 * 1024, 'errors are a page, not a flood');
    const groups = await quickly(project, 'errors', 'last');
    assert.ok(groups.stdout.length < 64 * 1024);
    const summary = readFileSync(join(project.sweepDir(), 'errors', 'task_0001.md'));
    assert.ok(summary.length < 256 * 1024, `the summary has ${summary.length} bytes`);

    // Only a part is wanted: whoever stops reading gets no more, at once.
    const stdout = join(project.sweepDir(), 'tasks', 'task_0001', 'stdout.log');
    assert.ok(statSync(stdout).size > 40 * MIB);
    truncateSync(stdout, 1024 * MIB);
    const logs = project.start('logs', 'last', '1');
    let most = 0;
    while (logs.isRunning) {
      most = Math.max(most, residentBytes(logs.pid) ?? 0);
      logs.stdout = '';
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(await logs.ended(), 0);
    assert.ok(most < 300 * MIB, `hsm logs took ${Math.round(most / MIB)} MiB`);
    await checkAccounts(project);
  });

  it('may write what is no text: errors and summaries stay readable', async () => {
    const garbage = String.raw`head -c 200000 /dev/urandom >&2
printf '\033[2J\033[31;1mred\033[0m\033]0;title\007 \000\001\002 \303\050 \355\240\200 \342\200\256 end\r\n' >&2
printf 'ValueError: caf\351 \033[5m blinking\n' >&2`;
    const project = await projectWith(
      around(garbage, 'echo "end $HSM_TASK $HSM_ATTEMPT 1" >>"$ledger"; exit 1'),
      { count: 1 },
    );
    await project.hsm('run', 'sweeps/fault.yaml');
    const shown = [
      (await project.hsm('errors', 'last', '1')).stdout,
      (await project.hsm('errors', 'last')).stdout,
      (await project.hsm('status', 'last')).stdout,
      readFileSync(join(project.sweepDir(), 'errors', 'task_0001.md'), 'utf8'),
    ];
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    const steering = shown.map((text) => /[\0-\x08\x0b-\x1f\x7f]/.exec(text)?.index);
    assert.deepEqual(steering, [undefined, undefined, undefined, undefined]);
    assert.match(shown[0] ?? '', /ValueError: caf/);
    await checkAccounts(project);
  });

  it('may close their output and input', async () => {
    const project = await projectWith(around('exec <&- >&- 2>&-\nsleep 0.2'));
    assert.equal((await project.hsm('run', 'sweeps/fault.yaml')).code, 0);
    await checkAccounts(project);
  });

  it('may delete their own directory', async () => {
    const project = await projectWith(around('rm -rf "$HSM_TASK_DIR"\nsleep 0.2'), { count: 6 });
    assert.equal((await project.hsm('run', 'sweeps/fault.yaml')).code, 0);
    await checkAccounts(project);
    // Neither results nor another attempt stumble over it.
    assert.equal((await project.hsm('results', 'last', '--csv')).code, 0);
    const again = await project.hsm('rerun', 'last', '--tasks', '2');
    assert.equal(again.code, 0, again.stderr);
    await checkAccounts(project, { askedAgain: new Set([2]) });
  });

  it('may kill the shell that runs them', async () => {
    const project = await projectWith(around('[ "$HSM_ATTEMPT" -gt 1 ] || kill -9 $PPID; sleep 0.3'), {
      run: '{ lost: rerun }',
    });
    assert.equal((await project.hsm('run', 'sweeps/fault.yaml')).code, 0);
    const { tasks } = await checkAccounts(project);
    for (const { attempt } of tasks) assert.equal(attempt, 2, 'its end was not seen, so it ran again');
  });

  async function quickly(project: FaultProject, ...args: string[]): Promise<{ stdout: string }> {
    const started = performance.now();
    const { code, stdout, stderr } = await project.hsm(...args);
    assert.equal(code, 0, stderr);
    const tookMs = performance.now() - started;
    assert.ok(tookMs < 5_000, `${args.join(' ')} took ${Math.round(tookMs)} ms`);
    return { stdout };
  }
});
