import { seedColumns } from '../../core/results/groupRows';
import { guessGoal, type Goal } from '../../core/results/objective';
import { button, fill, h, select } from './dom';
import { without } from './charts/parallelChart';
import { formatNumber } from './charts/frame';
import type { Page, PageStore } from './pageStore';
import { showMenu, type MenuItem } from './popup';
import { l10n } from './l10n';

export interface ToolbarActions {
  setObjective(metric: string, goal: Goal): void;
  exportTable(format: 'csv' | 'json'): void;
  exportImage(format: 'png' | 'svg'): void;
  exportNotebook(): void;
}

/** The head of the page: the sweep, the filter, what is shown and how. */
export class Toolbar {
  readonly element = h('header', {});
  readonly parts: readonly HTMLElement[];
  private readonly title = h('div', { class: 'title' });
  private readonly filter = h('input', {
    type: 'text',
    class: 'filter',
    spellcheck: 'false',
    placeholder: l10n.t('Filter, e.g. {0}', 'lr < 0.01 and state == succeeded'),
    'aria-label': l10n.t('Filter the tasks'),
    'aria-describedby': 'filter-problem',
    oninput: () => {
      this.store.update({ filter: this.filter.value });
    },
  });
  private readonly problem = h('div', { id: 'filter-problem', class: 'problem', role: 'status' });
  private readonly count = h('span', { class: 'count', 'aria-live': 'polite' });
  private readonly fields = h('div', { class: 'fields' });
  private readonly chips = h('div', { class: 'chips' });

  constructor(
    private readonly store: PageStore,
    private readonly actions: ToolbarActions,
  ) {
    const line = h('div', { class: 'filter-line' }, this.filter, this.count);
    this.parts = [this.title, h('div', { class: 'tools' }, line, this.fields), this.problem, this.chips];
  }

  show(page: Page): void {
    fill(
      this.title,
      h('h1', {}, page.sweep.name),
      h('span', { class: 'status' }, page.sweep.status),
      this.best(page),
      h('span', { class: 'origin', title: remarksText(page) }, originText(page)),
    );
    if (document.activeElement !== this.filter) this.filter.value = page.view.filter;
    const { problem } = page.derived;
    this.filter.setAttribute('aria-invalid', String(problem !== undefined));
    this.problem.textContent = problem ? `${problem.message} ${pointer(page.view.filter, problem.from)}` : '';
    this.problem.hidden = problem === undefined;
    this.count.textContent = countText(page);
    this.showChips(page);
    if (!this.fields.contains(document.activeElement) || document.activeElement instanceof HTMLButtonElement)
      this.showFields(page);
  }

  /** The best task so far, one click away. */
  private best({ derived, table }: Page): HTMLElement | undefined {
    const { best: row } = derived;
    if (row === undefined || !derived.objective) return undefined;
    const task = table.tasks[row] ?? 0;
    const value = formatNumber(derived.objective.number(row));
    return button(
      l10n.t('Best: task {0}, {1} = {2}', task, derived.objective.id, value),
      () => {
        this.store.update({ selected: [task] });
      },
      { class: 'link' },
    );
  }

  private showChips({ view }: Page): void {
    const chips = Object.entries(view.brushes).map(([id, { low, high }]) =>
      h(
        'span',
        { class: 'chip' },
        l10n.t('{0}: {1} to {2}', id, formatNumber(low), formatNumber(high)),
        button(
          '×',
          () => {
            this.store.update({ brushes: without(view.brushes, id) });
          },
          { class: 'chip-close', 'aria-label': l10n.t('Remove the brush on {0}', id) },
        ),
      ),
    );
    const clear =
      chips.length > 1
        ? [
            button(
              l10n.t('Clear All'),
              () => {
                this.store.update({ brushes: {} });
              },
              { class: 'link' },
            ),
          ]
        : [];
    fill(this.chips, ...chips, ...clear);
    this.chips.hidden = chips.length === 0;
  }

  private showFields(page: Page): void {
    const focused = document.activeElement?.id;
    fill(this.fields, ...this.objectiveFields(page), this.valueField(page), ...this.menus(page));
    if (focused !== undefined && focused !== '') document.getElementById(focused)?.focus();
  }

  private objectiveFields({ table, objective }: Page): HTMLElement[] {
    const metrics = table.metrics.map(({ name }) => ({ value: name, text: name }));
    if (metrics.length === 0) return [];
    const label = objective?.from === 'guessed' ? l10n.t('Objective (guessed)') : l10n.t('Objective');
    return [
      select(label, metrics, objective?.metric ?? '', (metric) => {
        this.actions.setObjective(metric, objective?.metric === metric ? objective.goal : guessGoal(metric));
      }),
      select(
        l10n.t('Goal'),
        [
          { value: 'maximize', text: l10n.t('maximize') },
          { value: 'minimize', text: l10n.t('minimize') },
        ],
        objective?.goal ?? 'maximize',
        (goal) => {
          if (objective)
            this.actions.setObjective(objective.metric, goal === 'minimize' ? 'minimize' : 'maximize');
        },
      ),
    ];
  }

  private valueField({ view, table }: Page): HTMLElement | undefined {
    if (!table.metrics.some(({ lows }) => lows)) return undefined;
    return select(
      l10n.t('Metrics show'),
      [
        { value: 'last', text: l10n.t('last') },
        { value: 'min', text: l10n.t('smallest') },
        { value: 'max', text: l10n.t('largest') },
      ],
      view.value,
      (value) => {
        this.store.update({ value: value === 'min' || value === 'max' ? value : 'last' });
      },
    );
  }

  private menus(page: Page): HTMLElement[] {
    const menu = (id: string, text: string, items: () => readonly MenuItem[]): HTMLElement => {
      const anchor = button(
        text,
        () => {
          showMenu(anchor, text, items());
        },
        { id, 'aria-haspopup': 'menu' },
      );
      return anchor;
    };
    const seeds = seedColumns(page.derived.columns);
    const average =
      page.view.averageOver.length > 0
        ? l10n.t('Averaged over {0}', page.view.averageOver.join(', '))
        : l10n.t('Average over…');
    const parameters = page.derived.columns.filter(({ kind }) => kind === 'parameter');
    const { chartsShown, averageOver } = page.view;
    return [
      menu('columns', l10n.t('Columns…'), () => this.columnItems(page)),
      menu('average', average, () =>
        [...seeds, ...parameters.filter((column) => !seeds.includes(column))].map(({ id }) => ({
          text: id,
          isChecked: averageOver.includes(id),
          act: () => {
            this.store.update({
              averageOver: averageOver.includes(id)
                ? averageOver.filter((each) => each !== id)
                : [...averageOver, id],
            });
          },
        })),
      ),
      menu('export', l10n.t('Export…'), () => [
        {
          text: l10n.t('Table as CSV'),
          act: () => {
            this.actions.exportTable('csv');
          },
        },
        {
          text: l10n.t('Table as JSON'),
          act: () => {
            this.actions.exportTable('json');
          },
        },
        {
          text: l10n.t('Chart as PNG'),
          isDisabled: !hasPicture(page),
          act: () => {
            this.actions.exportImage('png');
          },
        },
        {
          text: l10n.t('Chart as SVG'),
          isDisabled: !hasPicture(page),
          act: () => {
            this.actions.exportImage('svg');
          },
        },
        {
          text: l10n.t('Jupyter Notebook'),
          act: () => {
            this.actions.exportNotebook();
          },
        },
      ]),
      button(
        chartsShown ? l10n.t('Hide Charts') : l10n.t('Show Charts'),
        () => {
          this.store.update({ chartsShown: !chartsShown });
        },
        { id: 'charts', 'aria-expanded': String(chartsShown), 'aria-controls': 'charts-area' },
      ),
    ];
  }

  private columnItems({ derived, view }: Page): MenuItem[] {
    const visible = new Set(derived.visible.map(({ id }) => id));
    return derived.columns
      .filter(({ kind }) => kind !== 'task')
      .map(({ id }) => ({
        text: id,
        isChecked: visible.has(id),
        act: () => {
          const isVisible = visible.has(id);
          this.store.update({
            hidden: isVisible ? [...view.hidden, id] : view.hidden.filter((each) => each !== id),
            shown: isVisible ? view.shown.filter((each) => each !== id) : [...view.shown, id],
          });
        },
      }));
  }
}

function hasPicture({ view }: Page): boolean {
  return view.chartsShown && view.tab !== 'importance' && view.tab !== 'compare';
}

function countText({ derived, table, view }: Page): string {
  const all = table.tasks.length;
  const shown = derived.rows.length;
  return [
    shown === all ? l10n.t('{0} tasks', all) : l10n.t('{0} of {1} tasks', shown, all),
    ...(derived.groups ? [l10n.t('{0} groups', derived.groups.length)] : []),
    ...(view.selected.length > 0 ? [l10n.t('{0} selected', view.selected.length)] : []),
  ].join(', ');
}

/** Where the metrics come from. */
function originText({ table }: Page): string {
  if (table.metrics.length === 0) return l10n.t('No task has written metrics yet.');
  const named = table.origins
    .slice(0, 2)
    .map(({ file, how }) =>
      how === 'found' ? l10n.t('{0} (found)', file) : l10n.t('{0} (configured)', file),
    )
    .join(', ');
  const more = table.origins.length - 2;
  const files =
    more > 0 ? l10n.t('Metrics from {0} and {1} more files', named, more) : l10n.t('Metrics from {0}', named);
  const remarks = table.problems.length;
  return [
    ...(named === '' ? [] : [files]),
    ...(remarks > 0 ? [l10n.t('Tasks with remarks on their files: {0}', remarks)] : []),
  ].join(' · ');
}

/** The first of them; each task has its own beside its buttons. */
function remarksText({ table }: Page): string | undefined {
  if (table.problems.length === 0) return undefined;
  const some = table.problems.slice(0, 10);
  return some.map(({ task, problems }) => `${l10n.t('Task {0}', task)}: ${problems.join(' ')}`).join('\n');
}

function pointer(text: string, from: number): string {
  const rest = text.slice(from, from + 20);
  return rest === '' ? l10n.t('At the end.') : l10n.t('At “{0}”.', rest);
}
