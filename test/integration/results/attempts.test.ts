import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { SweepProject } from '../cli/sweepProject';

/** The first attempt has a mistake, the second fails at once, the third is right. */
const TASK = `#!/bin/sh
case $HSM_ATTEMPT in
1) echo '{"score": 1}' >"$HSM_TASK_DIR/metrics.json"; exit 1 ;;
2) exit 1 ;;
esac
echo '{"score": 3}' >"$HSM_TASK_DIR/metrics.json"
`;

describe('the results of a task that runs again', function () {
  this.timeout(60_000);
  let project: SweepProject;

  before(async () => {
    project = await SweepProject.create();
    chmodSync(join(project.dir, project.write('again.sh', TASK)), 0o755);
    project.write('sweeps/again.yaml', 'script: again.sh\nsweep: { grid: { seed: [1] } }\n');
  });

  after(async () => {
    await project.remove();
  });

  async function checkScore(metrics: Readonly<Record<string, unknown>>, remark: RegExp): Promise<void> {
    const { stdout } = await project.hsm('results', 'last', '--json');
    const [row] = JSON.parse(stdout) as { metrics: unknown }[];
    assert.deepEqual(row?.metrics, metrics);
    assert.match((await project.hsm('results', 'last')).stdout, remark);
  }

  it('are those of its last attempt alone', async () => {
    await project.hsm('run', 'sweeps/again.yaml');
    await checkScore({ score: 1 }, /score/);
    await project.hsm('rerun', 'last', '--failed');
    await checkScore({}, /Task 1: Written before attempt 2 began, .*: metrics\.json\./);
    await project.hsm('rerun', 'last', '--failed');
    await checkScore({ score: 3 }, /score/);
  });
});
