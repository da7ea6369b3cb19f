import { suggest } from '../../sweep/yaml/suggest';
import type { JsonValue } from '../../sweep/value';
import { cellText } from '../cellText';
import { stateAt, type ResultTable } from '../resultTable';
import { columnAccess, columnNames, type ColumnAccess } from '../tableColumns';
import { parseFilter, type Comparison, type FilterNode } from './parseFilter';
import type { FilterProblem, Token } from './tokens';

/** Tells whether a row (by its place) passes. */
export type RowTest = (row: number) => boolean;

/**
 * Makes a test of a filter for the rows of a table.
 *
 * @returns the test, or what is wrong with the filter: its grammar, or a name that the table has not
 */
export function matchRows(table: ResultTable, text: string): RowTest | FilterProblem {
  const node = parseFilter(text);
  if (node === undefined) return () => true;
  if ('message' in node) return node;
  return bind(table, node);
}

function bind(table: ResultTable, node: FilterNode): RowTest | FilterProblem {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const left = bind(table, node.left);
      const right = bind(table, node.right);
      if (typeof left !== 'function') return left;
      if (typeof right !== 'function') return right;
      return node.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
    }
    case 'not': {
      const inner = bind(table, node.inner);
      return typeof inner === 'function' ? (row) => !inner(row) : inner;
    }
    case 'compare':
      return withColumn(table, node.name, (access) => {
        if (node.name.text === 'state') return stateTest(table, node.operator, node.value);
        return comparison(access, node.operator, node.value);
      });
    case 'in':
      return withColumn(table, node.name, (access) => {
        const tests = node.values.map((value) => comparison(access, '==', value));
        return (row) => tests.some((test) => test(row));
      });
    case 'has':
      return withColumn(table, node.name, (access) => (row) => {
        const value = access.cell(row);
        return value !== undefined && value !== null && value !== false;
      });
  }
}

function withColumn(
  table: ResultTable,
  name: Token,
  make: (access: ColumnAccess) => RowTest,
): RowTest | FilterProblem {
  const access = columnAccess(table, name.text);
  if (access) return make(access);
  const near = suggest(name.text, columnNames(table));
  const hint = near === undefined ? '' : ` Did you mean “${near}”?`;
  return { message: `There is no column “${name.text}”.${hint}`, from: name.from, to: name.to };
}

function stateTest(table: ResultTable, operator: Comparison, value: JsonValue): RowTest {
  const wanted = cellText(value).toLowerCase();
  if (operator === 'contains') return (row) => stateAt(table, row).includes(wanted);
  return (row) => (stateAt(table, row) === wanted) === (operator !== '!=');
}

function comparison(access: ColumnAccess, operator: Comparison, value: JsonValue): RowTest {
  if (operator === '!=') {
    const same = comparison(access, '==', value);
    return (row) => !same(row);
  }
  if (operator === 'contains') {
    const wanted = cellText(value).toLowerCase();
    return (row) => cellText(access.cell(row)).toLowerCase().includes(wanted);
  }
  if (operator === '==') return (row) => isSame(access.cell(row), value);
  const bound = typeof value === 'number' ? value : NaN;
  const test = ORDERINGS[operator];
  return (row) => test(access.number(row), bound);
}

const ORDERINGS = {
  '<': (a: number, b: number): boolean => a < b,
  '<=': (a: number, b: number): boolean => a <= b,
  '>': (a: number, b: number): boolean => a > b,
  '>=': (a: number, b: number): boolean => a >= b,
};

function isSame(cell: JsonValue | undefined, value: JsonValue): boolean {
  if (value === null) return cell === undefined || cell === null;
  if (typeof value === 'number')
    return typeof cell === 'number' ? Object.is(cell + 0, value + 0) : cellText(cell) === String(value);
  return cellText(cell).toLowerCase() === cellText(value).toLowerCase();
}
