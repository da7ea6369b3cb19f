import type { SweepState, TaskState } from '../../core/engine/taskState';
import type { L10n } from './l10n';

/** The word for a task's state, as people read it. */
export function taskStateWord(l10n: L10n, state: TaskState): string {
  switch (state) {
    case 'waiting':
      return l10n.t('waiting');
    case 'queued':
      return l10n.t('queued');
    case 'running':
      return l10n.t('running');
    case 'succeeded':
      return l10n.t('succeeded');
    case 'failed':
      return l10n.t('failed');
    case 'cancelled':
      return l10n.t('cancelled');
    case 'lost':
      return l10n.t('lost');
  }
}

/** The word for a sweep's state, as people read it. */
export function sweepStateWord(l10n: L10n, state: SweepState): string {
  switch (state) {
    case 'running':
      return l10n.t('running');
    case 'paused':
      return l10n.t('paused');
    case 'stopping':
      return l10n.t('stopping');
    case 'cancelling':
      return l10n.t('cancelling');
    case 'succeeded':
      return l10n.t('succeeded');
    case 'failed':
      return l10n.t('failed');
    case 'cancelled':
      return l10n.t('cancelled');
  }
}

/** `1 task`, `24 tasks`. */
export function taskCount(l10n: L10n, count: number): string {
  return count === 1 ? l10n.t('1 task') : l10n.t('{0} tasks', count);
}
