import type { ColumnAccess } from '../../core/results/tableColumns';
import { showColumnMenu, sortBy } from './columnMenu';
import { h } from './dom';
import { bestRow } from './model/derive';
import { columnWidth, columnWindow } from './model/columnWidths';
import { selectTask } from './model/selection';
import type { Page, PageStore } from './pageStore';
import {
  extraWidth,
  headerCells,
  lineText,
  ROW_HEIGHT,
  rowElement,
  type Line,
  type TableLook,
} from './tableCells';
import { l10n } from './l10n';

const HEADER_HEIGHT = 28;
/** Rows beyond the window on either side, so that slow pictures show no gaps. */
const MARGIN_ROWS = 6;

export interface TableActions {
  open(task: number): void;
  setObjective(metric: string): void;
}

/**
 * The table, of which only what is on the screen exists. A grid for screen readers and keys: arrows move, Enter opens or
 * sorts, Space selects, the menu key or F10 with Shift shows what a column can do.
 */
export class TableView {
  readonly element = h('div', {
    class: 'grid',
    role: 'grid',
    tabindex: 0,
    'aria-label': l10n.t('Results'),
    'aria-multiselectable': 'true',
  });
  private readonly canvas = h('div', { class: 'grid-canvas', role: 'presentation' });
  private readonly header = h('div', { class: 'grid-header', role: 'row', 'aria-rowindex': 1 });
  private page: Page | undefined;
  private lines: readonly Line[] = [];
  private columns: readonly ColumnAccess[] = [];
  private widths: readonly number[] = [];
  private drawn = new Map<number, HTMLElement>();
  private drawnColumns = '';
  private cursor = { line: 0, column: 0 };
  private best: number | undefined;
  private frame = 0;
  private widthKey: readonly unknown[] = [];

  constructor(
    private readonly store: PageStore,
    private readonly actions: TableActions,
  ) {
    this.element.append(this.header, this.canvas);
    this.element.addEventListener('scroll', () => {
      this.drawSoon();
    });
    new ResizeObserver(() => {
      this.drawSoon();
    }).observe(this.element);
    this.element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.canvas.addEventListener('mousedown', (event) => {
      // Text stays as it is when rows are selected with Shift.
      if (event.shiftKey) event.preventDefault();
    });
    this.canvas.addEventListener('click', (event) => {
      this.onClick(event);
    });
    this.canvas.addEventListener('dblclick', (event) => {
      const line = this.lineAt(event);
      const task = line === undefined ? undefined : this.tasksOf(line)[0];
      if (task !== undefined) this.actions.open(task);
    });
  }

  show(page: Page): void {
    const before = this.page;
    this.page = page;
    this.lines = page.derived.groups ?? page.derived.rows.map((row) => ({ rows: [row] }));
    this.columns = this.columnsOf(page);
    this.measure(page);
    this.best = bestRow(page.table, page.derived.filtered, page.derived.objective, page.objective?.goal);
    this.cursor = {
      line: Math.min(this.cursor.line, this.lines.length - 1),
      column: Math.min(this.cursor.column, this.columns.length - 1),
    };
    this.element.setAttribute('aria-rowcount', String(this.lines.length + 1));
    this.element.setAttribute('aria-colcount', String(this.columns.length));
    const width = this.widths.reduce((sum, each) => sum + each, 0);
    this.canvas.style.height = `${this.lines.length * ROW_HEIGHT}px`;
    this.canvas.style.width = this.header.style.width = `${width}px`;
    if (before && before.view.selected !== page.view.selected) this.revealSelected(page);
    // At once: a picture later the table would be seen empty for a moment.
    this.clear();
    this.draw(page);
  }

  private columnsOf(page: Page): readonly ColumnAccess[] {
    if (!page.derived.groups) return page.derived.visible;
    const over = new Set(page.view.averageOver);
    const shown = page.derived.visible.filter(
      ({ kind, id }) => kind !== 'state' && !(kind === 'parameter' && over.has(id)),
    );
    return shown;
  }

  private measure(page: Page): void {
    const key = [
      page.table.tasks.length,
      this.columns.map(({ id }) => id).join('\u0000'),
      page.derived.groups !== undefined,
    ];
    if (key.every((part, index) => part === this.widthKey[index]) && !page.derived.groups) return;
    this.widthKey = key;
    const first = this.lines.map(({ rows }) => rows[0] ?? 0);
    this.widths = this.columns.map((column) => {
      if (!page.derived.groups)
        return (
          columnWidth(column, first, (row) => lineText(page, column, { rows: [row] })) +
          extraWidth(page, column)
        );
      const byRow = new Map(this.lines.map((line) => [line.rows[0] ?? 0, line]));
      return columnWidth(column, first, (row) => lineText(page, column, byRow.get(row) ?? { rows: [row] }));
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
      if (this.page) this.draw(this.page);
    });
  }

  private draw(page: Page): void {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.element;
    const pinned = page.derived.pinnedCount;
    const pinnedWidth = this.widths.slice(0, pinned).reduce((sum, each) => sum + each, 0);
    const free = columnWindow(this.widths.slice(pinned), scrollLeft, clientWidth - pinnedWidth);
    const look: TableLook = { page, columns: this.columns, widths: this.widths, free, best: this.best };
    const columns = `${free.first} ${free.end}`;
    if (columns !== this.drawnColumns) {
      this.clear();
      this.drawnColumns = columns;
      this.drawHeader(look);
    }
    const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - MARGIN_ROWS);
    const end = Math.min(this.lines.length, Math.ceil((scrollTop + clientHeight) / ROW_HEIGHT) + MARGIN_ROWS);
    for (const [index, row] of this.drawn) {
      if (index >= first && index < end) continue;
      row.remove();
      this.drawn.delete(index);
    }
    const selected = new Set(page.view.selected);
    for (let index = first; index < end; index++) {
      if (this.drawn.has(index)) continue;
      const row = rowElement(look, this.lines[index] ?? { rows: [] }, index, selected);
      this.drawn.set(index, row);
      this.canvas.append(row);
    }
    this.markCursor();
  }

  private drawHeader(look: TableLook): void {
    const cells = headerCells(look, {
      sort: (column) => {
        sortBy(this.store, column);
      },
      showMenu: (column, anchor) => {
        this.showMenu(column, anchor);
      },
    });
    this.header.replaceChildren(...cells);
  }

  private showMenu(column: ColumnAccess, anchor: HTMLElement): void {
    showColumnMenu(this.store, column, anchor, (metric) => {
      this.actions.setObjective(metric);
    });
  }

  private onClick(event: MouseEvent): void {
    const line = this.lineAt(event);
    if (line === undefined) return;
    const cell = event.target instanceof Element ? event.target.closest('[aria-colindex]') : null;
    this.cursor = { line, column: Number(cell?.getAttribute('aria-colindex') ?? 1) - 1 };
    this.selectLine(line, { add: event.ctrlKey || event.metaKey, range: event.shiftKey });
  }

  private selectLine(line: number, how: { readonly add: boolean; readonly range: boolean }): void {
    // What was selected a moment ago may not be drawn yet.
    const { page } = this.store;
    const tasks = this.tasksOf(line);
    const [first] = tasks;
    if (!page || first === undefined) return;
    if (tasks.length === 1) {
      const order = how.range ? this.lines.flatMap((_, index) => this.tasksOf(index)) : [];
      this.store.update({ selected: selectTask(page.view.selected, first, how, order) });
      return;
    }
    const isSelected = tasks.every((task) => page.view.selected.includes(task));
    const others = how.add ? page.view.selected.filter((task) => !tasks.includes(task)) : [];
    this.store.update({ selected: isSelected ? others : [...others, ...tasks] });
  }

  private onKey(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor((this.element.clientHeight - HEADER_HEIGHT) / ROW_HEIGHT) - 1);
    const { line, column } = this.cursor;
    const moves: Readonly<Record<string, readonly [line: number, column: number]>> = {
      ArrowDown: [line + 1, column],
      ArrowUp: [line - 1, column],
      ArrowRight: [line, column + 1],
      ArrowLeft: [line, column - 1],
      PageDown: [Math.min(line + page, this.lines.length - 1), column],
      PageUp: [Math.max(line - page, 0), column],
      Home: event.ctrlKey ? [0, 0] : [line, 0],
      End: event.ctrlKey ? [this.lines.length - 1, this.columns.length - 1] : [line, this.columns.length - 1],
    };
    const move = moves[event.key];
    const current = this.columns[column];
    if (move) this.moveTo(...move);
    else if (event.key === ' ') this.selectLine(line, { add: true, range: false });
    else if (event.key === 'Enter' && line < 0 && current) sortBy(this.store, current);
    else if (event.key === 'Enter') this.openLine(line);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey))
      this.store.update({ selected: this.lines.flatMap((_, index) => this.tasksOf(index)) });
    else if (event.key === 'Escape') this.store.update({ selected: [] });
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const anchor = this.header.querySelector<HTMLElement>(`#cell-h-${column}`);
      if (current && anchor) this.showMenu(current, anchor);
    } else return;
    event.preventDefault();
  }

  private openLine(line: number): void {
    const [task] = this.tasksOf(line);
    if (task !== undefined) this.actions.open(task);
  }

  /** Line -1 is the header. */
  private moveTo(line: number, column: number): void {
    this.cursor = {
      line: Math.max(-1, Math.min(this.lines.length - 1, line)),
      column: Math.max(0, Math.min(this.columns.length - 1, column)),
    };
    this.reveal(this.cursor.line);
    this.revealColumn(this.cursor.column);
    this.drawSoon();
    this.markCursor();
  }

  private reveal(line: number): void {
    if (line < 0) return;
    const { element } = this;
    const top = line * ROW_HEIGHT;
    const height = element.clientHeight - HEADER_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_HEIGHT > element.scrollTop + height) element.scrollTop = top + ROW_HEIGHT - height;
  }

  private revealColumn(column: number): void {
    const pinned = this.page?.derived.pinnedCount ?? 0;
    if (column < pinned) return;
    const sum = (from: number, to: number): number => this.widths.slice(from, to).reduce((a, b) => a + b, 0);
    const left = sum(pinned, column);
    const room = this.element.clientWidth - sum(0, pinned);
    if (left < this.element.scrollLeft) this.element.scrollLeft = left;
    else if (left + (this.widths[column] ?? 0) > this.element.scrollLeft + room)
      this.element.scrollLeft = left + (this.widths[column] ?? 0) - room;
  }

  /** What was selected in a chart comes into view. */
  private revealSelected({ view, rowOf }: Page): void {
    const task = view.selected.at(-1);
    const row = task === undefined ? undefined : rowOf.get(task);
    if (row === undefined || this.element.contains(document.activeElement)) return;
    const line = this.lines.findIndex(({ rows }) => rows.includes(row));
    if (line < 0) return;
    this.cursor = { ...this.cursor, line };
    this.reveal(line);
  }

  private markCursor(): void {
    for (const marked of this.element.querySelectorAll('.cursor')) marked.classList.remove('cursor');
    const { line, column } = this.cursor;
    const id = line < 0 ? `cell-h-${column}` : `cell-${line}-${column}`;
    const cell = this.element.querySelector(`#${id}`);
    cell?.classList.add('cursor');
    if (cell) this.element.setAttribute('aria-activedescendant', id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  private lineAt(event: Event): number | undefined {
    const row = event.target instanceof Element ? event.target.closest('[data-line]') : null;
    return row ? Number(row.getAttribute('data-line')) : undefined;
  }

  private tasksOf(line: number): number[] {
    return (this.lines[line]?.rows ?? []).map((row) => this.page?.table.tasks[row] ?? 0);
  }
}
