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

  it('are compared from the tasks of the tree, file by file', async () => {
    const { workbench } = stage();
    const { sweeps, page, editor, quickInput } = workbench;
    await sweeps.expand(/^Done: 8 tasks/);
    await sweeps.row(/^Task 1, /).click();
    await sweeps.row(/^Task 4, /).click({ modifiers: ['ControlOrMeta'] });
    await sweeps.chooseFromMenu(/^Task 4, /, 'Compare Results');
    await view().untilShown();
    await view().text('Tasks 1 and 4:').waitFor();
    await view().tab('Compare').and(view().selectedTab).waitFor();
    await view().button('Compare Files…').click();
    await quickInput.untilAsks('Which file of tasks 1 and 4?');
    await quickInput.choose('metrics.csv');
    await editor.untilShows(/^metrics\.csv: task 1 and task 4/);
    await page.locator('.monaco-diff-editor .editor.modified .view-line').first().waitFor();
    await workbench.screenshot('results-diff');
  });

  it('are saved as tables, pictures and a notebook, where the user says', async () => {
    const { workbench, workspaceDir } = stage();
    const saved = async (entry: string, file: string): Promise<Buffer> => {
      await workbench.page.getByRole('tab', { name: /^Results: lr/ }).click();
      await view().untilShown();
      await view().button('Export…').click();
      await view().menuItem(entry).click();
      await workbench.quickInput.untilAsks(/^Save /);
      await workbench.quickInput.untilHolds(/\/[^/]+\.\w+$/);
      await workbench.quickInput.accept(join(workspaceDir, file));
      await workbench.editor.untilShows(new RegExp(`^${file.replace('.', '\\.')}`));
      return readFile(join(workspaceDir, file));
    };
    await workbench.page.getByRole('tab', { name: /^Results: lr/ }).click();
    await view().untilShown();
    await view().tab('Scatter').click();
    const csv = String(await saved('Table as CSV', 'table.csv'));
    assert.match(csv, /^task,state,optimizer\.lr,model\.activation,.*val\.loss/);
    // What the filter lets through, in the order of the table.
    assert.equal(csv.trimEnd().split('\r\n').length, 9);
    const rows = JSON.parse(String(await saved('Table as JSON', 'table.json'))) as { state: string }[];
    assert.deepEqual(new Set(rows.map(({ state }) => state)), new Set(['succeeded']));
    assert.match(String(await saved('Chart as SVG', 'chart.svg')), /^<svg .*val\.loss/s);
    assert.equal((await saved('Chart as PNG', 'chart.png')).subarray(1, 4).toString(), 'PNG');
    const notebook = JSON.parse(String(await saved('Jupyter Notebook', 'sweep.ipynb'))) as {
      nbformat: number;
    };
    assert.equal(notebook.nbformat, 4);
    await workbench.screenshot('results-notebook');
    // It is a page in a frame, too.
    await workbench.runCommand('View: Close Editor');
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
