import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import type { RunnerRig } from '../../support/runnerRig';
import { shellTask, shortTasks, taskName, useRigs } from '../../support/runnerRig';
import { shellsHere } from '../../support/shells';
import { NASTY_WORDS } from '../../contract/hostContract';

const signal = new AbortController().signal;

/** Writes its arguments and variables to a file, each ended by a NUL. */
const TELL =
  'out=$1; shift; printf "%s\\0" "$@" >"$HSM_TASK_DIR/$out.args"; env -0 >"$HSM_TASK_DIR/$out.env"';

for (const shell of shellsHere()) {
  describe(`what a task finds around it, by a runner in ${shell.name}`, function () {
    this.timeout(60_000);
    const openRig = useRigs();
    const open = (...[options, context]: Parameters<typeof openRig>): RunnerRig => {
      const rig = openRig({}, context);
      return rig.with({ shell: shell.path(rig.projectDir), ...options });
    };

    it('gets exactly its arguments, variables and parameters, in a wrapper and in a lane', async () => {
      const rig = open({ slots: 1 });
      const env = Object.fromEntries(NASTY_WORDS.map((word, index) => [`WORD_${index}`, word]));
      const paramsYaml = `text: |\n  t 9 9 task_0009 '' -- false\n  ${NASTY_WORDS.join('')}\n`;
      const nasty = (task: number) => ({
        task,
        attempt: 1,
        name: taskName(task),
        argv: ['sh', '-c', TELL, 'sh', 'told', ...NASTY_WORDS],
        env,
        paramsYaml,
      });
      await rig.submit(nasty(1), ...shortTasks(2), nasty(6));
      await rig.untilEnded(1, 6);
      for (const task of [1, 6]) {
        assert.equal(rig.read(task, 'stderr.log'), '');
        assert.deepEqual(rig.read(task, 'told.args').split('\0').slice(0, -1), NASTY_WORDS);
        assert.equal(rig.read(task, 'params.yaml'), paramsYaml);
        const found = readVariables(rig.read(task, 'told.env'));
        for (const [name, value] of Object.entries(env)) assert.equal(found.get(name), value, name);
      }
    });

    it('runs in the project directory, with what the engine promises in its environment', async () => {
      const rig = open({ slots: 1 }, { env: { FROM_CONTEXT: "it's here", SHARED: 'context' } });
      const first = shellTask(1, `pwd; ${TELL}`, { env: { SHARED: 'task' } });
      await rig.submit({ ...first, argv: [...first.argv, 'sh', 'told'] }, ...shortTasks(2), {
        ...shellTask(6, TELL),
        argv: ['sh', '-c', TELL, 'sh', 'told'],
      });
      await rig.untilEnded(1, 6);
      assert.equal(rig.read(1, 'stdout.log'), `${rig.projectDir}\n`);
      const found = [1, 6].map((task) => readVariables(rig.read(task, 'told.env')));
      assert.deepEqual(pick(found[0], 'FROM_CONTEXT', 'SHARED'), ["it's here", 'task']);
      assert.deepEqual(pick(found[1], 'FROM_CONTEXT', 'SHARED'), ["it's here", 'context']);
      assert.deepEqual(
        pick(found[1], 'HSM_SWEEP_ID', 'HSM_TASK', 'HSM_ATTEMPT', 'HSM_SLOT', 'HSM_TASK_DIR'),
        [rig.context.sweepId, '6', '1', '1', rig.file(6)],
      );
      assert.equal(found[1]?.get('CUDA_VISIBLE_DEVICES'), process.env['CUDA_VISIBLE_DEVICES']);
    });

    it('sees only the GPUs of its slot, and no slot is without', async () => {
      const rig = open({
        slots: 3,
        gpus: [
          [0, 1],
          [2, 3],
        ],
      });
      const line = 'echo "$HSM_SLOT:$CUDA_VISIBLE_DEVICES:$CUDA_DEVICE_ORDER"; sleep 0.3';
      await rig.submit(...[1, 2, 3, 4].map((task) => shellTask(task, line)));
      await rig.source.control({ slots: 3, paused: false }, signal);
      await rig.untilEnded(1, 2, 3, 4);
      const seen = new Set([1, 2, 3, 4].map((task) => rig.read(task, 'stdout.log')));
      assert.deepEqual([...seen].sort(), ['1:0,1:PCI_BUS_ID\n', '2:2,3:PCI_BUS_ID\n']);
    });

    it('finds what the setup lines prepared, once per lane', async () => {
      const setup = [
        'echo once >>"$HSM_SWEEP_ID.setup"',
        'loaded() { echo "$1"; }',
        'export PREPARED="$(loaded yes)" IFS=x',
        'cd /; set -fC; t() { echo hijacked; }',
      ];
      const rig = open({ slots: 1 }, { setup, sweepId: 'prepared' });
      await rig.submit(
        shellTask(1, 'echo "$PREPARED $PWD"'),
        ...shortTasks(2),
        shellTask(6, 'echo "$PREPARED $PWD"'),
      );
      await rig.untilEnded(1, 6);
      for (const task of [1, 6]) assert.equal(rig.read(task, 'stdout.log'), `yes ${rig.projectDir}\n`);
      assert.equal(readFileSync(`${rig.projectDir}/prepared.setup`, 'utf8'), 'once\n');
    });

    it('starts nothing when a setup line fails, says which, and tries again at the next start', async () => {
      const rig = open({ slots: 1 }, { setup: ['test -e go # not there'], sweepId: 'setup' });
      await rig.submit(shellTask(1, 'true'));
      const status = await rig.untilStatus('stopped');
      assert.match(status.trouble ?? '', /The setup line "test -e go.*" failed on this machine/);
      assert.deepEqual(status.records, []);
      rig.letGo();
      await rig.source.control({ slots: 1, paused: false }, signal);
      await rig.untilEnded(1);
    });

    it('keeps the output of earlier attempts, and a line for each attempt', async () => {
      const rig = open();
      const attempt = (number: number) =>
        shellTask(1, `echo "try ${number}"; exit ${number}`, { attempt: number });
      for (const number of [1, 2, 3]) {
        await rig.submit(attempt(number));
        await rig.untilAttemptEnded(1, number);
      }
      assert.equal(rig.read(1, 'stdout.attempt1.log'), 'try 1\n');
      assert.equal(rig.read(1, 'stdout.attempt2.log'), 'try 2\n');
      assert.equal(rig.read(1, 'stdout.log'), 'try 3\n');
      assert.ok(existsSync(rig.file(1, 'stderr.attempt2.log')));
      const lines = rig
        .read(1, 'attempts.jsonl')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Attempt);
      assert.deepEqual(
        lines.map(({ attempt: number, exitCode }) => [number, exitCode]),
        [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
      );
      for (const { startedAtMs, endedAtMs } of lines) {
        assert.ok(Math.abs(Date.now() - endedAtMs) < 60_000, String(endedAtMs));
        assert.ok(endedAtMs >= startedAtMs);
      }
    });

    it('is recorded when it cannot be run, as a shell would tell it', async () => {
      const rig = open({ slots: 1 });
      const cases: readonly (readonly [readonly string[], number])[] = [
        [['no-such-program'], 127],
        [['/no/such/program'], 127],
        [['/etc/passwd'], 126],
        [['sh', '-c', 'kill -9 $$'], 137],
        [['sh', '-c', 'exit 255'], 255],
        // Words that mean something to the shell that runs the lane.
        [['exit', '3'], 127],
        [['hsm_leave'], 127],
        [['t', '1', '1'], 127],
      ];
      const once = cases.map(([argv], index) => ({ ...shellTask(index + 1, ''), argv }));
      const again = cases.map(([argv], index) => ({ ...shellTask(index + 101, ''), argv }));
      await rig.submit(...once, ...again);
      for (const [index, [argv, exitCode]] of cases.entries()) {
        for (const task of [index + 1, index + 101]) {
          assert.equal((await rig.until('ended', task)).exitCode, exitCode, argv.join(' '));
        }
      }
      assert.match(rig.read(1, 'stderr.log'), /no-such-program/);
    });

    it('may have a command as long as the system allows', async () => {
      const rig = open({ slots: 1 });
      const words = Array.from({ length: 20 }, () => 'x'.repeat(90_000));
      await rig.submit({ ...shellTask(1, ''), argv: ['sh', '-c', 'echo $#', 'sh', ...words] });
      await rig.untilEnded(1);
      assert.equal(rig.read(1, 'stdout.log'), '20\n');
    });
  });
}

interface Attempt {
  readonly attempt: number;
  readonly exitCode: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

function readVariables(text: string): Map<string, string> {
  return new Map(
    text.split('\0').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

function pick(variables: ReadonlyMap<string, string> | undefined, ...names: readonly string[]): unknown[] {
  return names.map((name) => variables?.get(name));
}
