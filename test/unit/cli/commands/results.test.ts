import assert from 'node:assert/strict';
import { showResults, type ResultFlags } from '../../../../src/cli/commands/results';
import { EXIT } from '../../../../src/cli/exitCode';
import { HsmError } from '../../../../src/core/base/errors';
import { buildResultTable } from '../../../../src/core/results/buildResultTable';
import { fakeContext, type FakeContext } from '../support/fakeProject';
import { countsOf, sweepOf } from '../support/summaries';

const table = buildResultTable([
  { number: 1, state: 'succeeded', parameters: { lr: 0.1, seed: 1 }, metrics: { acc: 0.5 } },
  { number: 2, state: 'succeeded', parameters: { lr: 0.1, seed: 2 }, metrics: { acc: 0.7 } },
  {
    number: 3,
    state: 'failed',
    parameters: { lr: 1, seed: 1 },
    metrics: {},
    problems: ['metrics.json is not JSON.'],
  },
]);

async function run(flags: ResultFlags, shown = table): Promise<FakeContext> {
  const context = fakeContext();
  context.project.list = [sweepOf({ counts: countsOf({ succeeded: 2, failed: 1 }), state: 'failed' })];
  context.project.table = shown;
  assert.equal(await showResults(context, 'last', flags), EXIT.ok);
  return context;
}

async function checkLines(flags: ResultFlags, expected: readonly string[]): Promise<void> {
  const { out } = await run(flags);
  assert.deepEqual(out.text.trimEnd().split('\n'), expected);
}

async function checkRefused(flags: ResultFlags, message: RegExp, hint: string): Promise<void> {
  await assert.rejects(run(flags), (error: unknown) => {
    assert.ok(error instanceof HsmError);
    assert.match(error.message, message);
    assert.deepEqual(error.details, { hint });
    return true;
  });
}

describe('the results on the command line', () => {
  it('are a table of all tasks, with what could not be read', async () => {
    await checkLines({}, [
      'TASK  STATE       lr  seed  acc',
      '   1  succeeded  0.1     1  0.5',
      '   2  succeeded  0.1     2  0.7',
      '   3  failed       1     1    -',
      '',
      'Task 3: metrics.json is not JSON.',
    ]);
  });

  it('are filtered, sorted, cut to columns and to a number', async () => {
    const flags = {
      filter: 'state == succeeded',
      sort: 'acc:desc',
      columns: ['task', 'acc'],
      limit: 1,
      json: false,
    };
    const { out } = await run(flags);
    assert.deepEqual(out.text.split('\n').slice(0, 3), ['TASK  acc', '   2  0.7', '']);
  });

  it('are CSV and JSON of the same tasks', async () => {
    const csv = await run({ filter: 'acc > 0.6', csv: true });
    assert.equal(csv.out.text, 'task,state,lr,seed,acc\r\n2,succeeded,0.1,2,0.7\r\n');
    const json = await run({ filter: 'acc > 0.6', json: true });
    assert.deepEqual(JSON.parse(json.out.text), [
      { number: 2, state: 'succeeded', parameters: { lr: 0.1, seed: 2 }, metrics: { acc: 0.7 } },
    ]);
  });

  it('are CSV and JSON of chosen columns', async () => {
    const facts = buildResultTable(
      [1, 2, 3].map((number) => ({
        number,
        state: 'succeeded',
        parameters: {},
        metrics: { duration: number },
      })),
    ).metrics;
    const flags = { filter: 'task == 2', columns: ['acc', 'task', 'duration'] };
    const csv = await run({ ...flags, csv: true }, { ...table, facts });
    assert.equal(csv.out.text, 'acc,task,duration\r\n0.7,2,2\r\n');
    const json = await run({ ...flags, json: true }, { ...table, facts });
    assert.deepEqual(JSON.parse(json.out.text), [
      { number: 2, state: 'succeeded', parameters: {}, metrics: { acc: 0.7 }, facts: { duration: 2 } },
    ]);
  });

  it('tell where the metrics come from', async () => {
    const origins = [
      { file: 'metrics.json', how: 'found', tasks: 2 },
      { file: 'log\u202e.csv', how: 'configured', tasks: 1 },
    ] as const;
    const { out } = await run({ filter: 'task == 1' }, { ...table, origins });
    assert.deepEqual(out.text.trimEnd().split('\n').slice(-2), [
      '',
      'Metrics: metrics.json of 2 tasks, found; log.csv of 1 task, configured.',
    ]);
    const bare = buildResultTable([{ number: 1, state: 'succeeded', parameters: {}, metrics: {} }]);
    assert.match((await run({}, bare)).out.text, /^No metrics were found for 1 task; /mu);
  });

  it('tell of what is wrong with the tasks that are shown', async () => {
    const problems = [
      { task: 2, problems: ['two'] },
      { task: 3, problems: ['three'] },
    ];
    const lastOf = async (filter: string): Promise<string | undefined> =>
      (await run({ filter }, { ...table, problems })).out.text.trimEnd().split('\n').at(-1);
    assert.equal(await lastOf('task == 3'), 'Task 3: three');
    assert.equal(await lastOf('task > 1'), 'Task 2: two (1 task more with remarks)');
    assert.doesNotMatch((await lastOf('task == 1')) ?? '', /^Task/u);
  });

  it('are averaged over seeds, with mean, deviation and count', async () => {
    await checkLines({ averageOver: ['seed'] }, [
      ' lr  TASKS         acc',
      '0.1      2  0.6 ± 0.14',
      '  1      1           -',
      '',
      'Task 3: metrics.json is not JSON.',
    ]);
    const json = await run({ averageOver: ['seed'], json: true, filter: 'lr < 1' });
    const [group] = JSON.parse(json.out.text) as {
      tasks: number[];
      metrics: { acc: { mean: number; count: number } };
    }[];
    assert.deepEqual([group?.tasks, group?.metrics.acc.count], [[1, 2], 2]);
    assert.ok(Math.abs((group?.metrics.acc.mean ?? 0) - 0.6) < 1e-12);
  });

  it('are averaged over whole groups, which are then sorted by their means and cut to a number', async () => {
    const rows = [
      [1, 0.9],
      [1, 0.1],
      [2, 0.6],
      [2, 0.7],
      [3, 0.2],
      [3, 0.2],
    ].map(([lr = 0, acc = 0], index) => ({
      number: index + 1,
      state: 'succeeded' as const,
      parameters: { lr, seed: index % 2 },
      metrics: { acc },
    }));
    const { out } = await run({ averageOver: ['seed'], sort: 'acc:desc', limit: 2 }, buildResultTable(rows));
    assert.deepEqual(out.text.trimEnd().split('\n'), [
      'lr  TASKS           acc',
      ' 2      2  0.65 ± 0.071',
      ' 1      2    0.5 ± 0.57',
    ]);
  });

  it('are averages as CSV, too', async () => {
    const { out } = await run({ averageOver: ['seed'], csv: true, filter: 'task != 2' });
    assert.equal(out.text, 'lr,tasks,acc.mean,acc.sd,acc.count\r\n0.1,1,0.5,,1\r\n1,1,,,0\r\n');
  });

  it('go by the smallest or largest value throughout', async () => {
    const metrics = table.metrics.map((column) => ({
      ...column,
      lows: Float64Array.of(0.3, 0.1, NaN),
      highs: Float64Array.of(0.6, 0.8, NaN),
    }));
    const flags = { filter: 'acc < 0.5', value: 'min', sort: 'acc' } as const;
    const csv = await run({ ...flags, csv: true }, { ...table, metrics });
    assert.equal(
      csv.out.text,
      'task,state,lr,seed,acc.min\r\n2,succeeded,0.1,2,0.1\r\n1,succeeded,0.1,1,0.3\r\n',
    );
    const json = await run({ ...flags, json: true, limit: 1 }, { ...table, metrics });
    assert.deepEqual(JSON.parse(json.out.text), [
      {
        number: 2,
        state: 'succeeded',
        parameters: { lr: 0.1, seed: 2 },
        metrics: { acc: 0.1 },
        value: 'min',
      },
    ]);
  });

  it('say what is wrong with a filter and where, and which column was meant', async () => {
    await checkRefused({ filter: 'lr <' }, /^The filter cannot be read: Here a value is wanted/, 'lr <»');
    await checkRefused({ sort: 'ac' }, /^The results have no column "ac"\.$/, 'Did you mean "acc"?');
    await checkRefused({ columns: ['zzzzzz'] }, /no column "zzzzzz"/, 'Columns: task, state, lr, seed, acc.');
  });
});
