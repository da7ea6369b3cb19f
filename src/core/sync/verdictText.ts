import type { FileComparison } from './comparison';
import type { History } from './sideState';

/** What the overall verdict is worded from. */
export interface Judged {
  readonly files: readonly FileComparison[];
  readonly inSync: boolean;
  readonly errors: readonly string[];
  readonly history?: History;
}

/** How the two sides stand, in words, e.g. `remote is 2 commits behind and has 1 file edited there`. */
export function formatVerdict({ files, inSync, errors, history }: Judged): string {
  if (inSync)
    return history ? 'in sync' : 'in sync by content; without git on both sides commits were not compared';
  const parts = [...historyParts(history), ...fileParts(files)];
  if (errors.length > 0) parts.push('could not be compared completely');
  return `remote ${joinWords(parts)}`;
}

function historyParts(history: History | undefined): string[] {
  switch (history?.relation) {
    case undefined:
    case 'same':
      return [];
    case 'ahead':
      return [`is ${commits(history.ahead)} behind`];
    case 'behind':
      return [`is ${commits(history.behind)} ahead`];
    case 'diverged':
      return [`has diverged: ${commits(history.ahead)} only here, ${commits(history.behind)} only there`];
    case 'unrelated':
      return ['has an unrelated history'];
  }
}

function fileParts(files: readonly FileComparison[]): string[] {
  const of = (verdict: FileComparison['verdict']): readonly FileComparison[] =>
    files.filter(({ verdict: each, via, special }) => each === verdict && via === 'file' && !special);
  const part = (verdict: FileComparison['verdict'], word: (number: number) => string): string[] =>
    of(verdict).length > 0 ? [word(of(verdict).length)] : [];
  const submodules = files.filter(({ special, via }) => special === 'submodule' && via === 'file').length;
  const leftOut = files.filter(({ special }) => special === 'leftOutThere').length;
  const newHere = of('push').filter(({ remote }) => remote.kind === 'absent').length;
  const newThere = of('pull').filter(({ local }) => local.kind === 'absent').length;
  return [
    ...part('push', (n) => lacksText(n, newHere)),
    ...part('pull', (n) => `has ${fileCount(n)} ${madeText(n, newThere)} there`),
    ...part('conflict', (n) => `differs in ${fileCount(n)} changed on both sides`),
    ...part('deletedHere', (n) => `still has ${fileCount(n)} deleted here`),
    ...part('deletedThere', (n) => `has deleted ${fileCount(n)}`),
    ...(submodules > 0 ? [`differs in ${submodules} submodule${submodules === 1 ? '' : 's'}`] : []),
    ...(leftOut > 0 ? [`leaves out ${fileCount(leftOut)} by a sparse checkout`] : []),
  ];
}

function lacksText(count: number, isNew: number): string {
  if (isNew > 0) return `lacks ${fileCount(count)} ${madeText(count, isNew)} here`;
  return `lacks ${count === 1 ? 'the edit' : 'the edits'} of ${fileCount(count)} made here`;
}

function madeText(count: number, isNew: number): string {
  if (isNew === 0) return 'edited';
  return isNew === count ? 'made' : 'edited or made';
}

/** `1 file`, `12 files`. */
export function fileCount(number: number): string {
  return `${number} ${number === 1 ? 'file' : 'files'}`;
}

function commits(number: number | undefined): string {
  if (number === undefined) return 'some commits';
  return `${number} ${number === 1 ? 'commit' : 'commits'}`;
}

function joinWords(parts: readonly string[]): string {
  const last = parts.at(-1) ?? 'could not be compared';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
