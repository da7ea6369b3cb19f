import { foreignLine } from '../analysis/foreignLine';
import { HsmError } from '../base/errors';
import type { Reason } from './comparison';

/** Reasons name files, and there may be many of them. */
const MAX_LENGTH = 20_000;

/** A sync that was not done, or not done whole, and why. File names of another machine are harmless in all its texts. */
export class ProjectSyncError extends HsmError<'sync.refused'> {
  override readonly name = 'ProjectSyncError';

  /** @param about - the source, and whether a push would help; of a start that was refused */
  constructor(
    message: string,
    reasons: readonly Reason[] = [],
    about: { readonly source?: string; readonly canPush?: boolean } = {},
  ) {
    const told = reasons.map(tellable);
    const actions = told.map(({ action }) => action).filter((action) => action !== undefined);
    const text = [message, ...told.map((reason) => reason.text)].filter(Boolean).join(' ');
    const hint = [...new Set(actions)].join(' ');
    super('sync.refused', foreignLine(text, MAX_LENGTH), {
      reasons: told,
      ...about,
      ...(hint !== '' && { hint }),
    });
  }
}

/** The reason in the words in which the user is told of it. */
export function tellable(reason: Reason): Reason {
  const { text, action } = reason;
  return {
    ...reason,
    text: foreignLine(text, MAX_LENGTH),
    ...(action !== undefined && { action: foreignLine(action, MAX_LENGTH) }),
  };
}

/** What a refusal asks the user, where their word is all that it takes; undefined for everything else. */
export function questionsOf(error: unknown): readonly Reason[] | undefined {
  if (!(error instanceof ProjectSyncError)) return undefined;
  const { reasons } = error.details;
  return reasons.length > 0 && reasons.every(({ blocks }) => !blocks) ? reasons : undefined;
}
