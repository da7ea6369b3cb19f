import { indicesOf } from '../../../core/results/resultTable';
import type { ColumnAccess } from '../../../core/results/tableColumns';
import type { Page } from '../pageStore';

/**
 * Rows that an axis reaches over. Parameters stay where they are under any filter; of what was measured only what passes
 * counts, because one task that diverged would press all others together.
 */
export function scaleRows({ table, derived }: Page, { kind, column }: ColumnAccess): readonly number[] {
  // Brushes of texts count places among all texts.
  const isFixed = kind === 'parameter' || (column?.pool.length ?? 0) > 0;
  return isFixed || derived.filtered.length === 0 ? indicesOf(table) : derived.filtered;
}
