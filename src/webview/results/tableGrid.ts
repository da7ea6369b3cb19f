import type { ColumnAccess } from '../../core/results/tableColumns';
import { h } from './dom';
import { l10n } from './l10n';
import { columnWidth, columnWindow } from './model/columnWidths';
import type { TableLines } from './model/tableLines';
import type { Page } from './pageStore';
import {
  extraWidth,
  headerCells,
  lineText,
  ROW_HEIGHT,
  rowElement,
  type HeaderActions,
  type TableLook,
} from './tableCells';
import { cellId, type CellPlace } from './tableCursor';

const HEADER_HEIGHT = 28;
/** Rows beyond the window on either side, so that slow pictures show no gaps. */
const MARGIN_ROWS = 6;
/** Lines that are looked at for the widths: the widest of all is not worth reading all. */
const MEASURED_LINES = 60;

/** What is in the table now. */
export interface GridContent {
  readonly page: Page;
  readonly lines: TableLines;
  readonly columns: readonly ColumnAccess[];
}

/** Draws the table, of which only what is on the screen exists. */
export class TableGrid {
  readonly element = h('div', {
    class: 'grid',
    role: 'grid',
    tabindex: 0,
    'aria-label': l10n.t('Results'),
    'aria-multiselectable': 'true',
  });
  readonly canvas = h('div', { class: 'grid-canvas', role: 'presentation' });
  private readonly header = h('div', { class: 'grid-header', role: 'row', 'aria-rowindex': 1 });
  private content: GridContent | undefined;
  private cursor: CellPlace = { line: 0, column: 0 };
  private widths: readonly number[] = [];
  private widthKey = '';
  private readonly drawn = new Map<number, HTMLElement>();
  private drawnColumns = '';
  private frame = 0;

  constructor(private readonly actions: HeaderActions) {
    this.element.append(this.header, this.canvas);
    this.element.addEventListener('scroll', () => {
      this.drawSoon();
    });
    new ResizeObserver(() => {
      this.drawSoon();
    }).observe(this.element);
  }

  /** Lines that are seen at one time, but for one that stays in view when a page is turned. */
  get page(): number {
    return Math.max(1, Math.floor((this.element.clientHeight - HEADER_HEIGHT) / ROW_HEIGHT) - 1);
  }

  show(content: GridContent, cursor: CellPlace): void {
    this.content = content;
    this.cursor = cursor;
    this.measure(content);
    const { lines, columns } = content;
    this.element.setAttribute('aria-rowcount', String(lines.length + 1));
    this.element.setAttribute('aria-colcount', String(columns.length));
    this.canvas.style.height = `${lines.length * ROW_HEIGHT}px`;
    this.canvas.style.width = this.header.style.width = `${sumOf(this.widths)}px`;
    // At once: a picture later the table would be seen empty for a moment.
    this.clear();
    this.draw(content);
  }

  /** Marks a cell and brings it into view. */
  moveTo(cursor: CellPlace): void {
    this.cursor = cursor;
    this.reveal(cursor.line);
    this.revealColumn(cursor.column);
    this.drawSoon();
    this.markCursor();
  }

  reveal(line: number): void {
    if (line < 0) return;
    const { element } = this;
    const top = line * ROW_HEIGHT;
    const height = element.clientHeight - HEADER_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_HEIGHT > element.scrollTop + height) element.scrollTop = top + ROW_HEIGHT - height;
  }

  /** The head of a column, when it is on the screen. */
  headerOf(column: number): HTMLElement | null {
    return this.header.querySelector(`#${cellId({ line: -1, column })}`);
  }

  private measure({ page, lines, columns }: GridContent): void {
    const { groups } = page.derived;
    const key = [page.table.tasks.length, ...columns.map(({ id }) => id)].join('\u0000');
    // Averages are of other lengths with every group.
    if (key === this.widthKey && !groups) return;
    this.widthKey = groups ? '' : key;
    const some = lines.some(MEASURED_LINES);
    this.widths = columns.map((column) => {
      const texts = some.map((line) => lineText(page, column, line));
      return columnWidth(column, texts) + (groups ? 0 : extraWidth(page, column));
    });
  }

  private clear(): void {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    this.drawnColumns = '';
  }

  private drawSoon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.content) this.draw(this.content);
    });
  }

  private draw({ page, lines, columns }: GridContent): void {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.element;
    const pinned = page.derived.pinnedCount;
    const room = clientWidth - sumOf(this.widths.slice(0, pinned));
    const free = columnWindow(this.widths.slice(pinned), scrollLeft, room);
    const look: TableLook = { page, columns, widths: this.widths, free };
    const drawnColumns = `${free.first} ${free.end}`;
    if (drawnColumns !== this.drawnColumns) {
      this.clear();
      this.drawnColumns = drawnColumns;
      this.header.replaceChildren(...headerCells(look, this.actions));
    }
    const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - MARGIN_ROWS);
    const end = Math.min(lines.length, Math.ceil((scrollTop + clientHeight) / ROW_HEIGHT) + MARGIN_ROWS);
    for (const [index, row] of this.drawn) {
      if (index >= first && index < end) continue;
      row.remove();
      this.drawn.delete(index);
    }
    const selected = new Set(page.view.selected);
    for (let index = first; index < end; index++) {
      if (this.drawn.has(index)) continue;
      const row = rowElement(look, lines.at(index), index, selected);
      this.drawn.set(index, row);
      this.canvas.append(row);
    }
    this.markCursor();
  }

  private revealColumn(column: number): void {
    const pinned = this.content?.page.derived.pinnedCount ?? 0;
    if (column < pinned) return;
    const { element, widths } = this;
    const left = sumOf(widths.slice(pinned, column));
    const right = left + (widths[column] ?? 0);
    const room = element.clientWidth - sumOf(widths.slice(0, pinned));
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (right > element.scrollLeft + room) element.scrollLeft = right - room;
  }

  private markCursor(): void {
    for (const marked of this.element.querySelectorAll('.cursor')) marked.classList.remove('cursor');
    const id = cellId(this.cursor);
    const cell = this.element.querySelector(`#${id}`);
    cell?.classList.add('cursor');
    if (cell) this.element.setAttribute('aria-activedescendant', id);
    else this.element.removeAttribute('aria-activedescendant');
  }
}

function sumOf(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, 0);
}
