import { cellText } from '../../../core/results/cellText';
import type { ColumnAccess } from '../../../core/results/tableColumns';

/** Of wide fonts; a column that is too wide does less harm than a word that is cut. */
const PER_LETTER = 8;
const PADDING = 28;
const [LEAST, MOST] = [70, 280];
/** Pixels that a column takes so that the cells with these texts are seen whole. */
export function columnWidth(column: ColumnAccess, texts: readonly string[]): number {
  // Bold, with an arrow.
  const name = column.id.length * 1.08 + 2;
  const letters = texts.reduce((most, { length }) => Math.max(most, length), name);
  return Math.min(MOST, Math.max(LEAST, Math.ceil(letters * PER_LETTER) + PADDING));
}

/** A value as the table shows it: six digits tell tasks apart; the rest is in the exports. */
export function formatCell(value: ReturnType<ColumnAccess['cell']>): string {
  if (typeof value !== 'number') return cellText(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

/** The columns of a scrolled window, and what lies before them. */
export interface ColumnWindow {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  /** Pixels of the columns before the first. */
  readonly before: number;
}

/** Which columns are on the screen. @param left - pixels that are scrolled away */
export function columnWindow(widths: readonly number[], left: number, width: number): ColumnWindow {
  let before = 0;
  let first = 0;
  while (first < widths.length && before + (widths[first] ?? 0) < left) before += widths[first++] ?? 0;
  let end = first;
  for (let x = before; end < widths.length && x < left + width; end++) x += widths[end] ?? 0;
  return { first, end, before };
}
