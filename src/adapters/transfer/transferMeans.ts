import type { Logger } from '../../core/base/logger';
import type { StreamHost } from '../host/streamHost';
import type { TransferTools } from './transferTools';

/** What a transfer works with. */
export interface TransferMeans {
  readonly host: StreamHost;
  readonly tools: TransferTools;
  readonly method: 'rsync' | 'tar';
  readonly log: Logger;
}
