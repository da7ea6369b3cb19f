import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSweep } from './startSweep';
import { useStage } from './stage';

/** The second fails for want of its data, the third and fourth because of their rate. */
const SWEEP = `sweep: { grid: { lr: [0.1, 30], width: [32], seed: [1, 2] } }
run: { command: [python3, -I, -S, train.py, '{lr}', '{width}', '{seed}'] }
`;

describe('the failures of a sweep by the keyboard and in the parts of the editor', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const stage = useStage('test/fixtures/failing');

  it('are gone through with a key, and after the last comes the first', async () => {
    const { workbench, workspaceDir } = stage();
    await writeFile(join(workspaceDir, 'sweeps', 'few.yaml'), SWEEP);
    await startSweep(workbench, 'few.yaml');
    await workbench.sweeps.row(/^Sweep .*, failed, 4\/4 · 3 failed/).waitFor({ timeout: 60_000 });
    await workbench.dismissNotifications();
    for (const task of [2, 3, 4, 2]) {
      await workbench.page.keyboard.press('Control+K');
      await workbench.page.keyboard.press('F8');
      await workbench.editor.untilShows(new RegExp(`^Task ${task} errors`, 'u'));
    }
    await workbench.editor.untilContains(/FileNotFoundError/u);
  });

  it('have the causes in the outline of their summary, which leads to them', async () => {
    const { workbench } = stage();
    await workbench.sweeps.chooseFromMenu(/^Sweep /, 'Show Errors');
    await workbench.editor.untilContains('3 of 4 tasks failed: 2 causes.');
    await workbench.openOutline();
    await workbench.outline.row(/FileNotFoundError/u).waitFor();
    await workbench.screenshot('errors-outline');
    await workbench.outline.row(/1\. 2 tasks: ValueError/u).click();
    // Below the title and the number of failures.
    await workbench.editor.untilAtLine(5);
  });

  it('are folded in it, cause by cause', async () => {
    const { workbench } = stage();
    await workbench.runCommand('View: Focus Active Editor Group');
    await workbench.editor.untilContains('A number became NaN or infinite.');
    await workbench.runCommand('Fold All');
    await workbench.editor.untilHides('A number became NaN or infinite.');
    await workbench.runCommand('Unfold All');
    await workbench.editor.untilContains('A number became NaN or infinite.');
  });

  it('lead along their frames from the entry in the Problems panel', async () => {
    const { workbench } = stage();
    await workbench.problems.open();
    await workbench.problems
      .entries(/^Error: ValueError/u)
      .first()
      .click();
    await workbench.page.keyboard.press('ArrowRight');
    const frame = workbench.problems.entries(/model\.train\(lr, width, seed\).*train\.py/u).first();
    await frame.waitFor();
    await workbench.screenshot('related-information');
    await frame.dblclick();
    await workbench.editor.untilShows(/^train\.py/u);
    await workbench.editor.untilAtLine(9);
  });
});
