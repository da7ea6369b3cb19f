import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { parseSystemInformation, sharedLook } from '../../../src/core/analysis/systemInformation';
import { shellTask, shortTasks, useRigs, type RunnerRig } from '../../support/runnerRig';
import { shellsHere } from '../../support/shells';
import { waitUntil } from '../../support/waitUntil';

/** For shells, for JSON, and for neither. */
const ODD = 'it\'s $(here) \\n "`x`" %s é';

for (const shell of shellsHere()) {
  describe(`what a runner in ${shell.name} writes down of the machine when a task fails`, function () {
    this.timeout(60_000);
    const openRig = useRigs();

    it('tells disks, memory, processes, limits and environment, for a wrapper and for a lane', async () => {
      const rig = openRig({}, { env: { CONDA_DEFAULT_ENV: 'ml', MY_SECRET: 'hunter22' } });
      const lane = rig.with({ slots: 1, shell: shell.path(rig.projectDir) });
      // The last one runs in the lane, and more than a second after the first.
      await lane.submit(shellTask(1, 'exit 3'), ...shortTasks(2), shellTask(6, 'sleep 1.1; exit 4'));
      await lane.untilEnded(1, 6);
      for (const task of [1, 6]) {
        const text = machineText(lane, task);
        const system = parseSystemInformation(text);
        assert.ok(text.startsWith('== attempt 1\n'), text);
        assert.ok(system.host !== undefined && system.disks.length > 0, text);
        assert.ok(system.processes.length > 0, text);
        assert.equal(system.environment['CONDA_DEFAULT_ENV'], 'ml');
        assert.ok(Object.keys(system.limits).length > 0, text);
        if (existsSync('/proc/meminfo')) assert.ok((system.memory?.totalBytes ?? 0) > 0, text);
        assert.doesNotMatch(text, /hunter22/u);
      }
    });

    it('writes nothing for tasks that succeed or are cancelled', async () => {
      const rig = openRig({}, {}).with({ slots: 1 });
      await rig.submit(shellTask(1, 'true'), shellTask(2, 'touch "$HSM_TASK_DIR/begun"; exec sleep 60'));
      await waitUntil('the second task runs', () => existsSync(rig.file(2, 'begun')));
      await rig.source.cancel([{ task: 2, attempt: 1 }], new AbortController().signal);
      await rig.untilEnded(1, 2);
      assert.ok(!existsSync(rig.file(1, 'failure.txt')));
      assert.ok(!existsSync(rig.file(2, 'failure.txt')));
    });

    it('has it for every failure, though it looks at most about once a second', async () => {
      const rig = openRig({}, { env: { CONDA_PREFIX: ODD } }).with({
        slots: 2,
        shell: shell.path(openRig().projectDir),
      });
      const tasks = Array.from({ length: 100 }, (_, index) => index + 1);
      const began = performance.now();
      await rig.submit(...tasks.map((task) => shellTask(task, 'exit 1')));
      await rig.untilEnded(...tasks);
      const seconds = (performance.now() - began) / 1000;
      const looks = tasks.filter((task) => {
        const text = machineText(rig, task);
        assert.ok(text.startsWith('== attempt 1\n'), text);
        const system = parseSystemInformation(text);
        assert.ok(system.disks.length > 0, text);
        assert.equal(system.environment['CONDA_PREFIX'], ODD);
        assert.ok(Math.abs(system.shared?.beforeMs ?? 0) < 10_000 + 1000 * seconds, text);
        return !system.shared;
      });
      assert.ok(looks.length >= 1, 'there was a look');
      // Two slots may look at the stamp at the same moment.
      assert.ok(looks.length <= 2 * (seconds + 2), `${looks.length} in ${seconds} s`);
    });
  });
}

/** In a file of its own, or, where the look was another task's, in the attempt's record. */
function machineText(rig: RunnerRig, task: number): string {
  if (existsSync(rig.file(task, 'failure.txt'))) return rig.read(task, 'failure.txt');
  return sharedLook(rig.read(task, 'attempts.jsonl'), 1) ?? '';
}
