import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../../support/waitUntil';
import { ResultsView } from '../pages/resultsView';
import { useStage } from './stage';
import { startSweep } from './startSweep';

describe('the results of a sweep in the editor', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const stage = useStage('examples/mlp');
  const view = (): ResultsView => new ResultsView(stage().workbench.page);

  it('open from the line of the sweep while it runs, and follow it to its end', async () => {
    const { workbench } = stage();
    await startSweep(workbench, 'lr.yaml');
    await workbench.sweeps.chooseFromMenu(/^Sweep /, 'Show Results');
    await view().untilShown();
    await view()
      .text(/12 of 12 tasks are over/)
      .waitFor({ timeout: 90_000 });
    await view()
      .text(/^Best: task \d+/)
      .waitFor();
    await workbench.dismissNotifications();
    await workbench.screenshot('results-page');
  });

  it('are sorted and filtered', async () => {
    const name = 'val.loss';
    await view().column(name).first().click();
    await view().filter.fill('state == succeeded');
    await view().text('8 of 12 tasks').waitFor();
    const losses = await view().numbers(name);
    assert.equal(losses.length, 8);
    assert.deepEqual(
      losses,
      [...losses].sort((a, b) => a - b),
    );
  });

  it('are brushed in the chart', async () => {
    const box = await view().canvas.boundingBox();
    assert.ok(box);
    const { page } = stage().workbench;
    await page.mouse.move(box.x + 70, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 70, box.y + box.height * 0.6, { steps: 5 });
    await page.mouse.up();
    await view()
      .button(/^Remove the brush on/)
      .waitFor();
    await view()
      .button(/^Remove the brush on/)
      .click();
    await view().text('8 of 12 tasks').waitFor();
  });

  it('lead from a row to the output of its task', async () => {
    const { workbench } = stage();
    await view().row(0).click();
    await view().button('Standard Output').click();
    await workbench.editor.untilShows(/stdout|Task \d+/);
  });

  it('are compared task by task, with the differences of their output', async () => {
    const { workbench } = stage();
    await workbench.page.getByRole('tab', { name: /^Results: lr/ }).click();
    await view().untilShown();
    await view().row(0).click();
    await view()
      .row(1)
      .click({ modifiers: ['Control'] });
    await view().button('Compare').first().click();
    await view().text('Only what differs').waitFor();
    await workbench.screenshot('results-compare');
    await view().button('Compare stdout').click();
    await workbench.editor.untilShows(/^stdout\.log: task \d+ and task \d+/);
  });

  it('remember with the sweep what it is after', async () => {
    const { workbench, workspaceDir } = stage();
    await workbench.page.getByRole('tab', { name: /^Results: lr/ }).click();
    await view().untilShown();
    await view()
      .field(/^Objective/)
      .selectOption('val.loss');
    const outputs = join(workspaceDir, 'outputs');
    const objective = await waitUntil('the objective is written down', async () => {
      const [sweep = ''] = await readdir(outputs);
      return readFile(join(outputs, sweep, 'objective.json'), 'utf8').catch(() => undefined);
    });
    assert.deepEqual(JSON.parse(objective), { metric: 'val.loss', goal: 'minimize' });
    await view()
      .text(/^Best: task \d+, val\.loss/)
      .waitFor();
  });

  it('are there again after a reload, as they were left', async () => {
    const { workbench } = stage();
    await workbench.page.getByRole('tab', { name: /^Results: lr/ }).click();
    await view().untilShown();
    await workbench.reload();
    await workbench.page.getByRole('tab', { name: /^Results: lr/ }).click();
    await view().untilShown();
    await view().text('8 of 12 tasks').waitFor();
  });

  for (const [name, theme, style] of [
    ['dark', 'Default Dark Modern', 'vscode-dark'],
    ['light', 'Default Light Modern', 'vscode-light'],
    ['contrast', 'Default High Contrast', 'vscode-high-contrast'],
  ] as const) {
    it(`follow the editor into its ${name} theme`, async () => {
      const { workbench, workspaceDir } = stage();
      await mkdir(join(workspaceDir, '.vscode'), { recursive: true });
      const settings = JSON.stringify({ 'workbench.colorTheme': theme });
      await writeFile(join(workspaceDir, '.vscode/settings.json'), settings);
      await view().themed(style).waitFor();
      for (const tab of ['Learning Curves', 'Importance', 'Scatter', 'Parallel Coordinates']) {
        await view().tab(tab).click();
        await workbench.screenshot(`results-${name}-${tab.replace(' ', '-')}`);
      }
    });
  }
});
