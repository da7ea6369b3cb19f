import type { JsonValue } from '../sweep/value';
import { isTrueOf, type Parameters, type Statement } from './sharedParameters';

interface Row {
  readonly isTrue: (own: JsonValue | undefined) => boolean;
  /** One bit for each task, 32 in a number; missing ones are zeros. */
  readonly bits: number[];
}

/** Of how many tasks statements are true, alone and two at a time. */
export class StatementCounts {
  private readonly rows = new Map<string, Row>();
  /** The rows by the parameter that they are about: its value is looked up once for all. */
  private readonly columns = new Map<string, Row[]>();
  private readonly onSource: Row[] = [];
  private added = 0;

  constructor(statements: readonly Statement[]) {
    for (const statement of statements) this.addRow(statement);
  }

  /** Tasks that were added. */
  get total(): number {
    return this.added;
  }

  /** @param source - that the task ran on */
  add(parameters: Parameters, source?: string): void {
    const task = this.added;
    this.added += 1;
    for (const [name, rows] of this.columns) mark(rows, task, parameters[name]);
    mark(this.onSource, task, source);
  }

  /** Tasks of which all of them are true. */
  having(first: Statement, second: Statement = first): number {
    const [a, b] = [this.bitsOf(first), this.bitsOf(second)];
    let sum = 0;
    for (let index = 0; index < a.length; index += 1) sum += bitCount((a[index] ?? 0) & (b[index] ?? 0));
    return sum;
  }

  private addRow(statement: Statement): void {
    const key = keyOf(statement);
    if (this.rows.has(key)) return;
    const row = { isTrue: isTrueOf(statement), bits: [] };
    this.rows.set(key, row);
    if (statement.relation === 'on') this.onSource.push(row);
    else if (!this.columns.get(statement.name)?.push(row)) this.columns.set(statement.name, [row]);
  }

  private bitsOf(statement: Statement): readonly number[] {
    return this.rows.get(keyOf(statement))?.bits ?? [];
  }
}

function mark(rows: readonly Row[], task: number, own: JsonValue | undefined): void {
  for (const { isTrue, bits } of rows)
    if (isTrue(own)) bits[task >>> 5] = (bits[task >>> 5] ?? 0) | (1 << (task & 31));
}

function keyOf({ name, relation, value }: Statement): string {
  return `${relation} ${name} ${JSON.stringify(value)}`;
}

/** @see https://graphics.stanford.edu/~seander/bithacks.html#CountBitsSetParallel */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
