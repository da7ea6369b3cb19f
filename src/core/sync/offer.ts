import type { Comparison, Direction, FileComparison, Offer, Safety, UnderCommits } from './comparison';
import { canGoAlone } from './fileChoice';
import { deletesBefore } from './placeTaken';
import { isInTheWay } from './inTheWay';
import type { History } from './sideState';

/** What an offer is made from. */
interface Grounds {
  readonly files: readonly FileComparison[];
  readonly safe: { readonly push: Safety; readonly pull: Safety };
  readonly history: History | undefined;
  readonly underCommits: readonly UnderCommits[];
  /** Whether the sides were ever seen to be the same. */
  readonly hasSynced: boolean;
}

/**
 * Whether something can be done without a decision of the user.
 *
 * @param direction - only in this direction; absent: in any
 */
export function canOfferSync({ offer }: Pick<Comparison, 'offer'>, direction?: Direction): boolean {
  if (!offer || !direction) return offer !== undefined;
  return offer[direction].length > 0 || offer.commits === direction;
}

/**
 * What is worth doing without further questions: sending edits and commits made here, and fetching config edits and
 * commits made there. Code that was edited in the checkout exists nowhere else; somebody meant something by it, so it is
 * not fetched unasked. Without git and without a common past the workspace counts: sending it is offered, though it
 * replaces files and so needs the user's word.
 */
export function makeOffer({ files, safe, history, underCommits, hasSynced }: Grounds): Offer | undefined {
  const isBlocked = (safety: Safety): boolean =>
    !safety.safe && safety.reasons.some(({ blocks, about }) => blocks && about === 'everything');
  const free = files.filter(canGoAlone);
  const isFirstContact = history === undefined && !hasSynced;
  const paths = (choose: (file: FileComparison) => boolean): string[] =>
    free.filter(choose).map(({ path }) => path);
  const [beforePush, beforePull] = [deletesBefore('push', files), deletesBefore('pull', files)];
  const pushed = paths(
    ({ path, verdict }) =>
      !beforePush.has(path) && (verdict === 'push' || (verdict === 'conflict' && isFirstContact)),
  );
  const pulled = paths(
    ({ path, verdict, kind }) => !beforePull.has(path) && verdict === 'pull' && kind === 'config',
  );
  const commits = underCommits.some((file) => isInTheWay(file)) ? undefined : commitOffer(history, safe);
  const offer: Offer = {
    push: isBlocked(safe.push) ? [] : pushed,
    pull: isBlocked(safe.pull) ? [] : pulled,
    ...(commits && { commits }),
  };
  return offer.push.length + offer.pull.length > 0 || commits ? offer : undefined;
}

/** Files that differ leave the commits alone, but for those that lie in their way. */
function commitOffer(history: History | undefined, safe: Grounds['safe']): Offer['commits'] {
  const isFree = (safety: Safety): boolean =>
    safety.safe || safety.reasons.every(({ about }) => about === 'files');
  if (history?.relation === 'ahead' && isFree(safe.push)) return 'push';
  if (history?.relation === 'behind' && isFree(safe.pull)) return 'pull';
  return undefined;
}
