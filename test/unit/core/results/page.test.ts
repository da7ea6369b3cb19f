import assert from 'node:assert/strict';
import { formatNotebook } from '../../../../src/core/results/notebook';
import { parsePageMessage, type PageRequest } from '../../../../src/core/results/page/protocol';

function checkTaken(request: PageRequest): void {
  const message = { kind: 'request', id: 7, request } as const;
  assert.deepEqual(parsePageMessage({ ...message, extra: 1 }), message);
}

function checkRefused(request: unknown): void {
  assert.equal(parsePageMessage({ kind: 'request', id: 1, request }), undefined, JSON.stringify(request));
}

describe('what a results page says', () => {
  it('is taken when it is one of the things that pages say', () => {
    assert.deepEqual(parsePageMessage({ kind: 'ready', x: 1 }), { kind: 'ready' });
    checkTaken({ kind: 'series', metric: 'loss', tasks: [1, 2], maxPoints: 400 });
    checkTaken({ kind: 'objective', metric: 'acc', goal: 'maximize' });
    checkTaken({ kind: 'open', task: 3, view: 'stdout' });
    checkTaken({ kind: 'rerun', tasks: [1] });
    checkTaken({ kind: 'diff', tasks: [1, 2], of: 'files' });
    checkTaken({ kind: 'table', format: 'csv', tasks: [], value: 'min' });
    checkTaken({ kind: 'image', format: 'png', name: 'scatter', bytes: new Uint8Array([1]) });
    checkTaken({ kind: 'notebook' });
  });

  it('is refused when it is anything else', () => {
    for (const message of [
      undefined,
      null,
      3,
      'ready',
      {},
      { kind: 'request' },
      { kind: 'request', id: -1, request: { kind: 'notebook' } },
    ])
      assert.equal(parsePageMessage(message), undefined);
    checkRefused({ kind: 'execute', command: 'rm' });
    checkRefused({ kind: 'open', task: 0.5, view: 'stdout' });
    checkRefused({ kind: 'open', task: 1, view: '/etc/passwd' });
    checkRefused({ kind: 'rerun', tasks: ['1'] });
    checkRefused({ kind: 'rerun', tasks: [0] });
    checkRefused({ kind: 'diff', tasks: [1, 2, 3], of: 'stdout' });
    checkRefused({ kind: 'diff', tasks: [1], of: 'stdout' });
    checkRefused({ kind: 'series', metric: 'x', tasks: [1], maxPoints: 1e9 });
    checkRefused({ kind: 'series', metric: 'x'.repeat(20_000), tasks: [1], maxPoints: 1 });
    checkRefused({ kind: 'image', format: 'png', name: 'x', bytes: 'data' });
    checkRefused({ kind: 'objective', metric: 'acc', goal: 'up' });
    checkRefused({ kind: 'table', format: 'csv', tasks: [], value: 'mean' });
  });
});

describe('the notebook of a sweep', () => {
  const input = { sweepId: 'sweep_1', sweepDir: '/out/it’s "here"\\', parameters: ['lr'] };

  it('loads results.csv from where the sweep lies', () => {
    const notebook = JSON.parse(formatNotebook(input)) as { nbformat: number; cells: { source: string[] }[] };
    assert.equal(notebook.nbformat, 4);
    const text = notebook.cells.map(({ source }) => source.join('')).join('\n\n');
    assert.ok(text.includes('sweep = Path("/out/it’s \\"here\\"\\\\")'), text);
    assert.ok(
      text.includes(
        "pd.read_csv(sweep / 'results.csv', index_col='task', keep_default_na=False, na_values=['', 'NaN'])",
      ),
    );
    assert.ok(!text.includes('objective ='));
  });

  it('sorts by the objective when there is one', () => {
    const text = formatNotebook({
      ...input,
      objective: { metric: 'val.loss', goal: 'minimize' },
    });
    assert.ok(text.includes('objective = \\"val.loss\\"'));
    assert.ok(text.includes('ascending=True'));
  });
});
