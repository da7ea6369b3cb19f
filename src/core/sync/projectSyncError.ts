import { HsmError } from '../base/errors';
import type { Reason } from './comparison';

/** A sync that was not done, or not done whole, and why. */
export class ProjectSyncError extends HsmError<'sync.refused'> {
  override readonly name = 'ProjectSyncError';

  constructor(message: string, reasons: readonly Reason[] = [], options?: ErrorOptions) {
    const actions = reasons.map(({ action }) => action).filter((action) => action !== undefined);
    const text = [message, ...reasons.map((reason) => reason.text)].join(' ');
    super('sync.refused', text, { reasons, ...(actions.length > 0 && { hint: actions.join(' ') }) }, options);
  }
}
