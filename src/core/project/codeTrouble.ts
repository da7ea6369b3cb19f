import { foreignLine } from '../analysis/foreignLine';
import { HsmError } from '../base/errors';
import type { StartOptions } from '../facade';
import { decideStart, isNewThere, leftByPush, leftText } from '../sync/beforeStart';
import type { Comparison } from '../sync/comparison';
import type { SyncFacade } from '../sync/syncFacade';
import type { SyncSettings } from '../sync/syncSettings';
import type { CodeTrouble } from './preflight';
import { wishFor } from './projectCheckouts';

/**
 * How a start would be refused because of the user's copy on a source, or what it would run that is different here;
 * undefined: all is well.
 */
export async function codeTrouble(
  sync: Pick<SyncFacade, 'compare'>,
  source: string,
  { beforeStart }: SyncSettings,
  options: Pick<StartOptions, 'sync'>,
  signal: AbortSignal,
): Promise<CodeTrouble | undefined> {
  const wish = wishFor(source, options);
  if (beforeStart === 'never' || wish === 'skip') return undefined;
  try {
    const comparison = await sync.compare(source, signal);
    decideStart(comparison, beforeStart, wish);
    return remaining(comparison);
  } catch (error) {
    // What keeps the comparison from being made keeps the start, too.
    if (!(error instanceof HsmError)) throw error;
    const { details } = error as HsmError;
    const hint = 'hint' in details ? details.hint : undefined;
    const canPush = HsmError.is(error, 'sync.refused') && error.details.canPush === true;
    return { text: error.message, canPush, ...(hint !== undefined && { fix: hint }) };
  }
}

/** What tasks would see that the workspace has differently, though the user has decided already. */
function remaining(comparison: Comparison): CodeTrouble | undefined {
  const text = leftText(leftByPush(comparison).filter((file) => !isNewThere(file)));
  return text === undefined ? undefined : { text: foreignLine(text), severity: 'warning', canPush: true };
}
