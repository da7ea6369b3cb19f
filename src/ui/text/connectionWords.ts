import type { ConnectionState } from '../../core/compute/hostConnections';
import type { L10n } from './l10n';

/** The word for a connection, as people read it. */
export function connectionWord(l10n: L10n, { kind }: ConnectionState): string {
  switch (kind) {
    case 'disconnected':
      return l10n.t('not connected');
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
