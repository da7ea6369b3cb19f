import type { FileComparison, Offer, Safety } from './comparison';
import type { History } from './sideState';

/** What an offer is made from. */
interface Grounds {
  readonly files: readonly FileComparison[];
  readonly safe: { readonly push: Safety; readonly pull: Safety };
  readonly history: History | undefined;
  /** Whether the sides were ever seen to be the same. */
  readonly hasSynced: boolean;
}

/**
 * What is worth doing without further questions: sending edits and commits made here, and fetching config edits and
 * commits made there. Code that was edited in the checkout exists nowhere else; somebody meant something by it, so it is
 * not fetched unasked. Without git and without a common past the workspace counts: sending it is offered, though it
 * replaces files and so needs the user's word.
 */
export function makeOffer({ files, safe, history, hasSynced }: Grounds): Offer | undefined {
  const isBlocked = (safety: Safety): boolean =>
    !safety.safe && safety.reasons.some(({ blocks, about }) => blocks && about === 'everything');
  const free = files.filter((file) => file.blocked === undefined && file.via === 'file');
  const isFirstContact = history === undefined && !hasSynced;
  const paths = (choose: (file: FileComparison) => boolean): string[] =>
    free.filter(choose).map(({ path }) => path);
  const pushed = paths(({ verdict }) => verdict === 'push' || (verdict === 'conflict' && isFirstContact));
  const pulled = paths(({ verdict, kind }) => verdict === 'pull' && kind === 'config');
  const commits = commitOffer(history, safe);
  const offer: Offer = {
    push: isBlocked(safe.push) ? [] : pushed,
    pull: isBlocked(safe.pull) ? [] : pulled,
    ...(commits && { commits }),
  };
  return offer.push.length + offer.pull.length > 0 || commits ? offer : undefined;
}

function commitOffer(history: History | undefined, safe: Grounds['safe']): Offer['commits'] {
  if (history?.relation === 'ahead' && safe.push.safe) return 'push';
  if (history?.relation === 'behind' && safe.pull.safe) return 'pull';
  return undefined;
}
