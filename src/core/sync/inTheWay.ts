import type { UnderCommits } from './comparison';

/**
 * Whether an edit on the receiving side keeps commits from going that change the same file: only the user can say which
 * version counts. What is left out of the sync stays as it is whatever the commits bring.
 */
export function isInTheWay({ verdict, hasStagedContent, isLeftOut }: UnderCommits): boolean {
  return hasStagedContent || (verdict === 'conflict' && !isLeftOut);
}
