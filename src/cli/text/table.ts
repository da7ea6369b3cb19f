import { displayWidth, padEnd, padStart } from './displayWidth';

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Lines of aligned columns, two blanks apart, with a line of titles. Cells are on one line each. */
export function formatTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) =>
    // Not Math.max(...): a sweep can have more rows than a call can have arguments.
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), displayWidth(title)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) =>
        (align === 'left' ? padEnd : padStart)(cells[index] ?? '', widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}
