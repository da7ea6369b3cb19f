import {
  importanceOf,
  IMPORTANCE_METHOD,
  MIN_TASKS,
  type ImportanceReport,
} from '../../../core/results/importance';
import { fill, h } from '../dom';
import type { Page } from '../pageStore';

/** What the objective depends on, as bars in a table, with the method and how far it can be trusted. */
export class ImportancePanel {
  readonly element = h('div', { class: 'importance' });
  private key: readonly unknown[] = [];

  show({ derived, objective, table }: Page): void {
    // It takes a moment: only when something changed that it rests on.
    const key = [table, derived.rows, derived.objective?.id, objective?.goal];
    if (key.every((part, index) => part === this.key[index])) return;
    this.key = key;
    const metric = derived.objective;
    if (!metric) {
      fill(
        this.element,
        h('p', { class: 'empty' }, 'There is no metric yet that parameters could matter for.'),
      );
      return;
    }
    const parameters = derived.columns.filter(({ kind }) => kind === 'parameter');
    const report = importanceOf(derived.rows, parameters, metric);
    if (!report) {
      const text = `At least ${MIN_TASKS} tasks with ${metric.id} and a parameter that differs among them are needed.`;
      fill(this.element, h('p', { class: 'empty' }, text));
      return;
    }
    fill(this.element, tableOf(report, metric.id), remarkOf(report, metric.id));
  }
}

function tableOf({ importances }: ImportanceReport, metric: string): HTMLElement {
  return h(
    'table',
    { 'aria-label': `Importance of the parameters for ${metric}` },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Parameter'),
        h('th', { scope: 'col' }, 'Importance'),
        h('th', { scope: 'col' }, 'Correlation'),
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
            ? h('td', { class: 'none' }, 'no numbers')
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
  const trust =
    fit < 0.3
      ? `The forest explains little of ${metric} (R² ${fit.toFixed(2)} on tasks it has not seen), so do not rely on this.`
      : `R² ${fit.toFixed(2)} on tasks it has not seen.`;
  return h(
    'p',
    { class: 'remark' },
    `${IMPORTANCE_METHOD}, over the ${tasks} tasks of the table that have ${metric}. ${trust} A relation is no cause.`,
  );
}
