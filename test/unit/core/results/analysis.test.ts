import assert from 'node:assert/strict';
import { buildResultTable } from '../../../../src/core/results/buildResultTable';
import { groupRows, seedColumns, statisticsOf } from '../../../../src/core/results/groupRows';
import {
  importanceOf,
  importancePrint,
  rankCorrelation,
  type ImportanceReport,
} from '../../../../src/core/results/importance';
import {
  guessGoal,
  guessObjective,
  formatObjective,
  parseObjective,
} from '../../../../src/core/results/objective';
import { indicesOf, type ResultRow } from '../../../../src/core/results/resultTable';
import { sortGroups, sortRows } from '../../../../src/core/results/sortRows';
import {
  columnAccess,
  differingColumns,
  tableColumns,
  type ColumnAccess,
} from '../../../../src/core/results/tableColumns';
import type { JsonValue } from '../../../../src/core/sweep/value';

function row(
  number: number,
  parameters: Record<string, JsonValue>,
  metrics: Record<string, JsonValue>,
): ResultRow {
  return { number, state: 'succeeded', parameters, metrics };
}

function columnOf(rows: readonly ResultRow[], name: string): ColumnAccess {
  const column = columnAccess(buildResultTable(rows), name);
  assert.ok(column, name);
  return column;
}

describe('groups over seeds', () => {
  const rows = [
    row(1, { lr: 0.1, seed: 1 }, { acc: 1 }),
    row(2, { lr: 0.1, seed: 2 }, { acc: 3 }),
    row(3, { lr: 1, seed: 1 }, { acc: 5 }),
    row(4, { lr: 1, seed: 2 }, { acc: NaN }),
  ];

  it('have the rows that differ only in the seed', () => {
    assert.deepEqual(groupRows(buildResultTable(rows), [3, 0, 1, 2], [columnOf(rows, 'lr')]), [
      { rows: [3, 2], counted: [3, 2] },
      { rows: [0, 1], counted: [0, 1] },
    ]);
  });

  it('tell mean, sample deviation and how many count', () => {
    const acc = columnOf(rows, 'acc');
    assert.deepEqual(statisticsOf([0, 1], acc), { mean: 2, deviation: Math.SQRT2, count: 2 });
    assert.deepEqual(statisticsOf([2, 3], acc), { mean: 5, deviation: NaN, count: 1 });
    assert.deepEqual(statisticsOf([3], acc), { mean: NaN, deviation: NaN, count: 0 });
  });

  it('count tasks that succeeded, while none has those that run, and never one that failed', () => {
    const states = ['failed', 'running', 'succeeded', 'lost'] as const;
    const mixed = buildResultTable(
      states.map((state, index) => ({ ...row(index + 1, {}, { acc: index }), state })),
    );
    const counted = (...chosen: number[]): (readonly number[])[] =>
      groupRows(mixed, chosen, []).map((group) => group.counted);
    assert.deepEqual(counted(0, 1, 2, 3), [[2]]);
    assert.deepEqual(counted(0, 1, 3), [[1]]);
    assert.deepEqual(counted(0, 3), [[]]);
  });

  it('are sorted by the mean that is shown, by what they have in common, or by a word', () => {
    const many = [
      row(1, { lr: 0.1, name: 'b' }, { acc: 10 }),
      row(2, { lr: 0.1, name: 'b' }, { acc: 0 }),
      row(3, { lr: 1, name: 'a' }, { acc: 6 }),
      row(4, { lr: 1, name: 'a' }, { acc: 7 }),
      row(5, { lr: 9, name: 'c' }, {}),
    ];
    const groups = groupRows(buildResultTable(many), [0, 1, 2, 3, 4], [columnOf(many, 'lr')]);
    const order = (name: string, direction: 'ascending' | 'descending'): number[] =>
      sortGroups(groups, columnOf(many, name), direction).map((group) => group.rows[0] ?? NaN);
    assert.deepEqual(order('acc', 'descending'), [2, 0, 4]);
    assert.deepEqual(order('acc', 'ascending'), [0, 2, 4]);
    assert.deepEqual(order('lr', 'descending'), [4, 2, 0]);
    assert.deepEqual(order('name', 'ascending'), [2, 0, 4]);
  });

  it('keep the digits of large numbers that lie close together', () => {
    const large = [1, 2, 3].map((n) => row(n, {}, { x: 1e12 + n }));
    assert.equal(statisticsOf([0, 1, 2], columnOf(large, 'x')).deviation, 1);
  });

  it('are over what people repeat a run over', () => {
    const table = buildResultTable([row(1, { 'data.seed': 1, fold: 2, speed: 3, seeded: 4 }, {})]);
    assert.deepEqual(
      seedColumns(tableColumns(table)).map(({ id }) => id),
      ['data.seed', 'fold'],
    );
  });
});

describe('the columns of a table', () => {
  it('are at first those that differ', () => {
    const table = buildResultTable([
      row(1, { lr: 1, epochs: 5 }, { acc: 1 }),
      row(2, { lr: 2, epochs: 5 }, { acc: 3 }),
    ]);
    assert.deepEqual(
      differingColumns(table).map(({ id }) => id),
      ['task', 'lr', 'acc'],
    );
  });

  it('have names of their own', () => {
    const table = buildResultTable([row(1, { state: 'x', lr: 1 }, { lr: 2 })]);
    assert.deepEqual(
      tableColumns(table).map(({ id }) => id),
      ['task', 'state', 'parameters.state', 'lr', 'metrics.lr'],
    );
  });
});

describe('sorted rows', () => {
  const values: JsonValue[] = ['b10', 2, NaN, 'b9', null, Infinity, -1];
  const rows = values.map((value, index) => row(index + 1, {}, value === null ? {} : { x: value }));

  function checkOrder(
    direction: 'ascending' | 'descending',
    expected: readonly (JsonValue | undefined)[],
  ): void {
    const x = columnOf(rows, 'x');
    assert.deepEqual(
      sortRows(indicesOf(buildResultTable(rows)), x, direction).map((each) => x.cell(each)),
      expected,
    );
  }

  it('have numbers before words, and at the end what is nothing, either way', () => {
    checkOrder('ascending', [-1, 2, Infinity, 'b9', 'b10', NaN, undefined]);
    checkOrder('descending', ['b10', 'b9', Infinity, 2, -1, NaN, undefined]);
  });
});

/** As {@link importanceOf} tells it in the end. */
function reportOf(...input: Parameters<typeof importanceOf>): ImportanceReport | undefined {
  const growing = importanceOf(...input);
  for (;;) {
    const { done, value } = growing.next();
    if (done === true) return value;
  }
}

describe('the importance of parameters', () => {
  /** The metric follows `lr` strongly, `width` weakly, `seed` not at all. */
  const rows = Array.from({ length: 240 }, (_, n) => {
    const [lr, width, seed] = [n % 6, Math.floor(n / 6) % 4, n % 5];
    return row(n + 1, { lr, width, seed, name: lr > 2 ? 'a' : 'b', fixed: 1 }, { acc: lr * 10 - width });
  });
  const table = buildResultTable(rows);
  const parameters = tableColumns(table).filter(({ kind, id }) => kind === 'parameter' && id !== 'name');

  it('puts the parameter first that the metric follows', () => {
    const report = reportOf(indicesOf(table), parameters, columnOf(rows, 'acc'));
    assert.ok(report);
    assert.deepEqual(
      report.importances.map(({ name }) => name),
      ['lr', 'width', 'seed'],
    );
    const [lr, width, seed] = report.importances;
    assert.ok(lr && width && seed);
    assert.ok(lr.share > 0.85 && seed.share < 0.02, JSON.stringify(report));
    assert.ok(lr.correlation > 0.9 && width.correlation < 0, JSON.stringify(report));
    assert.ok(report.fit > 0.9, `${report.fit}`);
    assert.equal(report.tasks, 240);
  });

  it('is the same every time', () => {
    const report = (): unknown => reportOf(indicesOf(table), parameters, columnOf(rows, 'acc'));
    assert.deepEqual(report(), report());
  });

  it('is the same however the table is sorted', () => {
    const ascending = indicesOf(table);
    const sorted = [...ascending].sort((a, b) => ((a * 7) % 240) - ((b * 7) % 240));
    assert.notDeepEqual(sorted, ascending);
    const acc = columnOf(rows, 'acc');
    assert.deepEqual(reportOf(sorted, parameters, acc), reportOf(ascending, parameters, acc));
    assert.equal(importancePrint(sorted, acc), importancePrint(ascending, acc));
  });

  it('has another print for other tasks and other values', () => {
    const acc = columnOf(rows, 'acc');
    const print = importancePrint(indicesOf(table), acc);
    assert.notEqual(importancePrint(indicesOf(table).slice(1), acc), print);
    const changed = rows.map((each, index) => (index === 100 ? { ...each, metrics: { acc: 1.5 } } : each));
    assert.notEqual(importancePrint(indicesOf(table), columnOf(changed, 'acc')), print);
    assert.notEqual(importancePrint(indicesOf(table), undefined), print);
  });

  it('takes texts too, without a correlation', () => {
    const report = reportOf(indicesOf(table), [columnOf(rows, 'name')], columnOf(rows, 'acc'));
    assert.deepEqual(report?.importances, [{ name: 'name', share: 1, correlation: NaN }]);
  });

  it('is not told of too few tasks, or when nothing differs', () => {
    assert.equal(reportOf([0, 1, 2], parameters, columnOf(rows, 'acc')), undefined);
    assert.equal(reportOf(indicesOf(table), [columnOf(rows, 'fixed')], columnOf(rows, 'acc')), undefined);
  });

  it('says with a low fit that the metric follows nothing', () => {
    const noise = Array.from({ length: 200 }, (_, n) => row(n + 1, { lr: n % 7 }, { x: (n * 7919) % 101 }));
    const report = reportOf(
      indicesOf(buildResultTable(noise)),
      [columnOf(noise, 'lr')],
      columnOf(noise, 'x'),
    );
    assert.ok(report && report.fit < 0.1, JSON.stringify(report));
  });

  it('is not owned by a task that diverged', () => {
    for (const diverged of [1e30, 1e200, Infinity]) {
      const runs = rows.map((each, index) => ({
        ...each,
        metrics: { acc: index === 100 ? diverged : (each.metrics['acc'] ?? 0) },
      }));
      const report = reportOf(indicesOf(table), parameters, columnOf(runs, 'acc'));
      const [first, , last] = report?.importances ?? [];
      assert.deepEqual([first?.name, last?.name, report?.tasks], ['lr', 'seed', 240]);
      assert.ok(first && first.share > 0.8 && first.correlation > 0.9, JSON.stringify(report));
      assert.ok((report?.fit ?? 0) > 0.8, JSON.stringify(report));
    }
  });

  it('is found in steps that keep nobody waiting', () => {
    const wide = Array.from({ length: 3000 }, (_, n) => {
      const lr = ((n * 2654435761) % 4294967296) / 4294967296;
      return row(
        n + 1,
        { lr, ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((p) => [`p${p}`, (n * p) % 97])) },
        { acc: lr * lr },
      );
    });
    const all = buildResultTable(wide);
    const growing = importanceOf(
      indicesOf(all),
      tableColumns(all).filter(({ kind }) => kind === 'parameter'),
      columnOf(wide, 'acc'),
    );
    let steps = 0;
    while (growing.next().done !== true) steps++;
    // One for each parameter and each tree.
    assert.equal(steps, 70);
  });

  it('correlates by ranks, ties in the middle', () => {
    assert.equal(rankCorrelation([1, 2, 3, 4], [1, 8, 27, 1000]), 1);
    assert.equal(rankCorrelation([1, 2, 3], [5, 4, -9]), -1);
    assert.equal(rankCorrelation([1, 1, 2, 2], [1, 2, 1, 2]), 0);
  });
});

describe('the objective of a sweep', () => {
  function checkGuess(metrics: readonly string[], expected: string | undefined): void {
    const guess = guessObjective(metrics);
    assert.equal(guess && `${guess.goal} ${guess.metric}`, expected);
  }

  it('is guessed from the names of the metrics', () => {
    checkGuess(['epoch', 'train_loss', 'val_loss', 'val_acc'], 'maximize val_acc');
    checkGuess(['train_loss', 'val/loss'], 'minimize val/loss');
    checkGuess(['step', 'loss'], 'minimize loss');
    checkGuess(['energy'], 'maximize energy');
    checkGuess(['valLoss', 'trainRMSE'], 'minimize valLoss');
    checkGuess(['interval_account', 'val_f1'], 'maximize val_f1');
    checkGuess(['epoch', 'step'], undefined);
  });

  it('is better when smaller or larger by the whole words of its name', () => {
    const checkGoal = (goal: string, ...names: readonly string[]): void => {
      for (const name of names) assert.equal(guessGoal(name), goal, name);
    };
    checkGoal(
      'minimize',
      'loss',
      'val/loss',
      'valLoss',
      'valloss',
      'train_loss2',
      'top1-err',
      'RMSE',
      'testRMSE',
    );
    checkGoal(
      'minimize',
      'fid',
      'time',
      'wall_time',
      'test.ppl',
      'error_rate',
      'accuracy_loss',
      'peak_memory',
    );
    checkGoal(
      'maximize',
      'confidence',
      'preferred',
      'timestep_reward',
      'supplied',
      'runtime_score',
      'blossom',
    );
    checkGoal('maximize', 'acc', 'error_score', 'top5_acc', 'r2', 'miou', 'ownership');
  });

  it('is read back as it was written, and nothing else is', () => {
    const objective = { metric: 'val "x"', goal: 'minimize' } as const;
    assert.deepEqual(parseObjective(formatObjective(objective)), { ...objective, from: 'chosen' });
    for (const text of ['', '[]', '{"metric": 1, "goal": "minimize"}', '{"metric": "a", "goal": "up"}'])
      assert.equal(parseObjective(text), undefined);
  });
});
