import type { TaskCounts } from '../../core/engine/taskState';
import type { L10n } from '../text/l10n';

/** What cancelling costs, in numbers: "Cancel kills 8 running and drops 120 queued tasks." */
export function cancelDetail(l10n: L10n, counts: TaskCounts): string {
  const { running } = counts;
  const queued = counts.waiting + counts.queued;
  if (running > 0 && queued > 0) {
    return l10n.t('Cancel kills {0} running and drops {1} queued tasks.', running, queued);
  }
  if (running > 0) return l10n.t('Cancel kills {0} running tasks.', running);
  return l10n.t('Cancel drops {0} queued tasks.', queued);
}
