import { classify } from './classify';
import type { BothSides } from './compareSides';
import { isSameContent, type Content } from './content';
import { fileFacts, type SyncedContents } from './fileFacts';

/**
 * What is to be remembered as synced after a look: whatever is equal on both sides now, and what was equal once and
 * differs since. With git a path is forgotten when both sides are clean there: git knows it then.
 *
 * @returns undefined when nothing changed
 */
export function nextSynced(both: BothSides): SyncedContents | undefined {
  const { local, remote, history, synced } = both;
  const next = new Map<string, Content>();
  for (const [path, fact] of fileFacts(local, remote, history, synced)) {
    if (both.isLeftOut(path)) continue;
    const isEqual = classify(fact) === 'same' && isSameContent(fact.local.content, fact.remote.content);
    const content = isEqual ? fact.local.content : fact.synced;
    if (content && (content.kind !== 'absent' || history)) next.set(path, content);
  }
  return isEqualMap(next, synced) ? undefined : next;
}

function isEqualMap(a: SyncedContents, b: SyncedContents): boolean {
  if (a.size !== b.size) return false;
  for (const [path, content] of a) {
    const other = b.get(path);
    if (!other || !isSameContent(content, other)) return false;
  }
  return true;
}
