import { HsmError } from '../../core/base/errors';
import { matchRows } from '../../core/results/filter/matchRows';
import { groupRows } from '../../core/results/groupRows';
import { jsonText } from '../../core/results/jsonText';
import { formatGroupsCsv, formatResultsCsv } from '../../core/results/resultsCsv';
import { toResultsJson } from '../../core/results/resultsJson';
import { indicesOf, isConstant, type ResultTable, type StepValue } from '../../core/results/resultTable';
import { sortGroups, sortRows, type Direction } from '../../core/results/sortRows';
import { columnAccess, columnNames, tableColumns, type ColumnAccess } from '../../core/results/tableColumns';
import { suggest } from '../../core/sweep/yaml/suggest';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toGroupsJson } from '../jsonShapes';
import { chooseSweep } from '../sweepChoice';
import { formatGroups, formatResults } from '../text/resultsText';
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
  if (flags.json === true) out.print(jsonText(toResultsJson(table, rows, flags.value)));
  else if (flags.csv === true) await out.write(formatResultsCsv(table, rows, flags.value));
  else out.print(...formatResults(chooseColumns(table, flags), rows), ...remarks(table));
  return EXIT.ok;
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
  return `${formatGroups(differing, metrics, groups).join('\n')}\n`;
}

function requireColumn(table: ResultTable, name: string, value: StepValue | undefined): ColumnAccess {
  const column = columnAccess(table, name, value);
  if (column) return column;
  const near = suggest(name, columnNames(table));
  throw new HsmError('input.invalid', `The results have no column "${name}".`, {
    hint: near === undefined ? `Columns: ${columnNames(table).join(', ')}.` : `Did you mean "${near}"?`,
  });
}

/** What a reader must know to trust the figures: files that could not be read, or do not count. */
function remarks({ problems }: ResultTable): string[] {
  const [first] = problems;
  if (!first) return [];
  const others = problems.length > 1 ? ` (${problems.length - 1} more tasks have remarks, too)` : '';
  return ['', `Task ${first.task}: ${first.problems.join(' ')}${others}`];
}
