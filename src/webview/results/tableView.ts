import type { ColumnAccess } from '../../core/results/tableColumns';
import { showColumnMenu, sortBy } from './columnMenu';
import { TableLines } from './model/tableLines';
import { selectTask } from './model/selection';
import type { Page, PageStore } from './pageStore';
import { movedBy, within, type CellPlace } from './tableCursor';
import { TableGrid } from './tableGrid';

export interface TableActions {
  open(task: number): void;
  setObjective(metric: string): void;
}

/**
 * The table under mouse and keys, a grid for screen readers too: arrows move, Enter opens or sorts, Space selects, the menu
 * key or F10 with Shift shows what a column can do.
 */
export class TableView {
  private readonly grid: TableGrid;
  private page: Page | undefined;
  private lines = new TableLines({ rows: [] });
  private columns: readonly ColumnAccess[] = [];
  private cursor: CellPlace = { line: 0, column: 0 };

  constructor(
    private readonly store: PageStore,
    private readonly actions: TableActions,
  ) {
    this.grid = new TableGrid({
      sort: (column) => {
        sortBy(store, column);
      },
      showMenu: (column, anchor) => {
        this.showMenu(column, anchor);
      },
    });
    const { element, canvas } = this.grid;
    element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    canvas.addEventListener('mousedown', (event) => {
      // Text stays as it is when rows are selected with Shift.
      if (event.shiftKey) event.preventDefault();
    });
    canvas.addEventListener('click', (event) => {
      this.onClick(event);
    });
    canvas.addEventListener('dblclick', (event) => {
      const line = lineAt(event);
      if (line !== undefined) this.openLine(line);
    });
  }

  get element(): HTMLElement {
    return this.grid.element;
  }

  show(page: Page): void {
    const before = this.page;
    this.page = page;
    this.lines = new TableLines(page.derived);
    this.columns = columnsOf(page);
    this.cursor = within(this.cursor, this.extent);
    if (before && before.view.selected !== page.view.selected) this.revealSelected(page);
    this.grid.show({ page, lines: this.lines, columns: this.columns }, this.cursor);
  }

  private get extent() {
    return { lines: this.lines.length, columns: this.columns.length, page: this.grid.page };
  }

  private showMenu(column: ColumnAccess, anchor: HTMLElement): void {
    showColumnMenu(this.store, column, anchor, (metric) => {
      this.actions.setObjective(metric);
    });
  }

  private onClick(event: MouseEvent): void {
    const line = lineAt(event);
    if (line === undefined) return;
    const cell = event.target instanceof Element ? event.target.closest('[aria-colindex]') : null;
    this.cursor = { line, column: Number(cell?.getAttribute('aria-colindex') ?? 1) - 1 };
    this.selectLine(line, { add: event.ctrlKey || event.metaKey, range: event.shiftKey });
  }

  private selectLine(line: number, how: { readonly add: boolean; readonly range: boolean }): void {
    // What was selected a moment ago may not be drawn yet.
    const { page } = this.store;
    const tasks = this.tasksOf(this.lines.at(line).rows);
    const [first] = tasks;
    if (!page || first === undefined) return;
    if (tasks.length === 1) {
      const order = how.range ? this.tasksOf(this.lines.rows) : [];
      this.store.update({ selected: selectTask(page.view.selected, first, how, order) });
      return;
    }
    const isSelected = tasks.every((task) => page.view.selected.includes(task));
    const others = how.add ? page.view.selected.filter((task) => !tasks.includes(task)) : [];
    this.store.update({ selected: isSelected ? others : [...others, ...tasks] });
  }

  private onKey(event: KeyboardEvent): void {
    const to = movedBy(event, this.cursor, this.extent);
    if (to) {
      this.cursor = to;
      this.grid.moveTo(to);
    } else if (!this.act(event)) return;
    event.preventDefault();
  }

  /** @returns whether the key does something */
  private act({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
    const { line, column } = this.cursor;
    const current = this.columns[column];
    if (key === ' ') this.selectLine(line, { add: true, range: false });
    else if (key === 'Enter' && line < 0 && current) sortBy(this.store, current);
    else if (key === 'Enter') this.openLine(line);
    else if (key === 'a' && (ctrlKey || metaKey))
      this.store.update({ selected: this.tasksOf(this.lines.rows) });
    else if (key === 'Escape') this.store.update({ selected: [] });
    else if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) {
      const anchor = this.grid.headerOf(column);
      if (current && anchor) this.showMenu(current, anchor);
    } else return false;
    return true;
  }

  private openLine(line: number): void {
    const [task] = this.tasksOf(this.lines.at(line).rows);
    if (task !== undefined) this.actions.open(task);
  }

  /** What was selected in a chart comes into view. */
  private revealSelected({ view, rowOf }: Page): void {
    const task = view.selected.at(-1);
    const row = task === undefined ? undefined : rowOf(task);
    if (row === undefined || this.element.contains(document.activeElement)) return;
    const line = this.lines.indexOf(row);
    if (line < 0) return;
    this.cursor = { ...this.cursor, line };
    this.grid.reveal(line);
  }

  private tasksOf(rows: readonly number[]): number[] {
    return rows.map((row) => this.page?.table.tasks[row] ?? 0);
  }
}

/** Of averages neither states nor what is averaged over. */
function columnsOf({ derived, view }: Page): readonly ColumnAccess[] {
  if (!derived.groups) return derived.visible;
  const over = new Set(view.averageOver);
  return derived.visible.filter(
    ({ kind, id }) => kind !== 'state' && !(kind === 'parameter' && over.has(id)),
  );
}

function lineAt(event: Event): number | undefined {
  const row = event.target instanceof Element ? event.target.closest('[data-line]') : null;
  return row ? Number(row.getAttribute('data-line')) : undefined;
}
