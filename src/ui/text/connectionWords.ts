import type { ConnectionState } from '../../core/compute/hostConnections';
import type { L10n } from './l10n';

/** The word for a connection, as people read it. */
export function connectionWord(l10n: L10n, state: ConnectionState): string {
  switch (state.kind) {
    case 'disconnected':
      return state.byUser === true ? l10n.t('disconnected by you') : l10n.t('not connected');
    case 'connecting':
      return l10n.t('connecting');
    case 'connected':
      return l10n.t('connected');
    case 'waiting':
      return l10n.t('connection lost');
    case 'refused':
      return l10n.t('needs your attention');
  }
}
