import assert from 'node:assert/strict';
import { buildResultTable } from '../../../src/core/results/buildResultTable';
import { mergeRows } from '../../../src/core/results/mergeRows';
import { indicesOf, rowAt, type ResultRow } from '../../../src/core/results/resultTable';
import { columnAccess, type ColumnAccess } from '../../../src/core/results/tableColumns';
import type { JsonValue } from '../../../src/core/sweep/value';
import { makeShading, shades, SHADES } from '../../../src/webview/results/model/colours';
import { columnWindow } from '../../../src/webview/results/model/columnWidths';
import { bestRow, derive, parallelAxes, scatterAxes } from '../../../src/webview/results/model/derive';
import { distanceToLine, moveAxis, sample } from '../../../src/webview/results/model/parallelLines';
import { logTicks, makeScale, niceTicks, wantsLog } from '../../../src/webview/results/model/scale';
import { TableLines } from '../../../src/webview/results/model/tableLines';
import { movedBy } from '../../../src/webview/results/tableCursor';
import { smooth } from '../../../src/webview/results/model/smooth';
import { FIRST_VIEW, readViewState, type ViewState } from '../../../src/webview/results/model/viewState';
import { selectTask } from '../../../src/webview/results/model/selection';

function row(
  number: number,
  parameters: Record<string, JsonValue>,
  metrics: Record<string, JsonValue> = {},
): ResultRow {
  return { number, state: number === 9 ? 'failed' : 'succeeded', parameters, metrics };
}

const table = buildResultTable([
  row(1, { lr: 0.001, name: 'b', seed: 1 }, { acc: 0.5 }),
  row(2, { lr: 0.01, name: 'a', seed: 1 }, { acc: 0.9 }),
  row(3, { lr: 0.1, name: 'a10', seed: 2 }, { acc: 0.7 }),
  row(9, { lr: 1, name: 'a9', seed: 2 }),
]);
const objective = { metric: 'acc', goal: 'maximize', from: 'chosen' } as const;

function derived(change: Partial<ViewState> = {}, from = table) {
  return derive(from, { ...FIRST_VIEW, ...change }, objective);
}

function tasksOf(rows: readonly number[]): number[] {
  return rows.map((place) => table.tasks[place] ?? 0);
}

describe('what a results page shows', () => {
  it('is what passes filter and brushes, in the order of the sort', () => {
    const sort = { column: 'acc', direction: 'descending' } as const;
    assert.deepEqual(tasksOf(derived({ sort }).rows), [2, 3, 1, 9]);
    assert.deepEqual(tasksOf(derived({ sort, filter: 'state == succeeded' }).rows), [2, 3, 1]);
    const brushes = { lr: { low: 0.005, high: 0.5 } };
    assert.deepEqual(tasksOf(derived({ sort, brushes }).rows), [2, 3]);
    assert.deepEqual(tasksOf(derived({ brushes }).filtered), [1, 2, 3, 9]);
  });

  it('keeps what passed before while a filter makes no sense', () => {
    const { rows, problem } = derive(table, { ...FIRST_VIEW, filter: 'lr <' }, objective, [1, 2]);
    assert.deepEqual(rows, [1, 2]);
    assert.ok(problem);
  });

  it('brushes texts by their places on the axis', () => {
    // a, a9, a10, b
    assert.deepEqual(tasksOf(derived({ brushes: { name: { low: 0.5, high: 2.2 } } }).rows), [3, 9]);
  });

  it('forgets a brush on a column that is gone', () => {
    assert.equal(derived({ brushes: { gone: { low: 0, high: 1 } } }).rows.length, 4);
  });

  it('has the pinned columns first, without the hidden ones', () => {
    const { visible, pinnedCount } = derived({ pinned: ['acc'], hidden: ['lr'] });
    assert.deepEqual(
      [visible.map(({ id }) => id), pinnedCount],
      [['task', 'acc', 'state', 'name', 'seed'], 2],
    );
  });

  it('averages over the chosen parameters', () => {
    const groups = derived({ averageOver: ['lr', 'name'] }).groups?.map(({ rows }) => tasksOf(rows));
    assert.deepEqual(groups, [
      [1, 2],
      [3, 9],
    ]);
  });

  it('orders groups by their means, and tasks with their groups', () => {
    const sort = { column: 'acc', direction: 'descending' } as const;
    const grouped = derived({ averageOver: ['lr', 'name'], sort });
    // Task 2 is the best of all, but its group has the mean 0.7 as the other one: that order stays.
    assert.deepEqual(
      grouped.groups?.map(({ rows }) => tasksOf(rows)),
      [
        [1, 2],
        [3, 9],
      ],
    );
    const better = buildResultTable([
      row(1, { lr: 1, seed: 1 }, { acc: 0.9 }),
      row(2, { lr: 1, seed: 2 }, { acc: 0.1 }),
      row(3, { lr: 2, seed: 1 }, { acc: 0.6 }),
      row(9, { lr: 2, seed: 2 }, { acc: 0.99 }),
    ]);
    const { groups, rows } = derived({ averageOver: ['seed'], sort }, better);
    // What the failed task 9 wrote does not count.
    assert.deepEqual(groups, [
      { rows: [2, 3], counted: [2] },
      { rows: [0, 1], counted: [0, 1] },
    ]);
    assert.deepEqual(rows, [2, 3, 0, 1]);
  });

  it('never calls a task the best that failed', () => {
    const failed = buildResultTable([row(1, {}, { acc: 0.5 }), row(9, {}, { acc: 0.9 })]);
    const acc = columnAccess(failed, 'acc');
    assert.equal(bestRow(failed, [0, 1], acc, 'maximize'), 0);
    assert.equal(bestRow(failed, [1], acc, 'maximize'), undefined);
  });

  it('takes parameters that differ and the objective for axes, until the user says otherwise', () => {
    const ids = (columns: readonly ColumnAccess[]): string[] => columns.map(({ id }) => id);
    assert.deepEqual(ids(parallelAxes(derived(), FIRST_VIEW)), ['lr', 'name', 'seed', 'acc']);
    assert.deepEqual(ids(parallelAxes(derived(), { ...FIRST_VIEW, axes: ['acc', 'gone', 'lr'] })), [
      'acc',
      'lr',
    ]);
    const { x, y } = scatterAxes(derived(), FIRST_VIEW);
    assert.deepEqual([x?.id, y?.id], ['lr', 'acc']);
  });

  it('knows the best task', () => {
    const { objective: acc } = derived();
    assert.equal(bestRow(table, indicesOf(table), acc, 'maximize'), 1);
    assert.equal(bestRow(table, indicesOf(table), acc, 'minimize'), 0);
    assert.equal(bestRow(table, [3], acc, 'minimize'), undefined);
  });
});

describe('rows that come later', () => {
  it('replace and add to those that are there', () => {
    const patch = buildResultTable([row(2, { lr: 5 }, { novel: 'x', acc: 0.1 }), row(10, { lr: 6 })]);
    const merged = mergeRows(table, patch);
    assert.deepEqual([...merged.tasks], [1, 2, 3, 9, 10]);
    assert.deepEqual(rowAt(merged, 1), row(2, { lr: 5 }, { acc: 0.1, novel: 'x' }));
    assert.deepEqual(rowAt(merged, 0), rowAt(table, 0));
    assert.deepEqual(rowAt(merged, 4), row(10, { lr: 6 }));
  });
});

describe('the view that the editor keeps', () => {
  it('is taken where it is sound', () => {
    const kept = { ...FIRST_VIEW, filter: 'lr < 1', tab: 'curves', brushes: { lr: { low: 1, high: 2 } } };
    assert.deepEqual(readViewState(structuredClone(kept)), kept);
  });

  it('is left out where it is not', () => {
    const broken = {
      tab: 'nowhere',
      filter: 3,
      brushes: { lr: 7 },
      smoothing: NaN,
      selected: ['x'],
      other: 1,
    };
    assert.deepEqual(readViewState(broken), FIRST_VIEW);
    for (const nothing of [undefined, null, 'x', 3]) assert.deepEqual(readViewState(nothing), FIRST_VIEW);
  });
});

describe('an axis', () => {
  function scaleOf(values: readonly (JsonValue | undefined)[], log = false) {
    const rows = values.map((value, index) => row(index + 1, {}, value === undefined ? {} : { x: value }));
    const built = buildResultTable(rows);
    const column = columnAccess(built, 'x');
    assert.ok(column);
    const scale = makeScale(column, indicesOf(built), log);
    return {
      kind: scale.kind,
      places: indicesOf(built).map((each) => scale.placeOf(each)),
      scale,
      column,
      built,
    };
  }

  it('of numbers goes from the smallest to the largest', () => {
    assert.deepEqual(scaleOf([10, 15, 20, NaN]).places, [0, 0.5, 1, NaN]);
  });

  it('is logarithmic when that is wanted and can be', () => {
    const { kind, places } = scaleOf([1, 10, 100], true);
    assert.equal(kind, 'log');
    assert.ok(Math.abs((places[1] ?? 0) - 0.5) < 1e-12);
    assert.equal(scaleOf([0, 10], true).kind, 'linear');
  });

  it('of texts has them in their natural order', () => {
    const { kind, places, scale } = scaleOf(['b10', 'b9', undefined, 'a']);
    assert.deepEqual([kind, places], ['category', [1, 0.5, NaN, 0]]);
    assert.deepEqual(
      scale.ticks.map(({ label }) => label),
      ['a', 'b9', 'b10'],
    );
  });

  it('has a place for infinities beside it, and for a single value in it', () => {
    const [, high = 0, low = 0] = scaleOf([1, Infinity, -Infinity, 2]).places;
    assert.ok(high > 1 && low < 0);
    assert.deepEqual(scaleOf([5, 5]).places, [0.5, 0.5]);
    assert.deepEqual(scaleOf([undefined, 'x']).places, [NaN, 0.5]);
  });

  it('gives back the value at a place', () => {
    assert.equal(scaleOf([10, 20]).scale.valueAt(0.25), 12.5);
    assert.ok(Math.abs(scaleOf([1, 100], true).scale.valueAt(0.5) - 10) < 1e-9);
  });

  it('has round numbers for ticks', () => {
    assert.deepEqual(niceTicks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
    assert.deepEqual(niceTicks(-3, 12), [0, 5, 10]);
    assert.deepEqual(logTicks(1e-4, 1), [1e-4, 1e-3, 1e-2, 0.1, 1]);
    assert.deepEqual(logTicks(2, 30), [2, 3, 5, 7, 10, 20, 30]);
  });

  it('wants to be logarithmic over orders of magnitude and over powers', () => {
    const wants = (values: readonly number[]): boolean => {
      const { column, built } = scaleOf(values);
      return wantsLog(column, indicesOf(built));
    };
    assert.deepEqual(
      [
        [1e-4, 1e-2],
        [64, 128, 256],
        [1, 2, 3],
        [0, 1000],
        [1, 2],
      ].map(wants),
      [true, true, false, false, false],
    );
  });
});

describe('a smoothed curve', () => {
  it('is what it was without a weight', () => {
    assert.deepEqual([...smooth([1, 5, 3], 0)], [1, 5, 3]);
  });

  it('begins where the values begin and keeps gaps', () => {
    const [first, gap, last = 0] = smooth([4, NaN, 8], 0.5);
    assert.deepEqual([first, gap], [4, NaN]);
    assert.ok(Math.abs(last - 20 / 3) < 1e-12);
  });
});

describe('the lines of the table', () => {
  it('are tasks or groups, made when somebody looks', () => {
    const tasks = new TableLines({ rows: [4, 2, 7] });
    assert.deepEqual(
      [tasks.length, tasks.at(1), tasks.at(3), tasks.indexOf(7)],
      [3, { rows: [2] }, { rows: [] }, 2],
    );
    assert.deepEqual(tasks.some(2), [{ rows: [4] }, { rows: [2] }]);
    const groups = [
      { rows: [4, 2], counted: [2] },
      { rows: [7], counted: [7] },
    ];
    const grouped = new TableLines({ rows: [4, 2, 7], groups });
    assert.deepEqual([grouped.length, grouped.at(0), grouped.indexOf(7)], [2, groups[0], 1]);
  });
});

describe('a key in the table', () => {
  it('moves within it', () => {
    const extent = { lines: 100, columns: 5, page: 20 };
    const checkKey = (
      key: string,
      from: [number, number],
      to: [number, number] | undefined,
      ctrlKey = false,
    ): void => {
      const place = movedBy({ key, ctrlKey }, { line: from[0], column: from[1] }, extent);
      assert.deepEqual(place && [place.line, place.column], to, key);
    };
    checkKey('ArrowDown', [99, 1], [99, 1]);
    checkKey('ArrowUp', [0, 1], [-1, 1]);
    checkKey('ArrowUp', [-1, 1], [-1, 1]);
    checkKey('ArrowLeft', [3, 0], [3, 0]);
    checkKey('PageDown', [90, 2], [99, 2]);
    checkKey('PageUp', [10, 2], [0, 2]);
    checkKey('End', [10, 2], [10, 4]);
    checkKey('End', [10, 2], [99, 4], true);
    checkKey('Home', [10, 2], [0, 0], true);
    checkKey('x', [10, 2], undefined);
  });
});

describe('colours', () => {
  it('go from worst to best, by the goal, and one diverged task does not spoil them', () => {
    const values = Float64Array.of(...Array.from({ length: 99 }, (_, n) => n), 1e9);
    const up = makeShading(values, 'maximize');
    assert.deepEqual([up(0), up(1e9), up(NaN)], [0, SHADES - 1, undefined]);
    assert.ok((up(49) ?? 0) > 10 && (up(49) ?? 99) < 22);
    assert.equal(makeShading(values, 'minimize')(0), SHADES - 1);
  });

  it('are as many as are drawn, in both kinds of theme', () => {
    for (const isDark of [true, false]) {
      assert.equal(new Set(shades(isDark)).size, SHADES);
      assert.match(shades(isDark).join(), /^(?:#[0-9a-f]{6},?)+$/u);
    }
  });
});

describe('lines of parallel coordinates', () => {
  it('are near a point by their height there', () => {
    assert.equal(distanceToLine([0, 0, 10, 10, 20, 0], 5, 7), 2);
    assert.equal(distanceToLine([0, 0, 10, 10], 11, 5), Infinity);
  });

  it('are sampled evenly, always with the selected ones', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => index);
    const chosen = sample(rows, 10, new Set([7]));
    assert.ok(chosen.length <= 11 && chosen.includes(7) && chosen.includes(900), chosen.join());
    assert.equal(sample(rows, 2000, new Set()).length, 1000);
  });

  it('have axes that move', () => {
    assert.deepEqual(moveAxis(['a', 'b', 'c'], 'a', 1), ['b', 'a', 'c']);
    assert.deepEqual(moveAxis(['a', 'b', 'c'], 'a', 9), ['b', 'c', 'a']);
  });
});

describe('the columns on the screen', () => {
  it('are those that the window reaches', () => {
    const widths = Array.from({ length: 200 }, () => 100);
    assert.deepEqual(columnWindow(widths, 0, 250), { first: 0, end: 3, before: 0 });
    assert.deepEqual(columnWindow(widths, 1050, 250), { first: 10, end: 13, before: 1000 });
    assert.deepEqual(columnWindow([], 0, 250), { first: 0, end: 0, before: 0 });
  });
});

describe('a click on a task', () => {
  const order = [5, 4, 3, 2, 1];
  function checkClick(
    selected: readonly number[],
    how: { add?: boolean; range?: boolean },
    expected: readonly number[],
  ): void {
    const { add = false, range = false } = how;
    assert.deepEqual(selectTask(selected, 2, { add, range }, order), expected);
  }

  it('selects it alone', () => {
    checkClick([], {}, [2]);
    checkClick([1, 3], {}, [2]);
    checkClick([2], {}, [2]);
  });

  it('adds it with Ctrl, and all between with Shift', () => {
    checkClick([1], { add: true }, [1, 2]);
    checkClick([1, 2], { add: true }, [1]);
    checkClick([4], { range: true }, [4, 3, 2]);
  });
});
