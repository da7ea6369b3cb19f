import { HsmError } from '../base/errors';
import type { StartOptions } from '../facade';
import { decideStart } from '../sync/beforeStart';
import type { SyncFacade } from '../sync/syncFacade';
import type { SyncSettings } from '../sync/syncSettings';
import type { CodeTrouble } from './preflight';

/** How a start would be refused because of the user's copy on a source; undefined: it would not be. */
export async function codeTrouble(
  sync: Pick<SyncFacade, 'compare'>,
  source: string,
  { beforeStart }: SyncSettings,
  { sync: wish }: StartOptions,
  signal: AbortSignal,
): Promise<CodeTrouble | undefined> {
  if (beforeStart === 'never' || wish === 'skip') return undefined;
  try {
    decideStart(await sync.compare(source, signal), beforeStart, wish);
    return undefined;
  } catch (error) {
    // What keeps the comparison from being made keeps the start, too.
    if (!(error instanceof HsmError)) throw error;
    const { details } = error as HsmError;
    const hint = 'hint' in details ? details.hint : undefined;
    const canPush = HsmError.is(error, 'sync.refused') && error.details.canPush === true;
    return { text: error.message, canPush, ...(hint !== undefined && { fix: hint }) };
  }
}
