import assert from 'node:assert/strict';
import type { Objective } from '../../../src/core/results/objective';
import { buildResultTable, selectRows } from '../../../src/core/results/buildResultTable';
import type { ResultTable } from '../../../src/core/results/resultTable';
import { chromium, skipUnless } from '../../support/requirement';
import { waitUntil } from '../../support/waitUntil';
import { seriousViolations } from '../../support/webview/axe';
import { ResultsHarness, type HarnessPage, type OpenOptions } from '../../support/webview/resultsHarness';
import { sampleHead, sampleSeries, sampleTable } from '../../support/webview/sampleSweep';

const objective: Objective = { metric: 'val_acc', goal: 'maximize', from: 'guessed' };

describe('the results page by itself', function () {
  this.timeout(60_000);
  let harness: ResultsHarness | undefined;
  let opened: HarnessPage | undefined;

  before(async function () {
    skipUnless(this, chromium);
    harness = await ResultsHarness.start();
  });

  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  after(async () => {
    await harness?.stop();
  });

  async function open(table: ResultTable = sampleTable(), options: OpenOptions = {}): Promise<HarnessPage> {
    if (!harness) throw new Error('the harness was not started');
    const page = await harness.open(options);
    opened = page;
    page.answer = (request) =>
      request.kind === 'series'
        ? [
            {
              kind: 'reply',
              id: 0,
              value: { kind: 'series', series: sampleSeries(table, request.metric, request.tasks) },
            },
          ]
        : [{ kind: 'reply', id: 0, value: { kind: 'done' } }];
    await page.say({ kind: 'table', sweep: sampleHead, table, objective });
    await page.page.locator('.grid-row').first().waitFor();
    return page;
  }

  /** Tasks of the first rows, once they are so many or as a condition wants them. */
  async function untilTasks(page: HarnessPage, expected: readonly string[]): Promise<void> {
    await waitUntil(`the first tasks are ${expected.join()}`, async () => {
      const seen = (await page.column('task')).slice(0, expected.length);
      return JSON.stringify(seen) === JSON.stringify(expected);
    });
  }

  it('shows only columns that differ, and brings others back', async () => {
    const { page } = await open();
    assert.equal(await page.getByRole('columnheader', { name: 'epochs' }).count(), 0);
    await page.getByRole('button', { name: 'Columns…' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'epochs' }).click();
    await page.getByRole('columnheader', { name: 'epochs' }).waitFor();
  });

  it('shows tasks and parameters while their metrics are still read, and says so', async () => {
    const whole = sampleTable();
    const shown = await open({ ...whole, metrics: [], origins: [] });
    await shown.say({ kind: 'reading', text: 'Reading metrics: 0 of 120 tasks.' });
    await shown.page.getByRole('status').getByText('Reading metrics: 0 of 120 tasks.').waitFor();
    assert.equal(await shown.page.getByRole('columnheader', { name: 'val_acc' }).count(), 0);
    await shown.say({ kind: 'rows', table: selectRows(whole, [0, 1, 2]) });
    await shown.page.getByRole('columnheader', { name: 'val_acc' }).waitFor();
    await shown.say({ kind: 'table', sweep: sampleHead, table: whole, objective });
    await shown.say({ kind: 'reading', text: '' });
    await shown.page.getByText('Reading metrics').waitFor({ state: 'hidden' });
    await shown.page.getByText('120 of 120 tasks').or(shown.page.getByText('120 tasks')).first().waitFor();
  });

  it('sorts by a click on a column, and tells it to screen readers', async () => {
    const shown = await open();
    const header = shown.page.getByRole('columnheader', { name: 'val_acc' });
    await header.click();
    await header.click();
    await shown.page.locator('[role=columnheader][aria-sort=descending]').waitFor();
    await untilTasks(shown, ['33']);
  });

  it('filters while one types, and says what is wrong with a filter', async () => {
    const shown = await open();
    const filter = shown.page.getByRole('textbox', { name: 'Filter the tasks' });
    await filter.fill('optimizer.lr < 2e-3 and state == failed');
    await shown.page.getByText('3 of 120 tasks').waitFor();
    await filter.fill('optimizer.lx < 2');
    await shown.page.getByText('There is no column “optimizer.lx”. Did you mean “optimizer.lr”?').waitFor();
    // What passed before stays meanwhile.
    await shown.page.getByText('3 of 120 tasks').waitFor();
  });

  it('keeps by a brush only what passes there, until the brush is removed', async () => {
    const { page } = await open();
    const box = await page.locator('canvas').first().boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 70, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 70, box.y + 80, { steps: 4 });
    await page.mouse.up();
    await page.getByText(/optimizer\.lr: 0\.\d+ to/).waitFor();
    await page.getByText('24 of 120 tasks').waitFor();
    await page.getByRole('button', { name: 'Remove the brush on optimizer.lr' }).click();
    await page.getByText('120 tasks', { exact: true }).waitFor();
  });

  it('shows a task that is selected in one place everywhere, and leads to it', async () => {
    const shown = await open();
    const { page } = shown;
    await page.locator('.grid-row').nth(3).click();
    await page.getByRole('toolbar', { name: 'The selected tasks' }).getByText('Task 4').waitFor();
    await page.getByRole('button', { name: 'Standard Output' }).click();
    await page.getByRole('button', { name: 'Run Again' }).click();
    await waitUntil('the page asked for both', () => shown.requests.length === 2);
    assert.deepEqual(shown.requests, [
      { kind: 'open', task: 4, view: 'stdout' },
      { kind: 'rerun', tasks: [4] },
    ]);
  });

  it('compares tasks, the best one marked, and asks for differences of their logs', async () => {
    const shown = await open();
    const { page } = shown;
    await page.locator('.grid-row').nth(2).click();
    await page
      .locator('.grid-row')
      .nth(5)
      .click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.locator('td.best').getByText('0.856475').waitFor();
    await page.getByRole('button', { name: 'Compare stdout' }).click();
    await waitUntil('the page asked', () => shown.requests.length === 1);
    assert.deepEqual(shown.requests[0], { kind: 'diff', tasks: [3, 6], of: 'stdout' });
  });

  it('averages over seeds', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Average over…' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'dropout' }).click();
    await page.getByRole('button', { name: 'Averaged over dropout' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'seed' }).click();
    await page.getByText('120 tasks, 40 groups').waitFor();
    await page
      .locator('.grid-row')
      .getByText(/^0\.\d+ ± 0\.\d+$/)
      .first()
      .waitFor();
  });

  it('draws the curves of hundreds of tasks', async () => {
    const shown = await open();
    await shown.page.getByRole('tab', { name: 'Learning Curves' }).click();
    await waitUntil('all courses were asked for', () => {
      const asked = shown.requests.flatMap((request) => (request.kind === 'series' ? request.tasks : []));
      return new Set(asked).size === 120;
    });
    await shown.page.getByText('120 tasks of the table.').waitFor();
  });

  it('names the method behind the importance of parameters', async () => {
    const { page } = await open();
    await page.getByRole('tab', { name: 'Importance' }).click();
    await page.getByRole('rowheader', { name: 'model.width' }).waitFor();
    await page.getByText(/Random forest .* over the 117 tasks/).waitFor();
  });

  it('computes importance anew when the user asks for something else, and seldom for new values alone', async () => {
    const shown = await open();
    const { page } = shown;
    const says = (text: string | RegExp) => page.locator('.importance').getByText(text).first();
    await page.getByRole('tab', { name: 'Importance' }).click();
    await says(/over the 117 tasks/).waitFor();
    const table = sampleTable();
    const changed = table.metrics.map((column) => ({
      ...column,
      numbers: column.numbers.map((value) => value + 1),
    }));
    await shown.say({
      kind: 'rows',
      table: { ...table, metrics: [...changed.slice(0, 1), ...table.metrics.slice(1)] },
    });
    // The counter of epochs is not the objective.
    await page.getByRole('columnheader', { name: 'epoch', exact: true }).waitFor({ state: 'hidden' });
    await says('Tasks have new values').waitFor({ state: 'hidden' });
    await shown.say({ kind: 'rows', table: selectRows({ ...table, metrics: changed }, [0]) });
    await says('Tasks have new values since this was computed.').waitFor();
    await page.getByRole('button', { name: 'Update Now' }).click();
    await says('Tasks have new values').waitFor({ state: 'hidden' });
    await page.getByRole('textbox', { name: 'Filter the tasks' }).fill('seed == 1');
    await says(/over the 39 tasks/).waitFor();
  });

  it('offers what fits the state of the selected task, also when that changes', async () => {
    const shown = await open(sampleTable(4));
    const { page } = shown;
    await page.locator('.grid-row').nth(1).click();
    const bar = page.getByRole('toolbar', { name: 'The selected tasks' });
    await bar.getByText('Task 2').waitFor();
    assert.equal(await bar.getByRole('button', { name: 'Error Summary' }).count(), 0);
    const failed = { number: 2, state: 'failed', parameters: {}, metrics: {} } as const;
    await shown.say({ kind: 'rows', table: buildResultTable([failed]) });
    await bar.getByRole('button', { name: 'Error Summary' }).waitFor();
    const remark = 'Written before attempt 2 began, so not counted as its results: metrics.json.';
    await shown.say({ kind: 'rows', table: buildResultTable([{ ...failed, problems: [remark] }]) });
    await bar.getByText(remark).waitFor();
    await page.getByText('Tasks with remarks on their files: 1').waitFor();
  });

  it('selects everywhere what is selected in the scatter plot', async () => {
    const shown = await open();
    const { page } = shown;
    await page.getByRole('tab', { name: 'Scatter' }).click();
    const canvas = page.locator('canvas:visible');
    await canvas.waitFor();
    const box = await canvas.boundingBox();
    assert.ok(box);
    const tip = page.locator('.tip:visible');
    // Somewhere in the plot there is a dot.
    const found = await waitUntil('the pointer is on a dot', async () => {
      for (let x = 60; x < box.width; x += 6) {
        await page.mouse.move(box.x + x, box.y + box.height / 2);
        if (await tip.isVisible()) return x;
      }
      return undefined;
    });
    const [, task = ''] = /Task (\d+)/.exec(await tip.innerText()) ?? [];
    await page.mouse.click(box.x + found, box.y + box.height / 2);
    await page.getByRole('toolbar', { name: 'The selected tasks' }).getByText(`Task ${task}`).waitFor();
    const row = page.locator('.grid-row[aria-selected=true]');
    await row.getByText(task, { exact: true }).first().waitFor();
    await page.getByRole('tab', { name: 'Learning Curves' }).click();
    await page.getByText('The selected task.').waitFor();
    await page.getByRole('tab', { name: 'Scatter' }).click();
    await page.mouse.move(box.x + 100, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 100, box.y + box.height - 80, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Remove the brush on val_acc' }).waitFor();
    await page.getByRole('button', { name: 'Clear All' }).click();
    await page.getByText('120 tasks, 1 selected').waitFor();
  });

  it('speaks the language of the editor', async () => {
    const bundle = {
      'Columns…': 'Spalten…',
      '{0} of {1} tasks': '{0} von {1} Aufgaben',
      Scatter: 'Streuung',
    };
    const { page } = await open(sampleTable(), { bundle });
    await page.getByRole('button', { name: 'Spalten…' }).waitFor();
    await page.getByRole('tab', { name: 'Streuung' }).waitFor();
    await page.getByRole('textbox', { name: 'Filter the tasks' }).fill('seed == 1');
    await page.getByText('40 von 120 Aufgaben').waitFor();
  });

  it('is driven by keys alone', async () => {
    const shown = await open();
    const { page } = shown;
    await page.getByRole('grid').focus();
    for (const key of ['ArrowDown', 'ArrowDown', ' ', 'ArrowUp', ' ']) await page.keyboard.press(key);
    await page.getByText('120 tasks, 2 selected').waitFor();
    await page.keyboard.press('Enter');
    await waitUntil('the task is opened', () => shown.requests.length === 1);
    assert.deepEqual(shown.requests[0], { kind: 'open', task: 2, view: 'summary' });
    await page.keyboard.press('Escape');
    await page.getByText('120 tasks', { exact: true }).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('[role=columnheader][aria-sort=ascending]').waitFor();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Sort Descending' }).waitFor();
  });

  it('takes rows that come while it is open, and tasks and metrics that are new', async () => {
    const table = sampleTable(4);
    const shown = await open(selectRows(table, [0, 1, 2]));
    const fresh = buildResultTable([
      {
        number: 2,
        state: 'succeeded',
        parameters: { 'optimizer.lr': 7 },
        metrics: { val_acc: 0.25, novel: 1 },
      },
      { number: 4, state: 'running', parameters: { 'optimizer.lr': 8 }, metrics: {} },
    ]);
    await shown.page.setViewportSize({ width: 1800, height: 860 });
    await shown.say({ kind: 'rows', table: fresh });
    await shown.page.getByRole('columnheader', { name: 'novel' }).waitFor();
    assert.deepEqual(await shown.column('optimizer.lr'), ['0.0001', '7', '0.001', '8']);
    assert.deepEqual(await shown.column('state'), ['succeeded', 'succeeded', 'succeeded', 'running']);
  });

  it('says why something that it asked for was not done', async () => {
    const shown = await open();
    shown.answer = () => [{ kind: 'refusal', id: 0, message: 'Task 1 has no stdout.log.' }];
    await shown.page.locator('.grid-row').first().click();
    await shown.page.getByRole('button', { name: 'Standard Output' }).click();
    await shown.page.getByRole('alert').getByText('Task 1 has no stdout.log.').waitFor();
  });

  it('is as it was after a reload', async () => {
    const before = await open();
    await before.page.getByRole('textbox', { name: 'Filter the tasks' }).fill('seed == 1');
    await before.page.getByText('40 of 120 tasks').waitFor();
    await before.page.getByRole('tab', { name: 'Scatter' }).click();
    const kept = await before.kept();
    await before.close();
    const { page } = await open(sampleTable(), { kept });
    await page.getByText('40 of 120 tasks').waitFor();
    await page.locator('[role=tab][aria-selected=true]').getByText('Scatter').waitFor();
  });

  it('runs nothing of what programs call their metrics and values', async () => {
    const hostile = '<img src=x onerror="globalThis.harmed = true"><script>globalThis.harmed = true</script>';
    const rows = [1, 2].map((number) => ({
      number,
      state: 'succeeded' as const,
      parameters: { [hostile]: number, text: `${hostile}${number}` },
      metrics: { [`${hostile} acc`]: number, __proto__: number },
    }));
    const shown = await open(buildResultTable(rows));
    await shown.page.locator('.grid-row').getByText(`${hostile}1`).waitFor();
    for (const tab of ['Scatter', 'Learning Curves', 'Importance', 'Compare', 'Parallel Coordinates'])
      await shown.page.getByRole('tab', { name: tab }).click();
    assert.equal(await shown.page.evaluate('globalThis.harmed'), undefined);
    assert.equal(await shown.page.locator('img, main script').count(), 0);
    assert.deepEqual(await shown.violations(), []);
  });

  it('lets no script in but its own', async () => {
    const shown = await open();
    await shown.page.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.harmed = true' }))`,
    );
    await shown.page.evaluate(
      `document.body.append(Object.assign(document.createElement('img'), { src: '/x.png' }))`,
    );
    await waitUntil('both were refused', async () => ((await shown.violations()) as unknown[]).length >= 2);
    assert.equal(await shown.page.evaluate('globalThis.harmed'), undefined);
  });

  it('exports the picture as it is drawn', async () => {
    const shown = await open();
    for (const format of ['SVG', 'PNG']) {
      await shown.page.getByRole('button', { name: 'Export…' }).click();
      await shown.page.getByRole('menuitem', { name: `Chart as ${format}` }).click();
    }
    await waitUntil('both were handed over', () => shown.requests.length === 2);
    const [svg, png] = shown.requests.map((request) =>
      request.kind === 'image' ? Buffer.from(request.bytes) : Buffer.alloc(0),
    );
    assert.match(svg?.toString() ?? '', /^<svg .*optimizer\.lr.*<\/svg>\s*$/su);
    assert.equal(png?.subarray(1, 4).toString(), 'PNG');
  });

  for (const theme of ['dark', 'light', 'contrast'] as const) {
    it(`keeps nobody out who hears it, uses keys or needs contrast, in the ${theme} theme`, async () => {
      const { page } = await open(sampleTable(), { theme });
      await page.locator('.grid-row').nth(2).click();
      await page
        .locator('.grid-row')
        .nth(5)
        .click({ modifiers: ['Control'] });
      await page.getByRole('textbox', { name: 'Filter the tasks' }).fill('lr <');
      for (const tab of ['Parallel Coordinates', 'Scatter', 'Learning Curves', 'Importance', 'Compare']) {
        await page.getByRole('tab', { name: tab }).click();
        if (tab === 'Importance') await page.getByText(/Random forest/).waitFor();
        assert.deepEqual(await seriousViolations(page), [], tab);
      }
      await page.getByRole('button', { name: 'Export…' }).click();
      assert.deepEqual(await seriousViolations(page), [], 'the menu');
    });

    it(`keeps a picture of itself in the ${theme} theme`, async () => {
      const shown = await open(sampleTable(), { theme });
      await shown.page.locator('.grid-row').nth(2).click();
      await shown.page.getByRole('toolbar', { name: 'The selected tasks' }).waitFor();
      await shown.picture(`results-${theme}`);
    });
  }
});
