import type { Content } from '../../../core/sync/content';
import type { CommitChange } from '../../../core/sync/sideState';

/**
 * Reads `git diff-tree -r -z --raw --no-renames`: pairs of words,
 * `:100644 100755 9daeafb… 8baef1b… M` and the path.
 */
export function parseRawDiff(words: readonly string[]): Map<string, CommitChange> {
  const changes = new Map<string, CommitChange>();
  for (let index = 0; index + 1 < words.length; index += 2) {
    const [before = '', after = '', oidBefore = '', oidAfter = ''] = (words[index] ?? '').slice(1).split(' ');
    changes.set(words[index + 1] ?? '', {
      before: toContent(before, oidBefore),
      after: toContent(after, oidAfter),
    });
  }
  return changes;
}

function toContent(mode: string, oid: string): Content {
  return /^0+$/.test(mode) ? { kind: 'absent' } : { kind: 'object', mode, oid };
}
