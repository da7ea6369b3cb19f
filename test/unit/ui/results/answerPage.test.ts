import assert from 'node:assert/strict';
import { buildResultTable } from '../../../../src/core/results/buildResultTable';
import type { PageRequest } from '../../../../src/core/results/page/protocol';
import { answerPage, type PageDesk } from '../../../../src/ui/results/answerPage';
import { pageHtml } from '../../../../src/ui/results/pageHtml';
import { sweepHead } from '../../../../src/ui/results/sweepHead';
import { FakeFacade } from '../../../support/fakeFacade';
import { FakeResults } from '../../../support/fakeResults';
import { plainL10n } from '../../../support/plainL10n';

const table = buildResultTable([
  { number: 1, state: 'succeeded', parameters: { lr: 0.1 }, metrics: { acc: 0.5 } },
  { number: 2, state: 'failed', parameters: { lr: 1 }, metrics: {} },
]);

/** What became of a request: calls of the editor's desk, and files. */
async function ask(
  request: PageRequest,
  shown = table,
): Promise<{ calls: unknown[][]; files: [string, string][]; results: FakeResults }> {
  const calls: unknown[][] = [];
  const files: [string, string][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]): Promise<void> => {
      calls.push([name, ...args]);
      return Promise.resolve();
    };
  const desk: PageDesk = {
    openTask: note('open'),
    rerun: note('rerun'),
    diff: note('diff'),
    save: (name, bytes) => {
      files.push([name, new TextDecoder().decode(bytes)]);
      return Promise.resolve(true);
    },
  };
  const facade = new FakeFacade();
  facade.addSweep({ id: 'lr_1' });
  const results = new FakeResults(shown);
  await answerPage({ sweep: (id) => facade.sweep(id), resultsOf: () => results }, desk, 'lr_1', request);
  return { calls, files, results };
}

describe('a request of a results page', () => {
  it('opens, compares and runs again in the editor', async () => {
    assert.deepEqual((await ask({ kind: 'open', task: 2, view: 'stderr' })).calls, [
      ['open', 'lr_1', 2, 'stderr'],
    ]);
    assert.deepEqual((await ask({ kind: 'rerun', tasks: [2] })).calls, [['rerun', 'lr_1', [2]]]);
    assert.deepEqual((await ask({ kind: 'diff', tasks: [1, 2], of: 'stdout' })).calls, [
      ['diff', 'lr_1', [1, 2], 'stdout'],
    ]);
  });

  it('remembers the objective', async () => {
    const { results } = await ask({ kind: 'objective', metric: 'acc', goal: 'minimize' });
    assert.deepEqual(await results.objective(), {
      metric: 'acc',
      goal: 'minimize',
      from: 'chosen',
    });
  });

  it('exports the rows that are shown, in their order', async () => {
    const { files } = await ask({ kind: 'table', format: 'csv', tasks: [2, 1], value: 'last' });
    assert.deepEqual(files, [['lr_1.csv', 'task,state,lr,acc\r\n2,failed,1,\r\n1,succeeded,0.1,0.5\r\n']]);
    const json = await ask({ kind: 'table', format: 'json', tasks: [1], value: 'last' });
    assert.deepEqual(JSON.parse(json.files[0]?.[1] ?? ''), [
      { number: 1, state: 'succeeded', parameters: { lr: 0.1 }, metrics: { acc: 0.5 } },
    ]);
  });

  it('exports the value that the table shows, and names it', async () => {
    const [acc] = table.metrics;
    assert.ok(acc);
    const logged = {
      ...table,
      metrics: [{ ...acc, lows: Float64Array.of(0.1, NaN), highs: Float64Array.of(Infinity, NaN) }],
    };
    const csv = await ask({ kind: 'table', format: 'csv', tasks: [1], value: 'min' }, logged);
    assert.deepEqual(csv.files, [['lr_1-min.csv', 'task,state,lr,acc.min\r\n1,succeeded,0.1,0.1\r\n']]);
    const json = await ask({ kind: 'table', format: 'json', tasks: [1], value: 'max' }, logged);
    assert.equal(json.files[0]?.[0], 'lr_1-max.json');
    assert.deepEqual(JSON.parse(json.files[0][1]), [
      { number: 1, state: 'succeeded', parameters: { lr: 0.1 }, metrics: { acc: 'Infinity' }, value: 'max' },
    ]);
  });

  it('names a picture so that it stays where the user is', async () => {
    const bytes = new TextEncoder().encode('<svg/>');
    const { files } = await ask({ kind: 'image', format: 'svg', name: '../../x', bytes });
    assert.deepEqual(files, [['lr_1-x.svg', '<svg/>']]);
  });

  it('writes a notebook for the sweep', async () => {
    const [file] = (await ask({ kind: 'notebook' })).files;
    assert.ok(file);
    assert.equal(file[0], 'lr-lr_1.ipynb');
    assert.match(file[1], /\/project\/outputs\/lr_1/u);
  });
});

describe('the document of a results page', () => {
  const parts = {
    script: 'https://host/results.js',
    style: 'https://host/results.css',
    cspSource: 'https://host',
    nonce: 'abc',
    title: '<b>&"',
    sweepId: '"><script>alert(1)</script>',
    language: 'en',
    bundle: { Export: '"><script>alert(1)</script>' },
  };

  it('lets in its own script and style and nothing else', () => {
    const [, policy] = /Content-Security-Policy" content="([^"]+)"/u.exec(pageHtml(parts)) ?? [];
    assert.equal(
      policy,
      "default-src 'none'; script-src 'nonce-abc'; style-src https://host; base-uri 'none'; form-action 'none'",
    );
  });

  it('has one script, whatever the sweep is called', () => {
    const html = pageHtml(parts);
    assert.equal(html.match(/<script/gu)?.length, 1);
    assert.ok(html.includes('<title>&lt;b&gt;&amp;&quot;</title>'));
  });
});

describe('the head of a results page', () => {
  it('says how far the sweep is', () => {
    const facade = new FakeFacade();
    const sweep = facade.addSweep({ tasks: { succeeded: 3, failed: 1, lost: 1, running: 2 } });
    assert.deepEqual(sweepHead(plainL10n, sweep, true), {
      id: 'lr_1',
      name: 'lr',
      status: 'running · 5 of 7 tasks are over · 2 failed',
      isOver: false,
      mayRun: true,
    });
  });
});
