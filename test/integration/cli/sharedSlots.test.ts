import assert from 'node:assert/strict';
import { waitUntil } from '../../support/waitUntil';
import { SweepProject } from './sweepProject';

describe('a sweep that is started while another one uses all slots', function () {
  this.timeout(90_000);
  let project: SweepProject;
  let other: SweepProject;

  beforeEach(async () => {
    project = await SweepProject.create();
    other = await SweepProject.create(project.home);
  });

  afterEach(async () => {
    await other.remove();
    await project.remove();
  });

  it('waits for its turn and says for what, also when the other is of another project', async () => {
    await project.hsm('run', project.writeGated(3), '--detach');
    await project.waitForStarts(2);
    const { sweepId } = await project.status();

    const runs = [project, other].map((each) => each.start('run', writeOpen(each)));
    for (const run of runs) {
      await waitUntil('it says what it waits for', () =>
        run.stderr.includes('local: 2 slots are used by another sweep'),
      );
      assert.ok(run.stderr.includes(`(${sweepId})`), run.stderr);
    }
    assert.deepEqual([project.ledger('start').length, other.ledger('start').length], [2, 0]);

    project.open();
    for (const run of runs) assert.equal(await run.ended(), 0);
    await waitUntil('everything has run', () => project.ledger('end').length === 3 + 4);
    assert.equal(other.ledger('end').length, 4);
  });

  it('has the slots that the other does not use', async () => {
    await project.hsm('run', project.writeGated(1), '--detach');
    await project.waitForStarts(1);
    const { code, stdout } = await other.hsm('run', writeOpen(other));
    assert.equal(code, 0, stdout);
  });
});

/** A sweep file with four tasks that wait for nothing. */
function writeOpen(project: SweepProject): string {
  return project.write('sweeps/open.yaml', 'script: task.sh\nsweep: { grid: { value: [1, 2, 3, 4] } }\n');
}
