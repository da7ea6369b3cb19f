import { cellText } from '../../../core/results/cellText';
import { stateAt } from '../../../core/results/resultTable';
import type { ColumnAccess } from '../../../core/results/tableColumns';
import type { DiffKind } from '../../../core/results/page/protocol';
import { button, checkbox, fill, h } from '../dom';
import type { Page } from '../pageStore';
import { formatCell } from '../model/columnWidths';
import { bestRow } from '../model/derive';
import { l10n } from '../l10n';

/** More columns cannot be read side by side. */
const MOST_TASKS = 12;

/** The selected tasks side by side: parameters, metrics, and the way to differences of their files. */
export class ComparePanel {
  readonly element = h('div', { class: 'compare' });
  private onlyDiffering = true;
  private last: Page | undefined;

  constructor(private readonly diff: (tasks: readonly [number, number], of: DiffKind) => void) {}

  show(page: Page): void {
    this.last = page;
    const tasks = page.view.selected.filter((task) => page.rowOf(task) !== undefined).slice(0, MOST_TASKS);
    if (tasks.length < 2) {
      fill(
        this.element,
        h(
          'p',
          { class: 'empty' },
          l10n.t(
            'Select two or more tasks in the table or a chart: Ctrl or Shift with a click, or Space on a row.',
          ),
        ),
      );
      return;
    }
    fill(this.element, this.controls(tasks), this.table(page, tasks));
  }

  private controls(tasks: readonly number[]): HTMLElement {
    const [first = 0, second = 0] = tasks;
    const differ = (text: string, of: DiffKind): HTMLElement =>
      button(text, () => {
        this.diff([first, second], of);
      });
    return h(
      'div',
      { class: 'controls' },
      checkbox(l10n.t('Only what differs'), this.onlyDiffering, (checked) => {
        this.onlyDiffering = checked;
        if (this.last) this.show(this.last);
      }),
      h('span', { class: 'controls-label' }, l10n.t('Tasks {0} and {1}:', first, second)),
      differ(l10n.t('Compare stdout'), 'stdout'),
      differ(l10n.t('Compare stderr'), 'stderr'),
      differ(l10n.t('Compare Files…'), 'files'),
    );
  }

  private table(page: Page, tasks: readonly number[]): HTMLElement {
    const rows = tasks.map((task) => page.rowOf(task) ?? 0);
    const section = (title: string, kinds: readonly string[]): HTMLElement[] => {
      const columns = page.derived.columns.filter(({ kind }) => kinds.includes(kind));
      const shown = columns.filter(
        (column) => isFilled(column, rows) && (!this.onlyDiffering || differs(column, rows)),
      );
      if (shown.length === 0) return [];
      return [
        h('tr', { class: 'section' }, h('th', { colspan: tasks.length + 1, scope: 'colgroup' }, title)),
        ...shown.map((column) => line(page, column, rows)),
      ];
    };
    return h(
      'table',
      { 'aria-label': l10n.t('The selected tasks side by side') },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', {}, ''),
          ...tasks.map((task, index) =>
            h(
              'th',
              { scope: 'col' },
              l10n.t('Task {0}', task),
              h('span', { class: 'state' }, stateAt(page.table, rows[index] ?? 0)),
            ),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...section(l10n.t('Parameters'), ['parameter']),
        ...section(l10n.t('Metrics'), ['metric']),
        ...section(l10n.t('Where and how long'), ['fact']),
      ),
    );
  }
}

function line(page: Page, column: ColumnAccess, rows: readonly number[]): HTMLElement {
  const best =
    column.id === page.derived.objective?.id
      ? bestRow(page.table, rows, column, page.objective?.goal)
      : undefined;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, column.id),
    ...rows.map((row) => h('td', { class: row === best ? 'best' : undefined }, textOf(column, row))),
  );
}

function textOf(column: ColumnAccess, row: number): string {
  return formatCell(column.cell(row));
}

function isFilled(column: ColumnAccess, rows: readonly number[]): boolean {
  return rows.some((row) => column.cell(row) !== undefined);
}

function differs(column: ColumnAccess, rows: readonly number[]): boolean {
  return new Set(rows.map((row) => cellText(column.cell(row)))).size > 1;
}
