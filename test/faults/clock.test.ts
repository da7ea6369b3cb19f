import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects } from '../support/faults/faultProject';
import type { SweepStatus } from '../support/hsm/sweepStatus';
import { faketime, findFaketime, skipUnless } from '../support/requirement';

const HOUR_S = 3600;

describe('a clock that jumps on Linux', function () {
  this.timeout(120_000);
  const newProject = useProjects();

  before(function () {
    skipUnless(this, faketime);
  });

  for (const [title, jumps] of [
    ['back', ['+0', `-${5 * HOUR_S}`]],
    ['to and fro', ['+0', `+${HOUR_S}`, `-${HOUR_S}`, `+${2 * HOUR_S}`]],
  ] as const) {
    it(`${title} under driver and runner loses nothing and makes no time absurd`, async () => {
      const project = await newProject({
        env: {
          LD_PRELOAD: findFaketime() ?? '',
          // Read anew at every call, by the driver, by the runner's `date` and by the tasks.
          FAKETIME_TIMESTAMP_FILE: '/dev/null',
          FAKETIME_NO_CACHE: '1',
          // A real clock that is set leaves the one that timers count by alone.
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
          DONT_FAKE_MONOTONIC: '1',
        },
      });
      const clock = join(project.dir, 'clock');
      const jump = (offset: string): void => {
        writeFileSync(clock, `${offset}\n`);
      };
      jump(jumps[0]);
      project.writeSweep('{ id: [1, 2, 3, 4, 5, 6, 7, 8], sec: [0.1, 0.6] }');
      const started = performance.now();
      const driver = project.startWith({ FAKETIME_TIMESTAMP_FILE: clock }, 'run', 'sweeps/fault.yaml');
      for (const [index, offset] of jumps.slice(1).entries()) {
        await project.untilStarted(4 * (index + 1));
        jump(offset);
        // What is lost has to be found out, whatever the clock says.
        const [wrapper] = project.processesOf('wrapper');
        if (wrapper) process.kill(wrapper.pid, 'SIGKILL');
      }
      assert.equal(await driver.ended(), 0, driver.stderr);
      const tookMs = performance.now() - started;
      assert.ok(tookMs < 60_000, `it took ${Math.round(tookMs / 1000)} s`);
      checkTimes(await checkAccounts(project));
    });
  }
});

/** No task took longer than the test, none ended before it began. */
function checkTimes({ tasks, durationMs }: SweepStatus): void {
  assert.ok(durationMs >= 0);
  for (const { number, startedAt, endedAt } of tasks) {
    const ms = Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');
    assert.ok(ms >= 0 && ms < 60_000, `task ${number} took ${ms} ms`);
  }
}
