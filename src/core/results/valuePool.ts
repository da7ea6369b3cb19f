import type { JsonValue } from '../sweep/value';

/**
 * Values that are no numbers, each held once for as long as a cell has it: a column of times that change with every look
 * would otherwise grow without end.
 */
export class ValuePool {
  private readonly values: (JsonValue | undefined)[] = [];
  private readonly uses: number[] = [];
  private readonly free: number[] = [];
  private readonly placeByKey = new Map<string, number>();

  /** One more cell has this value. @returns its place */
  hold(value: JsonValue): number {
    const key = keyOf(value);
    const known = this.placeByKey.get(key);
    if (known !== undefined) {
      this.uses[known] = (this.uses[known] ?? 0) + 1;
      return known;
    }
    const place = this.free.pop() ?? this.values.length;
    this.placeByKey.set(key, place);
    this.values[place] = value;
    this.uses[place] = 1;
    return place;
  }

  /** One cell less has the value at this place. */
  release(place: number): void {
    const left = (this.uses[place] ?? 0) - 1;
    const value = this.values[place];
    if (left < 0 || value === undefined) throw new Error('a value was released that no cell had');
    this.uses[place] = left;
    if (left > 0) return;
    this.placeByKey.delete(keyOf(value));
    this.values[place] = undefined;
    this.free.push(place);
  }

  at(place: number): JsonValue {
    return this.values[place] ?? null;
  }

  /** Values that cells have now. */
  get size(): number {
    return this.placeByKey.size;
  }

  /** The values that cells have now. */
  held(): Iterable<JsonValue> {
    return this.values.filter((value) => value !== undefined);
  }
}

/** A text is its own key, with a sign before it that no JSON begins with. */
function keyOf(value: JsonValue): string {
  return typeof value === 'string' ? `'${value}` : JSON.stringify(value);
}
