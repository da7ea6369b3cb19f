import { isAveraged, statisticsOf } from '../../core/results/groupRows';
import { stateAt } from '../../core/results/resultTable';
import type { ColumnAccess } from '../../core/results/tableColumns';
import { h } from './dom';
import { formatCell, type ColumnWindow } from './model/columnWidths';
import type { Line } from './model/tableLines';
import type { Page } from './pageStore';
import { l10n } from './l10n';

export const ROW_HEIGHT = 24;

/** What the elements of the table are made of. */
export interface TableLook {
  readonly page: Page;
  readonly columns: readonly ColumnAccess[];
  /** Pixels, for each column. */
  readonly widths: readonly number[];
  /** Of the columns that are not pinned, those on the screen. */
  readonly free: ColumnWindow;
}

export interface HeaderActions {
  sort(column: ColumnAccess): void;
  showMenu(column: ColumnAccess, anchor: HTMLElement): void;
}

/** The cells of the header. */
export function headerCells(look: TableLook, actions: HeaderActions): HTMLElement[] {
  const { page, widths } = look;
  const { sort } = page.view;
  return cellsOf(look, (column, index) => {
    const direction = sort?.column === column.id ? sort.direction : undefined;
    const objective = column.id === page.derived.objective?.id ? page.objective : undefined;
    const arrow = direction === undefined ? '' : direction === 'ascending' ? ' ↑' : ' ↓';
    const goal = objective ? (objective.goal === 'minimize' ? ' ◎ min' : ' ◎ max') : '';
    const more = h(
      'button',
      {
        type: 'button',
        class: 'more',
        tabindex: -1,
        'aria-label': l10n.t('What to do with column {0}', column.id),
        onclick: (event) => {
          event.stopPropagation();
          actions.showMenu(column, more);
        },
      },
      '⋯',
    );
    const cell = h(
      'div',
      {
        role: 'columnheader',
        id: `cell-h-${index}`,
        class: classOf(column),
        'aria-colindex': index + 1,
        'aria-label': column.id,
        'aria-sort': direction ?? 'none',
        title: titleOf(column),
        onclick: () => {
          actions.sort(column);
        },
      },
      h('span', { class: 'name' }, column.id),
      h('span', { class: 'sign' }, `${goal}${arrow}`),
      more,
    );
    cell.style.width = `${widths[index] ?? 0}px`;
    return cell;
  });
}

/** A line of the table. @param index - its place, from 0 */
export function rowElement(
  look: TableLook,
  line: Line,
  index: number,
  selected: ReadonlySet<number>,
): HTMLElement {
  const { page, widths } = look;
  const tasks = line.rows.map((row) => page.table.tasks[row] ?? 0);
  const isSelected = tasks.some((task) => selected.has(task));
  const { best, groups } = page.derived;
  const isBest = best !== undefined && !groups && line.rows[0] === best;
  const cells = cellsOf(look, (column, place) => {
    const text = lineText(page, column, line);
    const cell = h('div', {
      role: 'gridcell',
      id: `cell-${index}-${place}`,
      class: column.id === page.derived.objective?.id ? `${classOf(column)} objective` : classOf(column),
      'aria-colindex': place + 1,
    });
    if (column.kind === 'state')
      cell.append(
        h('span', { class: `dot ${stateAt(page.table, line.rows[0] ?? 0)}`, 'aria-hidden': 'true' }),
      );
    cell.append(text);
    if (text.length > 24) cell.title = text;
    if (isBest && column.kind === 'task')
      cell.append(
        h(
          'span',
          { class: 'best-mark', title: l10n.t('Best by {0}', page.objective?.metric ?? '') },
          ` ★ ${l10n.t('best')}`,
        ),
      );
    cell.style.width = `${widths[place] ?? 0}px`;
    return cell;
  });
  const row = h(
    'div',
    {
      class: `grid-row${isSelected ? ' selected' : ''}${isBest ? ' best-row' : ''}${index % 2 === 1 ? ' odd' : ''}`,
      role: 'row',
      'aria-rowindex': index + 2,
      'aria-selected': String(isSelected),
      'data-line': index,
    },
    ...cells,
  );
  row.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
  return row;
}

/** What a cell says: of a group the mean of its tasks. */
export function lineText(page: Page, column: ColumnAccess, line: Line): string {
  const [first = 0] = line.rows;
  if (!page.derived.groups) return formatCell(column.cell(first));
  if (column.kind === 'task')
    return line.rows.length === 1
      ? l10n.t('task {0}', page.table.tasks[first] ?? '')
      : l10n.t('{0} tasks', line.rows.length);
  if (!isAveraged(column)) return formatCell(column.cell(first));
  const { mean, deviation, count } = statisticsOf(line.counted ?? line.rows, column);
  if (count === 0) return typeof column.cell(first) === 'number' ? '' : formatCell(column.cell(first));
  const spread = Number.isNaN(deviation) ? '' : ` ± ${Number(deviation.toPrecision(2))}`;
  const missing = count < line.rows.length ? ` (${l10n.t('{0} of {1}', count, line.rows.length)})` : '';
  return `${Number(mean.toPrecision(5))}${spread}${missing}`;
}

/** Room for what stands beside the text: the dot of a state, the goal of the objective, the mark of the best. */
export function extraWidth({ derived }: Page, { id, kind }: ColumnAccess): number {
  if (kind === 'state') return 16;
  if (kind === 'task') return derived.objective ? 46 : 0;
  return id === derived.objective?.id ? 52 : 0;
}

/** Pinned cells, a gap as wide as what is scrolled away, then the cells on the screen. */
function cellsOf(
  { page, columns, widths, free }: TableLook,
  make: (column: ColumnAccess, index: number) => HTMLElement,
): HTMLElement[] {
  const { pinnedCount } = page.derived;
  let left = 0;
  const cells: HTMLElement[] = [];
  for (const [index, column] of columns.slice(0, pinnedCount).entries()) {
    const cell = make(column, index);
    cell.classList.add('pinned');
    cell.style.left = `${left}px`;
    left += widths[index] ?? 0;
    cells.push(cell);
  }
  const gap = h('span', { role: 'presentation', class: 'gap' });
  gap.style.width = `${free.before}px`;
  cells.push(gap);
  for (let index = pinnedCount + free.first; index < pinnedCount + free.end; index++) {
    const column = columns[index];
    if (column) cells.push(make(column, index));
  }
  return cells;
}

function classOf({ kind, column }: ColumnAccess): string {
  const isText =
    kind === 'state' || (column !== undefined && column.pool.length > 0 && !column.codes.includes(1));
  return `cell ${kind}${isText ? ' words' : ''}`;
}

function titleOf({ id, kind }: ColumnAccess): string {
  const titles = {
    task: l10n.t('Task: {0}. Click to sort.', id),
    state: l10n.t('State: {0}. Click to sort.', id),
    parameter: l10n.t('Parameter: {0}. Click to sort.', id),
    metric: l10n.t('Metric: {0}. Click to sort.', id),
    fact: l10n.t('Of the run: {0}. Click to sort.', id),
  };
  return titles[kind];
}
