import { HsmError } from '../../core/base/errors';
import { matchRows } from '../../core/results/filter/matchRows';
import { groupRows } from '../../core/results/groupRows';
import { formatResultsCsv } from '../../core/results/resultsCsv';
import { indicesOf, isConstant, type ResultTable, type StepValue } from '../../core/results/resultTable';
import { sortRows } from '../../core/results/sortRows';
import { columnAccess, columnNames, tableColumns, type ColumnAccess } from '../../core/results/tableColumns';
import { suggest } from '../../core/sweep/yaml/suggest';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toGroupsJson, toResultsJson } from '../jsonShapes';
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
  const rows = chooseRows(table, flags);
  if (flags.averageOver) {
    const lines = averaged(table, rows, flags, flags.averageOver);
    out.print(...lines);
  } else if (flags.json === true) out.print(JSON.stringify(toResultsJson(table, rows)));
  else if (flags.csv === true) await out.write(formatResultsCsv(table, rows));
  else out.print(...formatResults(chooseColumns(table, flags), rows), ...remarks(table));
  return EXIT.ok;
}

function chooseRows(table: ResultTable, { filter = '', sort, limit, value }: ResultFlags): readonly number[] {
  const test = matchRows(table, filter);
  if (typeof test !== 'function') {
    const place = `${filter.slice(0, test.from)}»${filter.slice(test.from)}`;
    throw new HsmError('input.invalid', `The filter cannot be read: ${test.message}`, { hint: place });
  }
  const rows = indicesOf(table).filter(test);
  if (sort === undefined) return rows.slice(0, limit);
  const descending = sort.endsWith(':desc');
  const column = requireColumn(table, sort.replace(/:(?:asc|desc)$/u, ''), value);
  return sortRows(rows, column, descending ? 'descending' : 'ascending').slice(0, limit);
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
): string[] {
  const left = new Set(over.map((name) => requireColumn(table, name, flags.value).id));
  const all = flags.columns ? chooseColumns(table, flags) : tableColumns(table, flags.value);
  const parameters = tableColumns(table).filter(({ kind, id }) => kind === 'parameter' && !left.has(id));
  const groups = groupRows(rows, parameters);
  const metrics = all.filter(({ kind }) => kind === 'metric');
  if (flags.json === true) return [JSON.stringify(toGroupsJson(table, parameters, metrics, groups))];
  const differing = parameters.filter(({ column }) => column && !isConstant(column));
  return formatGroups(differing, metrics, groups);
}

function requireColumn(table: ResultTable, name: string, value: StepValue | undefined): ColumnAccess {
  const column = columnAccess(table, name, value);
  if (column) return column;
  const near = suggest(name, columnNames(table));
  throw new HsmError('input.invalid', `The results have no column "${name}".`, {
    hint: near === undefined ? `Columns: ${columnNames(table).join(', ')}.` : `Did you mean "${near}"?`,
  });
}

/** What a reader must know to trust the figures: files that could not be read. */
function remarks({ problems }: ResultTable): string[] {
  const [first] = problems;
  if (!first) return [];
  const others = problems.length > 1 ? ` (and of ${problems.length - 1} more tasks)` : '';
  return ['', `Files of task ${first.task}${others} could not be read in full: ${first.problems.join(' ')}`];
}
