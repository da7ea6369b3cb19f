import { cellText } from './cellText';
import type { ColumnAccess } from './tableColumns';

export type Direction = 'ascending' | 'descending';

const words = new Intl.Collator('en', { numeric: true });

/**
 * Rows in the order of a column: numbers first, then texts; what is empty or NaN comes last in either direction. Equal
 * rows keep their order.
 */
export function sortRows(rows: readonly number[], column: ColumnAccess, direction: Direction): number[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const keyed = rows.map((row) => {
    const number = column.number(row);
    const cell = column.cell(row);
    const text = Number.isNaN(number) && cell !== undefined && typeof cell !== 'number' ? cellText(cell) : '';
    return { row, number, text };
  });
  keyed.sort((a, b) => {
    const [rankA, rankB] = [rankOf(a), rankOf(b)];
    if (rankA !== rankB) return rankA === 2 || rankB === 2 ? rankA - rankB : sign * (rankA - rankB);
    if (rankA === 0) return a.number === b.number ? 0 : sign * (a.number < b.number ? -1 : 1);
    return sign * words.compare(a.text, b.text);
  });
  return keyed.map(({ row }) => row);
}

function rankOf({ number, text }: { readonly number: number; readonly text: string }): number {
  return Number.isNaN(number) ? (text === '' ? 2 : 1) : 0;
}
