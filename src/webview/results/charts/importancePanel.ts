import {
  importanceOf,
  importancePrint,
  MIN_TASKS,
  type ImportanceReport,
} from '../../../core/results/importance';
import { button, fill, h } from '../dom';
import { runInSlices } from '../slices';
import type { Page } from '../pageStore';
import { l10n } from '../l10n';

/** While tasks run, the values change with every look at their files. */
const PAUSE_MS = 30_000;

/**
 * What the objective depends on, as bars in a table, with the method and how far it can be trusted. Computed in slices,
 * at once when the user wants to see something else, and seldom when only values came in.
 */
export class ImportancePanel {
  private readonly result = h('div', {});
  private readonly note = h('p', { class: 'remark', role: 'status', hidden: true });
  readonly element = h('div', { class: 'importance' }, this.note, this.result);
  private page: Page | undefined;
  /** What the user chose, and what was measured, when the last computation began. */
  private wish = '';
  private print = 0;
  private doneAt = -Infinity;
  private stop: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private seen: readonly unknown[] = [];

  show(page: Page): void {
    this.page = page;
    const { derived, view } = page;
    const wish = JSON.stringify([derived.objective?.id, view.value, view.filter, view.brushes]);
    const seen = [page.table, derived.rows, wish];
    if (seen.every((part, index) => part === this.seen[index])) return;
    this.seen = seen;
    const print = importancePrint(derived.rows, derived.objective);
    if (wish === this.wish && print === this.print) return;
    clearTimeout(this.timer);
    const restMs = this.doneAt + PAUSE_MS - performance.now();
    if (wish !== this.wish || (restMs <= 0 && !this.stop)) this.compute();
    // What is under way looks again when it is done.
    else if (!this.stop) this.wait(Math.max(0, restMs));
  }

  /** Values changed: the picture stays for a while, or until the user asks. */
  private wait(restMs: number): void {
    if (this.note.hidden) this.showNote();
    this.timer = setTimeout(() => {
      // A panel that is not seen is asked again when it is.
      if (this.element.hidden) this.seen = [];
      else this.compute();
    }, restMs);
  }

  private showNote(): void {
    const update = button(l10n.t('Update Now'), () => {
      this.compute();
    });
    fill(this.note, `${l10n.t('Tasks have new values since this was computed.')} `, update);
    this.note.hidden = false;
  }

  private compute(): void {
    if (!this.page) return;
    clearTimeout(this.timer);
    this.stop?.();
    const { derived, view } = this.page;
    const { objective: metric, rows } = derived;
    this.wish = JSON.stringify([metric?.id, view.value, view.filter, view.brushes]);
    this.print = importancePrint(rows, metric);
    if (!metric) {
      this.finish(emptyText(l10n.t('There is no metric yet that parameters could matter for.')));
      return;
    }
    const parameters = derived.columns.filter(({ kind }) => kind === 'parameter');
    this.element.setAttribute('aria-busy', 'true');
    this.stop = runInSlices(importanceOf(rows, parameters, metric), (report) => {
      if (report) this.finish(tableOf(report, metric.id), remarkOf(report, metric.id));
      else
        this.finish(
          emptyText(
            l10n.t(
              'At least {0} tasks with {1} and a parameter that differs among them are needed.',
              MIN_TASKS,
              metric.id,
            ),
          ),
        );
    });
  }

  private finish(...content: readonly HTMLElement[]): void {
    this.stop = undefined;
    this.doneAt = performance.now();
    this.element.setAttribute('aria-busy', 'false');
    this.note.hidden = true;
    fill(this.result, ...content);
    // What came in meanwhile.
    this.seen = [];
    if (this.page && !this.element.hidden) this.show(this.page);
  }
}

function emptyText(text: string): HTMLElement {
  return h('p', { class: 'empty' }, text);
}

function tableOf({ importances }: ImportanceReport, metric: string): HTMLElement {
  return h(
    'table',
    { 'aria-label': l10n.t('Importance of the parameters for {0}', metric) },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, l10n.t('Parameter')),
        h('th', { scope: 'col' }, l10n.t('Importance')),
        h('th', { scope: 'col' }, l10n.t('Correlation')),
      ),
    ),
    h(
      'tbody',
      {},
      ...importances.map(({ name, share, correlation }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, name),
          h('td', {}, bar(share, 'bar'), h('span', { class: 'amount' }, share.toFixed(3))),
          Number.isNaN(correlation)
            ? h('td', { class: 'none' }, l10n.t('no numbers'))
            : h(
                'td',
                {},
                bar(Math.abs(correlation), correlation < 0 ? 'bar negative' : 'bar positive'),
                h('span', { class: 'amount' }, signed(correlation)),
              ),
        ),
      ),
    ),
  );
}

function bar(share: number, style: string): HTMLElement {
  const inner = h('span', { class: style });
  inner.style.width = `${Math.round(share * 100)}%`;
  return h('span', { class: 'track', 'aria-hidden': 'true' }, inner);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

function remarkOf({ tasks, fit }: ImportanceReport, metric: string): HTMLElement {
  const r2 = fit.toFixed(2);
  const texts = [
    l10n.t(
      'Random forest on the ranks of the values (60 trees, mean decrease in variance) and Spearman rank correlation, over the {0} tasks of the table that have {1}.',
      tasks,
      metric,
    ),
    fit < 0.3
      ? l10n.t(
          'The forest explains little of {0} (R² {1} on tasks it has not seen), so do not rely on this.',
          metric,
          r2,
        )
      : l10n.t('R² {0} on tasks it has not seen.', r2),
    l10n.t('A relation is no cause.'),
  ];
  return h('p', { class: 'remark' }, texts.join(' '));
}
