/**
 * The candidate that was probably meant: the same last name on another level, else the one with the fewest letters to
 * change, if those are few, else one that begins alike (`retry`, `retries`). Candidates and `path` are dotted.
 */
export function suggest(path: string, candidates: readonly string[]): string | undefined {
  const elsewhere = candidates.find((candidate) => lastName(candidate) === lastName(path));
  return elsewhere ?? nearest(path, candidates) ?? beginningAlike(path, candidates);
}

function beginningAlike(path: string, candidates: readonly string[]): string | undefined {
  const name = lastName(path);
  const beginning = name.slice(0, Math.max(4, name.length - 2));
  return beginning.length < 4
    ? undefined
    : candidates.find((candidate) => lastName(candidate).startsWith(beginning));
}

function nearest(path: string, candidates: readonly string[]): string | undefined {
  const name = lastName(path);
  const allowed = Math.max(1, Math.floor(name.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), lastName(candidate).toLowerCase());
    if (distance <= allowed && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** Letters to insert, remove, change, or swap with their neighbour (optimal string alignment distance). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let cost = Math.min(change, at(last, column) + 1, at(current, column - 1) + 1);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
