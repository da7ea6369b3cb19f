import { stateAt } from '../../core/results/resultTable';
import type { TaskView } from '../../core/results/page/protocol';
import { button, fill, h } from './dom';
import type { Page, PageStore } from './pageStore';

export interface SelectionActions {
  open(task: number, view: TaskView): void;
  rerun(tasks: readonly number[]): void;
}

/** What can be done with the selected tasks. */
export class SelectionBar {
  readonly element = h('div', { class: 'selection', role: 'toolbar', 'aria-label': 'The selected tasks' });
  private key = '';

  constructor(
    private readonly store: PageStore,
    private readonly actions: SelectionActions,
  ) {}

  show(page: Page): void {
    const { selected } = page.view;
    this.element.hidden = selected.length === 0;
    const key = JSON.stringify([selected, page.sweep.mayRun, page.view.tab]);
    if (key === this.key) return;
    this.key = key;
    const [task] = selected;
    if (task === undefined) fill(this.element);
    else if (selected.length === 1) fill(this.element, ...this.single(page, task));
    else fill(this.element, ...this.several(page, selected));
  }

  private single(page: Page, task: number): HTMLElement[] {
    const row = page.rowOf.get(task);
    const state = row === undefined ? 'waiting' : stateAt(page.table, row);
    const hasFailed = state === 'failed' || state === 'lost';
    const open = (text: string, view: TaskView): HTMLElement =>
      button(text, () => {
        this.actions.open(task, view);
      });
    return [
      h('strong', {}, `Task ${task}`),
      ...(hasFailed ? [open('Error Summary', 'summary')] : []),
      open('Standard Output', 'stdout'),
      open('Standard Error', 'stderr'),
      open('Folder', 'folder'),
      ...this.ending(page, [task]),
    ];
  }

  private several(page: Page, tasks: readonly number[]): HTMLElement[] {
    return [
      h('strong', {}, `${tasks.length} tasks`),
      button('Compare', () => {
        this.store.update({ tab: 'compare', chartsShown: true });
      }),
      button('Learning Curves', () => {
        this.store.update({ tab: 'curves', chartsShown: true });
      }),
      ...this.ending(page, tasks),
    ];
  }

  private ending({ sweep }: Page, tasks: readonly number[]): HTMLElement[] {
    return [
      button(
        'Run Again',
        () => {
          this.actions.rerun(tasks);
        },
        { disabled: !sweep.mayRun },
      ),
      button('Clear Selection', () => {
        this.store.update({ selected: [] });
      }),
    ];
  }
}
