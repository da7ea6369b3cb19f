// One unit of terminal output: text, a line feed, a cursor movement, or a sequence that only colours or titles.
// `ESC ]` … BEL sets titles and links; `ESC [` … letter moves and colours; `ESC` + one letter does the rest.
const UNIT =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|(?:\u001b\[|\u009b)([0-9;:<=>?]*)[ -/]*([@-~])|\u001b\[[0-9;:<=>?]*$|\u001b[ -/]*[0-~]?|\n|\r|\u0008|[^\u001b\u009b\n\r\u0008]+/gu;

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** How far up a cursor can go: no terminal is taller, and the lines above have scrolled away. */
const SCREEN_ROWS = 60;

/** Just enough of a terminal to show what a program's log looked like on one. */
class Screen {
  private readonly rows: string[][] = [[]];
  private row = 0;
  private column = 0;

  write(text: string): void {
    const row = this.rows[this.row] ?? [];
    while (row.length < this.column) row.push(' ');
    // Cell by cell: a line can be longer than a call can have arguments.
    for (const cell of text) {
      row[this.column] = cell;
      this.column += 1;
    }
  }

  lineFeed(): void {
    this.row += 1;
    this.column = 0;
    if (this.row === this.rows.length) this.rows.push([]);
  }

  toColumn(column: number): void {
    this.column = Math.max(0, column);
  }

  back(): void {
    this.toColumn(this.column - 1);
  }

  /** Carries out `ESC [ parameters final`; colours and whatever else leaves the text alone is dropped. */
  control(parameters: string, final: string): void {
    const given = Number.parseInt(parameters, 10);
    const count = Math.min(Number.isNaN(given) ? 1 : given, 1000);
    if (final === 'A' || final === 'F') this.up(count);
    if (final === 'B' || final === 'E') this.row = Math.min(this.row + count, this.rows.length - 1);
    if (final === 'E' || final === 'F') this.column = 0;
    if (final === 'C') this.column += count;
    if (final === 'D') this.toColumn(this.column - count);
    if (final === 'G') this.toColumn(count - 1);
    if (final === 'K') this.eraseInLine(Number.isNaN(given) ? 0 : given);
  }

  lines(): string[] {
    return this.rows.map((cells) => cells.join(''));
  }

  private up(count: number): void {
    const top = Math.max(0, this.rows.length - SCREEN_ROWS);
    this.row = Math.max(Math.min(top, this.row), this.row - count);
  }

  private eraseInLine(mode: number): void {
    const row = this.rows[this.row] ?? [];
    if (mode === 0) row.length = Math.min(row.length, this.column);
    else if (mode === 1) row.fill(' ', 0, this.column + 1);
    else row.length = 0;
  }
}

/**
 * The lines of a log as a terminal would show them: progress bars drawn with `\r` or cursor movements are left in
 * their last state, colours and other escapes are gone. A clear-screen erases nothing, because it is evidence.
 *
 * @param maxLength - characters after which a line is cut, with a note of how many were left out
 * @returns no last empty line for a final line feed; empty for an empty text
 */
export function cleanLines(text: string, maxLength = 2000): string[] {
  const lines = needsScreen(text) ? drawn(text) : text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => bounded(line.replace(INVISIBLE, ''), maxLength));
}

function needsScreen(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u001b\u009b\r\u0008]/u.test(text);
}

function drawn(text: string): string[] {
  const screen = new Screen();
  for (const unit of text.matchAll(UNIT)) draw(screen, unit);
  return screen.lines().map((line) => line.trimEnd());
}

function draw(screen: Screen, unit: RegExpMatchArray): void {
  const [whole, parameters, final] = unit;
  if (whole === '\n') screen.lineFeed();
  else if (whole === '\r') screen.toColumn(0);
  else if (whole === '\b') screen.back();
  else if (final !== undefined) screen.control(parameters ?? '', final);
  else if (!whole.startsWith('\u001b')) screen.write(whole);
}

function bounded(line: string, maxLength: number): string {
  if (line.length <= maxLength) return line;
  return `${line.slice(0, maxLength)}… (${line.length - maxLength} more characters)`;
}
