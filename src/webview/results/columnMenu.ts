import type { ColumnAccess } from '../../core/results/tableColumns';
import type { PageStore } from './pageStore';
import { showMenu } from './popup';
import { l10n } from './l10n';

/** Ascending, then descending, then as the tasks are numbered. */
export function sortBy(store: PageStore, column: ColumnAccess): void {
  const sort = store.page?.view.sort;
  const direction =
    sort?.column !== column.id ? 'ascending' : sort.direction === 'ascending' ? 'descending' : undefined;
  store.update({ sort: direction && { column: column.id, direction } });
}

/** What can be done with a column of the table. */
export function showColumnMenu(
  store: PageStore,
  column: ColumnAccess,
  anchor: HTMLElement,
  setObjective: (metric: string) => void,
): void {
  const { page } = store;
  if (!page) return;
  const { view } = page;
  const isPinned = view.pinned.includes(column.id);
  const sort = (direction: 'ascending' | 'descending') => () => {
    store.update({ sort: { column: column.id, direction } });
  };
  showMenu(anchor, l10n.t('Column {0}', column.id), [
    { text: l10n.t('Sort Ascending'), act: sort('ascending') },
    { text: l10n.t('Sort Descending'), act: sort('descending') },
    {
      text: l10n.t('Pin'),
      isChecked: isPinned || column.kind === 'task',
      isDisabled: column.kind === 'task',
      act: () => {
        store.update({
          pinned: isPinned ? view.pinned.filter((id) => id !== column.id) : [...view.pinned, column.id],
        });
      },
    },
    {
      text: l10n.t('Hide'),
      isDisabled: column.kind === 'task',
      act: () => {
        store.update({
          hidden: [...view.hidden, column.id],
          shown: view.shown.filter((id) => id !== column.id),
        });
      },
    },
    ...(column.kind === 'metric' && column.column
      ? [
          {
            text: l10n.t('Make It the Objective'),
            act: () => {
              setObjective(column.column?.name ?? column.id);
            },
          },
        ]
      : []),
    ...(column.kind === 'parameter'
      ? [
          {
            text: l10n.t('Average over It'),
            isChecked: view.averageOver.includes(column.id),
            act: () => {
              store.update({
                averageOver: view.averageOver.includes(column.id)
                  ? view.averageOver.filter((id) => id !== column.id)
                  : [...view.averageOver, column.id],
              });
            },
          },
        ]
      : []),
  ]);
}
