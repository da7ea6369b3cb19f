import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useStage } from './stage';
import { startSweep } from './startSweep';

describe('the way from a sweep file to the line behind a failure', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const stage = useStage('examples/mlp');

  /** From 1: where `model.py` gives up. */
  async function lineOfFailure(): Promise<number> {
    const source = await readFile(join(stage().workspaceDir, 'model.py'), 'utf8');
    return source.split('\n').findIndex((line) => line.includes('raise ValueError(f"training diverged')) + 1;
  }

  it('starts from the context menu of the file and is seen in the Sweeps view to its end', async () => {
    const { workbench } = stage();
    await startSweep(workbench, 'lr.yaml');
    await workbench.sweeps.row(/^Running: [1-9]/).waitFor();
    await workbench.sweeps.row(/^Sweep .*, failed, 12\/12 · 4 failed/).waitFor({ timeout: 90_000 });
    await workbench.sweeps.row(/^Done: 8 tasks/).waitFor();
  });

  it('is told of once, when it is over', async () => {
    const { workbench } = stage();
    await workbench.notification(/is over: 8 succeeded · 4 failed, of 12 tasks/).waitFor();
    await workbench.screenshot('sweep-over');
    await workbench.dismissNotifications();
  });

  it('opens the summary of a failed task by a click on it', async () => {
    const { workbench } = stage();
    await workbench.sweeps.expand(/^Failed: 4 tasks/);
    await workbench.sweeps.row(/^Task 9, optimizer\.lr=30 .*failed/).click();
    await workbench.editor.untilShows(/^Task 9 errors/);
    await workbench.editor.untilContains('training diverged');
    await workbench.screenshot('error-summary');
  });

  it('follows the link in the summary to the line of the script', async () => {
    const { workbench } = stage();
    await workbench.editor.followLink(/model\.py/, /^model\.py/);
    await workbench.editor.untilAtLine(await lineOfFailure());
  });

  it('names that line once in the Problems panel, with the four tasks behind it', async () => {
    const { workbench } = stage();
    await workbench.problems.open();
    const entries = workbench.problems.entries(/^Error: .*training diverged/);
    await entries.first().waitFor();
    assert.equal(await entries.count(), 1);
    const name = (await entries.first().getAttribute('aria-label')) ?? '';
    assert.match(name, /Tasks 9, 10, 11, 12 of sweep/);
    assert.match(name, new RegExp(`line ${await lineOfFailure()}\\b`));
    await workbench.screenshot('failure');
  });
});
