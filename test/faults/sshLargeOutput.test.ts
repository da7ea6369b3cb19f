import { strict as assert } from 'node:assert';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects } from '../support/faults/faultProject';
import { highestOf } from '../support/faults/residentBytes';
import { addHosts, filesThere } from '../support/faults/sshFaults';
import { useSshd } from '../support/sshd/useSshd';

const MIB = 1 << 20;
const GIB = 1 << 30;

/** Task 1 writes a gigabyte of lines to its error output, all of them there on the disk, and fails; others succeed. */
const NOISY = `#!/bin/sh
ledger=$HSM_FAULT_DIR/ledger code=0
echo "start $HSM_TASK $HSM_ATTEMPT $$ 0" >>"$ledger"
echo "output of $HSM_TASK"
if [ "$HSM_TASK" = 1 ]; then
  yes 'WARNING: a line that nobody will ever read, with a number of its own: 0123456789' | head -c ${GIB} >&2
  echo 'ValueError: the last word' >&2
  code=1
fi
echo "end $HSM_TASK $HSM_ATTEMPT $code" >>"$ledger"
exit $code
`;

describe('a gigabyte of error output on a host on Linux', function () {
  this.timeout(240_000);
  const newProject = useProjects();
  const rigs = useSshd();

  it('comes home whole, is told by its end, and takes no more memory than a line', async () => {
    const project = await newProject();
    const [host] = await addHosts(project, rigs, ['box']);
    assert.ok(host);
    project.writeScript('noisy.sh', NOISY);
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6] }', { script: 'noisy.sh' });
    const driver = project.start('run', 'sweeps/fault.yaml', '--source', 'box');
    const { code, bytes } = await highestOf(driver);
    assert.equal(code, 1, driver.stderr);
    assert.ok(bytes > 0 && bytes < 300 * MIB, `the driver took ${Math.round(bytes / MIB)} MiB`);

    const { succeeded, failed } = await checkAccounts(project);
    assert.deepEqual([succeeded, failed], [5, 1]);
    const [there = ''] = filesThere(host.rig, 'tasks/task_0001/stderr.log');
    const here = join(project.sweepDir(), 'tasks', 'task_0001', 'stderr.log');
    assert.equal(statSync(here).size, GIB + 'ValueError: the last word\n'.length);
    assert.equal(await digestOf(here), await digestOf(there));

    const errors = await project.hsm('errors', 'last', '1');
    assert.match(errors.stdout, /the last word/);
    assert.ok(errors.stdout.length < 64 * 1024, 'errors are a page, not a flood');
    const summary = readFileSync(join(project.sweepDir(), 'errors', 'task_0001.md'));
    assert.ok(summary.length < 256 * 1024, `the summary has ${summary.length} bytes`);
    const collected = await project.hsm('collect', 'last');
    assert.equal(collected.code, 0, collected.stderr);
  });
});

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: MIB }), hash);
  return hash.digest('hex');
}
