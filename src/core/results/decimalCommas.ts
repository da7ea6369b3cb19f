/** Rows that are held until one has a decimal point: where points are decimal, they soon come. */
const HELD_ROWS = 100;
const WITH_COMMA = /^\s*[-+]?\d*,\d+(?:e[-+]?\d+)?\s*$/iu;
const WITH_POINT = /^\s*[-+]?(?:\d{1,3}(?:,\d{3})+|\d*)\.\d+(?:e[-+]?\d+)?\s*$/iu;

/** Cells of one row, as text. */
export type Cells = readonly string[];

/**
 * Reads the numbers of a table that is separated by semicolons: there `0,25` is `0.25`, unless a number has a decimal point.
 * Then a comma is one of thousands, `1,234`, or of a list, `0,1`, and the cell stays as it is.
 */
export class DecimalCommas {
  private readonly held: Cells[] = [];
  private areDecimal: boolean | undefined;

  /** @returns the rows that can be read now, in their order; none as long as it is not known what commas are */
  take(cells: Cells): readonly Cells[] {
    if (this.areDecimal !== undefined) return [this.read(cells)];
    this.held.push(cells);
    if (cells.some((cell) => WITH_POINT.test(cell))) this.areDecimal = false;
    else if (this.held.length < HELD_ROWS) return [];
    return this.rest();
  }

  /** @returns the rows that are still held, at the end of the table */
  rest(): readonly Cells[] {
    this.areDecimal ??= true;
    return this.held.splice(0).map((cells) => this.read(cells));
  }

  private read(cells: Cells): Cells {
    if (this.areDecimal !== true) return cells;
    return cells.map((cell) => (WITH_COMMA.test(cell) ? cell.replace(',', '.') : cell));
  }
}
