import { suggest } from '../../sweep/yaml/suggest';
import type { JsonValue } from '../../sweep/value';
import { TASK_STATES } from '../../engine/taskState';
import { cellText } from '../cellText';
import type { ResultTable, StepValue } from '../resultTable';
import { columnFinder, type ColumnAccess, type ColumnFinder } from '../tableColumns';
import { parseFilter, type Comparison, type FilterNode, type Operand } from './parseFilter';
import type { FilterProblem, Token } from './tokens';

/** Tells whether a row (by its place) passes. */
export type RowTest = (row: number) => boolean;

/**
 * Makes a test of a filter for the rows of a table.
 *
 * @param value - of metrics that were logged by step
 * @returns the test, or what is wrong with the filter: its grammar, a name that the table has not, or a comparison that
 *   could never hold
 */
export function matchRows(
  table: ResultTable,
  text: string,
  value: StepValue = 'last',
): RowTest | FilterProblem {
  const node = parseFilter(text);
  if (node === undefined) return () => true;
  if ('message' in node) return node;
  return bind(columnFinder(table, value), node);
}

function bind(columns: ColumnFinder, node: FilterNode): RowTest | FilterProblem {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const left = bind(columns, node.left);
      const right = bind(columns, node.right);
      if (typeof left !== 'function') return left;
      if (typeof right !== 'function') return right;
      return node.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
    }
    case 'not': {
      const inner = bind(columns, node.inner);
      return typeof inner === 'function' ? (row) => !inner(row) : inner;
    }
    case 'compare':
      return withColumn(columns, node.name, (access) => comparison(columns, access, node));
    case 'in':
      return withColumn(columns, node.name, (access) => {
        const tests = node.operands.map((operand) => equality(access, operand));
        const wrong = tests.find((test) => typeof test !== 'function');
        if (wrong) return wrong;
        return (row) => tests.some((test) => typeof test === 'function' && test(row));
      });
    case 'has':
      return withColumn(columns, node.name, (access) => (row) => {
        const value = access.cell(row);
        return value !== undefined && value !== null && value !== false;
      });
  }
}

function withColumn(
  columns: ColumnFinder,
  name: Token,
  make: (access: ColumnAccess) => RowTest | FilterProblem,
): RowTest | FilterProblem {
  const access = columns.find(name.text);
  if (access) return make(access);
  const near = suggest(name.text, columns.names);
  const hint = near === undefined ? '' : ` Did you mean “${near}”?`;
  return problemAt(name, `There is no column “${name.text}”.${hint}`);
}

function comparison(
  columns: ColumnFinder,
  access: ColumnAccess,
  node: FilterNode & { readonly kind: 'compare' },
): RowTest | FilterProblem {
  const { operator, operand, name } = node;
  if (operator === 'contains') {
    const wanted = cellText(operand.value).toLowerCase();
    return (row) => cellText(access.cell(row)).toLowerCase().includes(wanted);
  }
  const other = otherColumn(columns, access, node);
  if (operator === '==' || operator === '!=') {
    const same = other ? sameNumber(access, other) : equality(access, operand);
    if (operator === '==' || typeof same !== 'function') return same;
    return (row) => !same(row);
  }
  if (!access.hasNumbers)
    return problemAt(
      name,
      `“${name.text}” holds no numbers, so “${operator}” means nothing here. ${INSTEAD}`,
    );
  const test = ORDERINGS[operator];
  if (other) return (row) => test(access.number(row), other.number(row));
  const { value: bound, token } = operand;
  if (typeof bound !== 'number')
    return problemAt(token, `“${operator}” wants a number or a column of numbers after it. ${INSTEAD}`);
  return (row) => test(access.number(row), bound);
}

const INSTEAD = 'Words are compared with ==, !=, contains and in.';

/** The column of numbers that a plain word names, beside another one. */
function otherColumn(
  columns: ColumnFinder,
  access: ColumnAccess,
  { operand: { token } }: FilterNode & { readonly kind: 'compare' },
): ColumnAccess | undefined {
  if (token.kind !== 'name' || !access.hasNumbers) return undefined;
  const other = columns.find(token.text);
  return other?.hasNumbers === true ? other : undefined;
}

function sameNumber(access: ColumnAccess, other: ColumnAccess): RowTest {
  return (row) => access.number(row) === other.number(row);
}

function equality(access: ColumnAccess, { value, token }: Operand): RowTest | FilterProblem {
  if (access.kind === 'state' && !TASK_STATES.some((state) => state === cellText(value).toLowerCase()))
    return problemAt(token, `There is no state “${cellText(value)}”. Tasks are ${TASK_STATES.join(', ')}.`);
  return (row) => isSame(access.cell(row), value);
}

const ORDERINGS: Readonly<
  Record<Exclude<Comparison, '==' | '!=' | 'contains'>, (a: number, b: number) => boolean>
> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function isSame(cell: JsonValue | undefined, value: JsonValue): boolean {
  if (value === null) return cell === undefined || cell === null;
  if (typeof value === 'number')
    return typeof cell === 'number' ? Object.is(cell + 0, value + 0) : cellText(cell) === String(value);
  return cellText(cell).toLowerCase() === cellText(value).toLowerCase();
}

function problemAt({ from, to }: Token, message: string): FilterProblem {
  return { message, from, to };
}
