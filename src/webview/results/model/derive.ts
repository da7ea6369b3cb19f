import { cellText } from '../../../core/results/cellText';
import { matchRows, type RowTest } from '../../../core/results/filter/matchRows';
import type { FilterProblem } from '../../../core/results/filter/tokens';
import { countedRows, groupRows, type RowGroup } from '../../../core/results/groupRows';
import type { Objective } from '../../../core/results/objective';
import { indicesOf, isConstant, isNumeric, type ResultTable } from '../../../core/results/resultTable';
import { sortGroups, sortRows, type Direction } from '../../../core/results/sortRows';
import { differingColumns, tableColumns, type ColumnAccess } from '../../../core/results/tableColumns';
import { categoriesOf } from './scale';
import type { Brush, ViewState } from './viewState';

/** The table under what the user set: everything that the parts of the page draw. Rows are places in the table. */
export interface Derived {
  readonly columns: readonly ColumnAccess[];
  readonly byId: ReadonlyMap<string, ColumnAccess>;
  /** The table's columns, the pinned ones first. */
  readonly visible: readonly ColumnAccess[];
  readonly pinnedCount: number;
  /** All rows that pass the filter, in the order of the table. */
  readonly filtered: readonly number[];
  /** Those that pass the brushes too, in the order of the sort; of groups one after the other. */
  readonly rows: readonly number[];
  /** Of {@link rows}, when parameters are averaged over. */
  readonly groups?: readonly RowGroup[];
  readonly problem?: FilterProblem;
  readonly objective?: ColumnAccess;
  /** The row of the best task among those that pass the filter. */
  readonly best?: number;
  /** Rows that the brushes left out. */
  readonly brushedOut: readonly number[];
}

/** @param lastGood - what passed before: while a filter is typed and makes no sense yet, nothing jumps */
export function derive(
  table: ResultTable,
  view: ViewState,
  objective: Objective | undefined,
  lastGood: readonly number[] = indicesOf(table),
): Derived {
  const columns = tableColumns(table, view.value);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const test = matchRows(table, view.filter, view.value);
  const isGood = typeof test === 'function';
  const filtered = isGood
    ? rowsThat(test, table, view.filter)
    : lastGood.filter((row) => row < table.tasks.length);
  const brushed = applyBrushes(table, filtered, view.brushes, byId);
  const sortColumn = view.sort && byId.get(view.sort.column);
  const sort: [ColumnAccess, Direction] | undefined =
    view.sort && sortColumn ? [sortColumn, view.sort.direction] : undefined;
  const unsorted = view.averageOver.length > 0 ? groupsOf(table, brushed, columns, view) : undefined;
  const groups = unsorted && sort ? sortGroups(unsorted, ...sort) : unsorted;
  const rows = groups?.flatMap((group) => group.rows) ?? (sort ? sortRows(brushed, ...sort) : brushed);
  const { visible, pinnedCount } = visibleColumns(table, view, columns);
  const isIn = new Set(brushed.length < filtered.length ? brushed : []);
  const brushedOut = brushed.length < filtered.length ? filtered.filter((row) => !isIn.has(row)) : [];
  const target =
    objective && columns.find(({ kind, column }) => kind === 'metric' && column?.name === objective.metric);
  const best = bestRow(table, filtered, target, objective?.goal);
  return {
    columns,
    byId,
    visible,
    pinnedCount,
    filtered,
    rows,
    ...(groups && { groups }),
    ...(!isGood && { problem: test }),
    ...(target && { objective: target }),
    ...(best !== undefined && { best }),
    brushedOut,
  };
}

/** Without a filter always the same list, by which others see that nothing changed. */
function rowsThat(test: RowTest, table: ResultTable, filter: string): readonly number[] {
  const all = indicesOf(table);
  return filter.trim() === '' ? all : all.filter(test);
}

function applyBrushes(
  table: ResultTable,
  rows: readonly number[],
  brushes: Readonly<Record<string, Brush>>,
  byId: ReadonlyMap<string, ColumnAccess>,
): readonly number[] {
  let passing = rows;
  for (const [id, brush] of Object.entries(brushes)) {
    const column = byId.get(id);
    if (column) passing = passing.filter(brushTest(column, brush, indicesOf(table)));
  }
  return passing;
}

/** Brushes of numbers are in their units; brushes of texts in places of the sorted texts, as their axis shows them. */
function brushTest(
  column: ColumnAccess,
  { low, high }: Brush,
  all: readonly number[],
): (row: number) => boolean {
  const names = categoriesOf(column, all);
  if (!names) return (row) => column.number(row) >= low && column.number(row) <= high;
  const placeOf = new Map(names.map((name, index) => [name, index]));
  return (row) => {
    const place = placeOf.get(cellText(column.cell(row))) ?? NaN;
    return place >= low && place <= high;
  };
}

function groupsOf(
  table: ResultTable,
  rows: readonly number[],
  columns: readonly ColumnAccess[],
  view: ViewState,
): RowGroup[] {
  const over = new Set(view.averageOver);
  return groupRows(
    table,
    rows,
    columns.filter(({ kind, id }) => kind === 'parameter' && !over.has(id)),
  );
}

function visibleColumns(
  table: ResultTable,
  view: ViewState,
  columns: readonly ColumnAccess[],
): { visible: readonly ColumnAccess[]; pinnedCount: number } {
  const differing = new Set(differingColumns(table).map(({ id }) => id));
  const isVisible = ({ id }: ColumnAccess): boolean =>
    id === 'task' || (!view.hidden.includes(id) && (differing.has(id) || view.shown.includes(id)));
  const isPinned = ({ id }: ColumnAccess): boolean => id === 'task' || view.pinned.includes(id);
  const shown = columns.filter(isVisible);
  const pinned = shown.filter(isPinned);
  return { visible: [...pinned, ...shown.filter((column) => !isPinned(column))], pinnedCount: pinned.length };
}

/** Columns that an axis can show: not the task's number, and not what is the same everywhere. */
export function axisColumns({ columns }: Pick<Derived, 'columns'>): ColumnAccess[] {
  return columns.filter(
    ({ kind, column }) => kind !== 'task' && kind !== 'state' && column && !isConstant(column),
  );
}

/** Columns with numbers to draw a point by. */
export function numericColumns(derived: Pick<Derived, 'columns'>): ColumnAccess[] {
  return derived.columns.filter(({ column }) => column && isNumeric(column));
}

/** Axes of the parallel coordinates: what the user chose, else the parameters that differ and the objective. */
export function parallelAxes(derived: Derived, view: ViewState): ColumnAccess[] {
  if (view.axes) return view.axes.flatMap((id) => derived.byId.get(id) ?? []);
  const parameters = axisColumns(derived).filter(({ kind }) => kind === 'parameter');
  return [...parameters.slice(0, 11), ...(derived.objective ? [derived.objective] : [])];
}

/** Axes of the scatter plot: what the user chose, else the parameter with the most values against the objective. */
export function scatterAxes(derived: Derived, view: ViewState): { x?: ColumnAccess; y?: ColumnAccess } {
  const candidates = axisColumns(derived);
  const richest = candidates
    .filter(({ kind, column }) => kind === 'parameter' && column && isNumeric(column))
    .map((column) => ({ column, values: new Set(derived.filtered.map((row) => column.number(row))).size }))
    .sort((a, b) => b.values - a.values)[0]?.column;
  const x = (view.x === undefined ? undefined : derived.byId.get(view.x)) ?? richest ?? candidates[0];
  const y =
    (view.y === undefined ? undefined : derived.byId.get(view.y)) ?? derived.objective ?? candidates[1];
  return { ...(x && { x }), ...(y && { y }) };
}

/** The best row by the objective among some, of tasks that succeeded, or while none has, of those that run. */
export function bestRow(
  table: ResultTable,
  rows: readonly number[],
  column: ColumnAccess | undefined,
  goal: Objective['goal'] | undefined,
): number | undefined {
  if (!column) return undefined;
  const sign = goal === 'minimize' ? -1 : 1;
  let best: { row: number; value: number } | undefined;
  for (const row of countedRows(table, rows)) {
    const value = sign * column.number(row);
    if (Number.isFinite(value) && value > (best?.value ?? -Infinity)) best = { row, value };
  }
  return best?.row;
}
