import type { TaskState } from '../../core/engine/taskState';
import { stateAt } from '../../core/results/resultTable';
import type { TaskView } from '../../core/results/page/protocol';
import { button, fill, h } from './dom';
import type { Page, PageStore } from './pageStore';
import { l10n } from './l10n';

export interface SelectionActions {
  open(task: number, view: TaskView): void;
  rerun(tasks: readonly number[]): void;
}

/** What can be done with the selected tasks. */
export class SelectionBar {
  readonly element = h('div', {
    class: 'selection',
    role: 'toolbar',
    'aria-label': l10n.t('The selected tasks'),
  });
  private key = '';

  constructor(
    private readonly store: PageStore,
    private readonly actions: SelectionActions,
  ) {}

  show(page: Page): void {
    const { selected } = page.view;
    this.element.hidden = selected.length === 0;
    // Of several tasks nothing depends on their states.
    const state = selected.length === 1 ? this.stateOf(page, selected[0]) : undefined;
    const remarks = selected.length === 1 ? remarksOf(page, selected[0]) : [];
    const key = JSON.stringify([selected, page.sweep.mayRun, page.view.tab, state, remarks]);
    if (key === this.key) return;
    this.key = key;
    const [task] = selected;
    if (task === undefined) fill(this.element);
    else if (selected.length === 1) fill(this.element, ...this.single(page, task));
    else fill(this.element, ...this.several(page, selected));
  }

  private single(page: Page, task: number): HTMLElement[] {
    const state = this.stateOf(page, task);
    const hasFailed = state === 'failed' || state === 'lost';
    const open = (text: string, view: TaskView): HTMLElement =>
      button(text, () => {
        this.actions.open(task, view);
      });
    return [
      h('strong', {}, l10n.t('Task {0}', task)),
      ...(hasFailed ? [open(l10n.t('Error Summary'), 'summary')] : []),
      open(l10n.t('Standard Output'), 'stdout'),
      open(l10n.t('Standard Error'), 'stderr'),
      open(l10n.t('Folder'), 'folder'),
      ...this.ending(page, [task]),
      ...remarksOf(page, task).map((text) => h('span', { class: 'task-remark' }, text)),
    ];
  }

  private stateOf({ rowOf, table }: Page, task = 0): TaskState {
    const row = rowOf(task);
    return row === undefined ? 'waiting' : stateAt(table, row);
  }

  private several(page: Page, tasks: readonly number[]): HTMLElement[] {
    return [
      h('strong', {}, l10n.t('{0} tasks', tasks.length)),
      button(l10n.t('Compare'), () => {
        this.store.update({ tab: 'compare', chartsShown: true });
      }),
      button(l10n.t('Learning Curves'), () => {
        this.store.update({ tab: 'curves', chartsShown: true });
      }),
      ...this.ending(page, tasks),
    ];
  }

  private ending({ sweep }: Page, tasks: readonly number[]): HTMLElement[] {
    return [
      button(
        l10n.t('Run Again'),
        () => {
          this.actions.rerun(tasks);
        },
        { disabled: !sweep.mayRun },
      ),
      button(l10n.t('Clear Selection'), () => {
        this.store.update({ selected: [] });
      }),
    ];
  }
}

/** What is wrong with a task's files. */
function remarksOf({ table }: Page, task = 0): readonly string[] {
  return table.problems.find((each) => each.task === task)?.problems ?? [];
}
