import { cellText } from '../../../core/results/cellText';
import type { ColumnAccess } from '../../../core/results/tableColumns';

/** Puts values of a column on a line from 0 to 1. */
export interface Scale {
  readonly kind: 'linear' | 'log' | 'category';
  /** NaN for what has no place. */
  placeOf(row: number): number;
  /** A number's place; of a category scale the place of its index. */
  place(value: number): number;
  /** The number at a place; of a category scale the index. */
  valueAt(place: number): number;
  readonly ticks: readonly { readonly place: number; readonly label: string }[];
}

/** More categories than this are a column of free text: their labels would lie on each other. */
const MAX_LABELS = 12;
const MAX_OWN_TICKS = 9;
const MAX_DISTINCT = 24;

/**
 * A scale for what some rows have in a column: numbers on a line, all else in categories in their natural order.
 *
 * @param log - wanted; taken when every number is positive
 */
export function makeScale(column: ColumnAccess, rows: readonly number[], log: boolean): Scale {
  const names = categoriesOf(column, rows);
  if (names) return categoryScale(column, names);
  const { low, high } = rangeOf(column, rows);
  return log && low > 0 ? logScale(column, rows, low, high) : linearScale(column, rows, low, high);
}

/** The texts of a column in the order of its axis; undefined when it holds numbers. */
export function categoriesOf(column: ColumnAccess, rows: readonly number[]): string[] | undefined {
  const isText = (row: number): boolean => {
    const cell = column.cell(row);
    return cell !== undefined && cell !== null && typeof cell !== 'number';
  };
  if (!rows.some(isText)) return undefined;
  const names = new Set(rows.map((row) => cellText(column.cell(row))));
  names.delete('');
  return [...names].sort(words.compare);
}

/** The finite extremes; infinite the wrong way round when there is none. */
export function rangeOf(column: ColumnAccess, rows: readonly number[]): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const row of rows) {
    const value = column.number(row);
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** Whether a column can have a logarithmic axis. */
export function canBeLog(column: ColumnAccess, rows: readonly number[]): boolean {
  return rows.every((row) => !(column.number(row) <= 0)) && rows.some((row) => column.number(row) > 0);
}

/** Sweeps go over orders of magnitude: then a logarithmic axis is the one that people want. */
export function wantsLog(column: ColumnAccess, rows: readonly number[]): boolean {
  if (!canBeLog(column, rows)) return false;
  const { low, high } = rangeOf(column, rows);
  if (high / low >= 50) return true;
  // Powers of two, of three: every step is the same factor.
  const values = distinctNumbers(column, rows);
  if (!values || values.length < 3 || high / low < 4) return false;
  const factors = values.slice(1).map((value, index) => value / (values[index] ?? value));
  return Math.max(...factors) / Math.min(...factors) < 1.05;
}

/** Room at both ends, so that no dot lies on the frame. */
export function padScale(scale: Scale): Scale {
  const pad = (place: number): number => 0.03 + 0.94 * place;
  return {
    ...scale,
    place: (value) => pad(scale.place(value)),
    placeOf: (row) => pad(scale.placeOf(row)),
    valueAt: (at) => scale.valueAt((at - 0.03) / 0.94),
    ticks: scale.ticks.map(({ place, label }) => ({ place: pad(place), label })),
  };
}

/** A linear scale of plain numbers. */
export function numberScale(low: number, high: number, log: boolean): Omit<Scale, 'placeOf'> {
  return log && low > 0 ? logAxis(low, high) : linearAxis(low, high);
}

function linearScale(column: ColumnAccess, rows: readonly number[], low: number, high: number): Scale {
  const axis = withOwnTicks(linearAxis(low, high), column, rows);
  return { ...axis, placeOf: (row) => clampInfinite(axis.place(column.number(row))) };
}

function logScale(column: ColumnAccess, rows: readonly number[], low: number, high: number): Scale {
  const axis = withOwnTicks(logAxis(low, high), column, rows);
  return { ...axis, placeOf: (row) => clampInfinite(axis.place(column.number(row))) };
}

/** Few values are a grid: they themselves are the ticks, unless two would lie on each other. */
function withOwnTicks(
  axis: Omit<Scale, 'placeOf'>,
  column: ColumnAccess,
  rows: readonly number[],
): Omit<Scale, 'placeOf'> {
  const values = column.kind === 'parameter' ? distinctNumbers(column, rows) : undefined;
  if (!values || values.length > MAX_OWN_TICKS || values.length < 2) return axis;
  const ticks = values.map((value) => ({ place: axis.place(value), label: formatTick(value) }));
  const isClear = ticks.every(
    ({ place }, index) => index === 0 || place - (ticks[index - 1]?.place ?? 0) > 0.06,
  );
  return isClear ? { ...axis, ticks } : axis;
}

/** The numbers of a column, ascending; undefined when they are many. */
function distinctNumbers(column: ColumnAccess, rows: readonly number[]): readonly number[] | undefined {
  const values = new Set<number>();
  for (const row of rows) {
    const value = column.number(row);
    if (Number.isFinite(value)) values.add(value);
    if (values.size > MAX_DISTINCT) return undefined;
  }
  return [...values].sort((a, b) => a - b);
}

/** Infinities lie just outside. */
function clampInfinite(place: number): number {
  if (place === Infinity) return 1.03;
  return place === -Infinity ? -0.03 : place;
}

function linearAxis(lowValue: number, highValue: number): Omit<Scale, 'placeOf'> {
  const [low, high] = widened(lowValue, highValue);
  const span = high - low;
  const place = (value: number): number => (value - low) / span;
  return {
    kind: 'linear',
    place,
    valueAt: (at) => low + at * span,
    ticks: niceTicks(low, high).map((value) => ({ place: place(value), label: formatTick(value) })),
  };
}

function logAxis(lowValue: number, highValue: number): Omit<Scale, 'placeOf'> {
  const [low, high] = lowValue === highValue ? [lowValue / 2, highValue * 2] : [lowValue, highValue];
  const base = Math.log(low);
  const span = Math.log(high) - base;
  const place = (value: number): number => (Math.log(value) - base) / span;
  return {
    kind: 'log',
    place,
    valueAt: (at) => Math.exp(base + at * span),
    ticks: logTicks(low, high).map((value) => ({ place: place(value), label: formatTick(value) })),
  };
}

function widened(low: number, high: number): [number, number] {
  if (!(low <= high)) return [0, 1];
  if (low < high) return [low, high];
  const margin = Math.abs(low) / 2 || 1;
  return [low - margin, high + margin];
}

const words = new Intl.Collator('en', { numeric: true });

function categoryScale(column: ColumnAccess, names: readonly string[]): Scale {
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const last = Math.max(1, names.length - 1);
  const place = (index: number): number => (names.length === 1 ? 0.5 + index : index / last);
  const stride = Math.ceil(names.length / MAX_LABELS);
  return {
    kind: 'category',
    place,
    placeOf: (row) => place(indexOf.get(cellText(column.cell(row))) ?? NaN),
    valueAt: (at) => at * last,
    ticks: names.flatMap((name, index) =>
      index % stride === 0 ? [{ place: place(index), label: shorten(name) }] : [],
    ),
  };
}

/** About five round numbers. */
export function niceTicks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const ticks: number[] = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++)
    ticks.push(Number((n * step).toPrecision(12)));
  return ticks;
}

/** Powers of ten, and numbers between them where there are few. */
export function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const factors = decades < 1.5 ? [1, 2, 3, 5, 7] : decades < 3 ? [1, 3] : [1];
  const stride = Math.max(1, Math.ceil(decades / 7));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += stride)
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(12));
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push(value);
    }
  return ticks.length > 1 ? ticks : [low, high];
}

/** A number in few letters: `0.001`, `1e-5`, `25k` never: people search for what they wrote. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential().replace('e+', 'e');
  return String(Number(value.toPrecision(6)));
}

function shorten(text: string): string {
  return text.length > 18 ? `${text.slice(0, 17)}…` : text;
}
