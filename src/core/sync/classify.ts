import type { Verdict } from './comparison';
import { isSameContent, type Content } from './content';

/** What is known of one path on one side. */
export interface SideFact {
  readonly content: Content;
  /**
   * It is what the common past has at the path: the merge base of both sides' commits; without git, nothing at all
   * where nothing was ever synced.
   */
  readonly isAtBase: boolean;
}

export interface FileFact {
  readonly local: SideFact;
  readonly remote: SideFact;
  /** What both sides had when they were last seen to be the same; undefined: never seen. */
  readonly synced?: Content;
}

/**
 * The three-way decision for one path. There are two candidates for the common state, the last synced one and git's
 * merge base: the newer one that a side still has is taken, and that side has not changed since. When neither side has
 * either, both changed.
 */
export function classify({ local, remote, synced }: FileFact): Verdict {
  if (local.isAtBase && remote.isAtBase) return 'same';
  if (isSameContent(local.content, remote.content)) return 'same';
  if (synced) {
    if (isSameContent(remote.content, synced))
      return local.content.kind === 'absent' ? 'deletedHere' : 'push';
    if (isSameContent(local.content, synced))
      return remote.content.kind === 'absent' ? 'deletedThere' : 'pull';
  }
  if (remote.isAtBase) return local.content.kind === 'absent' ? 'deletedHere' : 'push';
  if (local.isAtBase) return remote.content.kind === 'absent' ? 'deletedThere' : 'pull';
  return 'conflict';
}
