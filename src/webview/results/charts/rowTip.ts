import { cellText } from '../../../core/results/cellText';
import { stateAt } from '../../../core/results/resultTable';
import type { Page } from '../pageStore';
import { formatNumber } from './frame';
import { l10n } from '../l10n';

/** Lines of a tip about a row: its task, then what it has in some columns. */
export function rowTip(page: Page, row: number, ids: readonly string[]): string[] {
  const names = [...new Set([...ids, ...(page.derived.objective ? [page.derived.objective.id] : [])])];
  return [
    `${l10n.t('Task {0}', page.table.tasks[row] ?? '')} · ${stateAt(page.table, row)}`,
    ...names.flatMap((id) => {
      const value = page.derived.byId.get(id)?.cell(row);
      if (value === undefined) return [];
      return [`${id} = ${typeof value === 'number' ? formatNumber(value) : cellText(value)}`];
    }),
  ];
}
