import { HsmError } from '../base/errors';
import type { Reason } from './comparison';

/** A sync that was not done, or not done whole, and why. */
export class ProjectSyncError extends HsmError<'sync.refused'> {
  override readonly name = 'ProjectSyncError';

  /** @param about - the source, and whether a push would help; of a start that was refused */
  constructor(
    message: string,
    reasons: readonly Reason[] = [],
    about: { readonly source?: string; readonly canPush?: boolean } = {},
  ) {
    const actions = reasons.map(({ action }) => action).filter((action) => action !== undefined);
    const text = [message, ...reasons.map((reason) => reason.text)].filter(Boolean).join(' ');
    const hint = [...new Set(actions)].join(' ');
    super('sync.refused', text, { reasons, ...about, ...(hint !== '' && { hint }) });
  }
}
