import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildResultTable } from '../../../src/core/results/buildResultTable';
import { formatNotebook } from '../../../src/core/results/notebook';
import { csvNames, formatResultsCsv } from '../../../src/core/results/resultsCsv';
import { findPandasPython, pandas, skipUnless } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';

const run = promisify(execFile);

describe('the notebook of a sweep, in Python with pandas', function () {
  this.timeout(60_000);

  const dir = makeTempDir();

  before(function () {
    skipUnless(this, pandas);
  });

  after(() => {
    dir.dispose();
  });

  it('loads parameters called as our own columns, and texts that pandas takes for nothing by itself', async () => {
    const table = buildResultTable([
      {
        number: 1,
        state: 'succeeded',
        parameters: { task: 'nli', state: 1, name: 'NA', lr: 0.1 },
        metrics: { loss: 0.5, lr: 7, done: true },
      },
      {
        number: 2,
        state: 'failed',
        parameters: { task: 'qa', state: 2, name: 'None', lr: 0.1 },
        metrics: { loss: 0.1 },
      },
      {
        number: 3,
        state: 'succeeded',
        parameters: { task: 'qa', state: 2, name: 'say "hi",\nplease', lr: 0.1 },
        metrics: { loss: NaN, lr: Infinity, done: false },
      },
      {
        number: 4,
        state: 'succeeded',
        parameters: { task: 'qa', state: 2, name: '', lr: 0.1 },
        metrics: { loss: -Infinity },
      },
    ]);
    const { parameters } = csvNames(table);
    const objective = { metric: 'loss', goal: 'minimize' } as const;
    const input = { sweepId: 'lr_1', sweepDir: dir.path, parameters, objective };
    await writeFile(join(dir.path, 'results.csv'), formatResultsCsv(table));
    await writeFile(join(dir.path, 'sweep.ipynb'), formatNotebook(input));
    await mkdir(join(dir.path, 'tasks/task_0001'), { recursive: true });

    const program = join(import.meta.dirname, 'runNotebook.py');
    const { stdout } = await run(findPandasPython() ?? '', [program, join(dir.path, 'sweep.ipynb')]);
    const told = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(told, {
      columns: ['state', 'parameters.task', 'parameters.state', 'name', 'lr', 'loss', 'metrics.lr', 'done'],
      types: {
        state: 'object',
        'parameters.task': 'object',
        'parameters.state': 'int64',
        name: 'object',
        lr: 'float64',
        loss: 'float64',
        'metrics.lr': 'float64',
        done: 'object',
      },
      parameters: ['parameters.task', 'parameters.state', 'name', 'lr'],
      metrics: ['loss', 'metrics.lr', 'done'],
      best: [4, 1, 3],
      texts: ['NA', 'None', 'say "hi",\nplease', 'nan'],
      drawn: [
        [4, 4],
        [4, 4],
        [4, 4],
      ],
    });
  });
});
