import type { Scale } from './scale';

/** One axis of the parallel coordinates. */
export interface ParallelAxis {
  readonly id: string;
  readonly scale: Scale;
  /** Pixels from the left. */
  readonly x: number;
}

/** The line of a row: x and y in turn, in pixels. Gaps where the row has no value are left out. */
export function lineOf(axes: readonly ParallelAxis[], row: number, top: number, bottom: number): number[] {
  const points: number[] = [];
  for (const { scale, x } of axes) {
    const place = scale.placeOf(row);
    if (!Number.isNaN(place)) points.push(x, bottom - place * (bottom - top));
  }
  return points;
}

/** How far a point is from a line, measured up and down; infinite beside it. */
export function distanceToLine(line: readonly number[], x: number, y: number): number {
  for (let i = 0; i + 3 < line.length; i += 2) {
    const [fromX = 0, fromY = 0, toX = 0, toY = 0] = line.slice(i, i + 4);
    if (x < fromX || x > toX) continue;
    return Math.abs(fromY + ((x - fromX) / (toX - fromX || 1)) * (toY - fromY) - y);
  }
  return Infinity;
}

/** An even selection, so that drawing stays quick; the given ones are always in it. */
export function sample(
  rows: readonly number[],
  most: number,
  always: ReadonlySet<number>,
): readonly number[] {
  if (rows.length <= most) return rows;
  const stride = rows.length / most;
  const chosen = new Set<number>();
  for (let i = 0; i < most; i++) chosen.add(rows[Math.floor(i * stride)] ?? 0);
  for (const row of rows) if (always.has(row)) chosen.add(row);
  return [...chosen];
}

/** An axis's new order after it was moved. */
export function moveAxis(ids: readonly string[], id: string, to: number): string[] {
  const others = ids.filter((each) => each !== id);
  const place = Math.max(0, Math.min(others.length, to));
  return [...others.slice(0, place), id, ...others.slice(place)];
}
