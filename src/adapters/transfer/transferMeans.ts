import type { Logger } from '../../core/base/logger';
import type { StreamHost } from '../host/streamHost';
import type { TransferMethod } from './transfer';
import type { TransferTools } from './transferTools';

/** What a transfer works with. */
export interface TransferMeans {
  readonly host: StreamHost;
  readonly tools: TransferTools;
  readonly method: TransferMethod;
  readonly log: Logger;
}
