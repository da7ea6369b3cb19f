/** A cell of the table. */
export interface CellPlace {
  /** From 0; -1 is the header. */
  readonly line: number;
  readonly column: number;
}

/** How far the table reaches. */
export interface TableExtent {
  readonly lines: number;
  readonly columns: number;
  /** Lines that are seen at one time. */
  readonly page: number;
}

/** Where a key leads from a cell, as in every grid; undefined for keys that move nothing. */
export function movedBy(
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  { line, column }: CellPlace,
  { lines, columns, page }: TableExtent,
): CellPlace | undefined {
  const moves: Readonly<Record<string, CellPlace>> = {
    ArrowDown: { line: line + 1, column },
    ArrowUp: { line: line - 1, column },
    ArrowRight: { line, column: column + 1 },
    ArrowLeft: { line, column: column - 1 },
    PageDown: { line: line + page, column },
    PageUp: { line: Math.max(line - page, 0), column },
    Home: ctrlKey ? { line: 0, column: 0 } : { line, column: 0 },
    End: ctrlKey ? { line: lines - 1, column: columns - 1 } : { line, column: columns - 1 },
  };
  const to = moves[key];
  return to && within(to, { lines, columns });
}

/** The nearest cell that there is. */
export function within(
  { line, column }: CellPlace,
  { lines, columns }: Pick<TableExtent, 'lines' | 'columns'>,
): CellPlace {
  return {
    line: Math.max(-1, Math.min(lines - 1, line)),
    column: Math.max(0, Math.min(columns - 1, column)),
  };
}

/** The element of a cell has this id. */
export function cellId({ line, column }: CellPlace): string {
  return line < 0 ? `cell-h-${column}` : `cell-${line}-${column}`;
}
