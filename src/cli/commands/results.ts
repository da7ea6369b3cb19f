import { HsmError } from '../../core/base/errors';
import { isFinal } from '../../core/engine/taskState';
import { matchRows } from '../../core/results/filter/matchRows';
import { groupRows } from '../../core/results/groupRows';
import { jsonText } from '../../core/results/jsonText';
import { formatColumnsCsv, formatGroupsCsv, formatResultsCsv } from '../../core/results/resultsCsv';
import { toColumnsJson, toResultsJson, type ResultJson } from '../../core/results/resultsJson';
import {
  indicesOf,
  isConstant,
  stateAt,
  type ResultTable,
  type StepValue,
} from '../../core/results/resultTable';
import { sortGroups, sortRows, type Direction } from '../../core/results/sortRows';
import { columnAccess, columnNames, tableColumns, type ColumnAccess } from '../../core/results/tableColumns';
import { suggest } from '../../core/sweep/yaml/suggest';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toGroupsJson } from '../jsonShapes';
import { chooseSweep } from '../sweepChoice';
import { formatTasks } from '../text/counts';
import { oneLine } from '../text/displayWidth';
import { formatGroups, formatOrigins, formatResults } from '../text/resultsText';
import { upToDate } from '../upToDate';

export interface ResultFlags {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly filter?: string;
  /** A column, `:desc` after it for descending. */
  readonly sort?: string;
  readonly columns?: readonly string[];
  readonly averageOver?: readonly string[];
  readonly value?: StepValue;
  readonly limit?: number;
}

/** `hsm results SWEEP`: parameters and metrics of all tasks, or of those that a filter lets through. */
export async function showResults(
  context: CommandContext,
  text: string,
  flags: ResultFlags,
): Promise<ExitCode> {
  const { project, out } = context;
  const sweep = await upToDate(context, chooseSweep(context, text));
  const table = await project.results(sweep.id);
  const passing = filteredRows(table, flags);
  if (flags.averageOver) {
    await out.write(averaged(table, passing, flags, flags.averageOver));
    return EXIT.ok;
  }
  const sort = sortOf(table, flags);
  const rows = (sort ? sortRows(passing, ...sort) : passing).slice(0, flags.limit);
  if (flags.json === true) out.print(jsonText(rowsJson(table, rows, flags)));
  else if (flags.csv === true) await out.write(rowsCsv(table, rows, flags));
  else out.print(...formatResults(chooseColumns(table, flags), rows), ...remarks(table, rows));
  return EXIT.ok;
}

function rowsJson(table: ResultTable, rows: readonly number[], flags: ResultFlags): readonly ResultJson[] {
  if (!flags.columns) return toResultsJson(table, rows, flags.value);
  return toColumnsJson(table, rows, chooseColumns(table, flags), flags.value);
}

function rowsCsv(table: ResultTable, rows: readonly number[], flags: ResultFlags): string {
  if (!flags.columns) return formatResultsCsv(table, rows, flags.value);
  return formatColumnsCsv(chooseColumns(table, flags), rows, flags.value);
}

function filteredRows(table: ResultTable, { filter = '', value }: ResultFlags): readonly number[] {
  const test = matchRows(table, filter, value);
  if (typeof test === 'function') return indicesOf(table).filter(test);
  const place = `${filter.slice(0, test.from)}»${filter.slice(test.from)}`;
  throw new HsmError('input.invalid', `The filter cannot be read: ${test.message}`, { hint: place });
}

function sortOf(
  table: ResultTable,
  { sort, value }: ResultFlags,
): [column: ColumnAccess, direction: Direction] | undefined {
  if (sort === undefined) return undefined;
  const column = requireColumn(table, sort.replace(/:(?:asc|desc)$/u, ''), value);
  return [column, sort.endsWith(':desc') ? 'descending' : 'ascending'];
}

/** Without a choice: everything but a state that is the same for all, and where and how long it ran. */
function chooseColumns(table: ResultTable, { columns, value }: ResultFlags): readonly ColumnAccess[] {
  if (columns) return columns.map((name) => requireColumn(table, name, value));
  const withState = table.states.some((state) => state !== table.states[0]);
  return tableColumns(table, value).filter(({ kind }) => kind !== 'fact' && (kind !== 'state' || withState));
}

function averaged(
  table: ResultTable,
  rows: readonly number[],
  flags: ResultFlags,
  over: readonly string[],
): string {
  const left = new Set(over.map((name) => requireColumn(table, name, flags.value).id));
  const all = flags.columns ? chooseColumns(table, flags) : tableColumns(table, flags.value);
  const parameters = tableColumns(table).filter(({ kind, id }) => kind === 'parameter' && !left.has(id));
  const sort = sortOf(table, flags);
  const found = groupRows(table, rows, parameters);
  // Sorting and cutting tasks before would average a part of each group.
  const groups = (sort ? sortGroups(found, ...sort) : found).slice(0, flags.limit);
  const metrics = all.filter(({ kind }) => kind === 'metric');
  if (flags.json === true) return `${jsonText(toGroupsJson(table, parameters, metrics, groups))}\n`;
  if (flags.csv === true) return formatGroupsCsv(parameters, metrics, groups);
  const differing = parameters.filter(({ column }) => column && !isConstant(column));
  return `${[...formatGroups(differing, metrics, groups), ...remarks(table, rows)].join('\n')}\n`;
}

function requireColumn(table: ResultTable, name: string, value: StepValue | undefined): ColumnAccess {
  const column = columnAccess(table, name, value);
  if (column) return column;
  const near = suggest(name, columnNames(table));
  throw new HsmError('input.invalid', `The results have no column "${name}".`, {
    hint: near === undefined ? `Columns: ${columnNames(table).join(', ')}.` : `Did you mean "${near}"?`,
  });
}

/** What a reader must know to trust the figures: where they come from, and files that could not be read, or do not count. */
function remarks(table: ResultTable, rows: readonly number[]): string[] {
  const shown = new Set(rows.map((row) => table.tasks[row]));
  const ended = rows.filter((row) => isFinal(stateAt(table, row))).length;
  const [first, ...others] = table.problems.filter(({ task }) => shown.has(task));
  const more = others.length > 0 ? ` (${formatTasks(others.length)} more with remarks)` : '';
  const said = first ? [`Task ${first.task}: ${oneLine(first.problems.join(' '))}${more}`] : [];
  const lines = [...formatOrigins(table, ended), ...said];
  return lines.length === 0 ? [] : ['', ...lines];
}
