import { cellText } from './cellText';
import { isAveraged, statisticsOf, type RowGroup } from './groupRows';
import type { ColumnAccess } from './tableColumns';

export type Direction = 'ascending' | 'descending';

const words = new Intl.Collator('en', { numeric: true });

/** What a row or a group is ordered by. */
interface SortKey {
  /** NaN for what is no number. */
  readonly number: number;
  /** Empty for numbers, and for nothing. */
  readonly text: string;
}

/**
 * Rows in the order of a column: numbers first, then texts; what is empty or NaN comes last in either direction. Equal
 * rows keep their order.
 */
export function sortRows(rows: readonly number[], column: ColumnAccess, direction: Direction): number[] {
  return sortBy(rows, (row) => keyOf(column, row), direction);
}

/** Groups in the order of a column: of metrics and durations by the mean that is shown, else by what all their rows have. */
export function sortGroups(
  groups: readonly RowGroup[],
  column: ColumnAccess,
  direction: Direction,
): RowGroup[] {
  const keyOfGroup = ({ rows, counted }: RowGroup): SortKey => {
    const first = keyOf(column, rows[0] ?? 0);
    return isAveraged(column) ? { ...first, number: statisticsOf(counted, column).mean } : first;
  };
  return sortBy(groups, keyOfGroup, direction);
}

function keyOf(column: ColumnAccess, row: number): SortKey {
  const number = column.number(row);
  const cell = column.cell(row);
  const text = Number.isNaN(number) && cell !== undefined && typeof cell !== 'number' ? cellText(cell) : '';
  return { number, text };
}

function sortBy<T>(items: readonly T[], keyOfItem: (item: T) => SortKey, direction: Direction): T[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const keyed = items.map((item) => ({ item, ...keyOfItem(item) }));
  keyed.sort((a, b) => {
    const [rankA, rankB] = [rankOf(a), rankOf(b)];
    if (rankA !== rankB) return rankA === 2 || rankB === 2 ? rankA - rankB : sign * (rankA - rankB);
    if (rankA === 0) return a.number === b.number ? 0 : sign * (a.number < b.number ? -1 : 1);
    return sign * words.compare(a.text, b.text);
  });
  return keyed.map(({ item }) => item);
}

function rankOf({ number, text }: SortKey): number {
  return Number.isNaN(number) ? (text === '' ? 2 : 1) : 0;
}
