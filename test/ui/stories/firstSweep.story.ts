import assert from 'node:assert/strict';
import { useStage } from './stage';
import { startSweep } from './startSweep';

describe('the way from a sweep file to the line behind a failure', function () {
  this.timeout(180_000);
  const stage = useStage('examples/mlp');

  it('starts from the context menu and is seen in the Sweeps view to its end', async () => {
    const { workbench } = stage();
    await startSweep(workbench, 'learning_rate.yaml');
    await workbench.sweeps.row(/^Running: [1-9]/).waitFor();
    await workbench.sweeps.row(/^Sweep .*, failed/).waitFor({ timeout: 90_000 });
    await workbench.screenshot('sweep-over');
  });

  it('opens the summary of a failed task by a click', async () => {
    const { workbench } = stage();
    await workbench.sweeps.expand(/^Failed: [1-9]/);
    await workbench.sweeps.row(/^Task \d+, failed/).click();
    await workbench.editor.untilShows(/^Task \d+ errors/);
    await workbench.screenshot('error-summary');
  });

  it('follows the link in the summary to the line of the script', async () => {
    const { workbench } = stage();
    await workbench.editor.followLink(/train\.py/);
    await workbench.editor.untilShows('train.py');
    assert.ok((await workbench.editor.line()) > 1);
  });

  it('names the line in the Problems panel', async () => {
    const { workbench } = stage();
    await workbench.problems.open();
    await workbench.problems.entry(/HPC Sweep/).waitFor();
    await workbench.screenshot('problems');
  });
});
