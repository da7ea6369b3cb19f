import type { FileComparison, Reason, Safety } from './comparison';
import type { GitState, History, SideState } from './sideState';
import { fileCount } from './verdictText';

type Direction = 'push' | 'pull';

/** What safety is judged by. */
export interface Evidence {
  readonly local: SideState;
  readonly remote: SideState;
  readonly history?: History;
  readonly files: readonly FileComparison[];
  readonly errors: readonly string[];
}

/**
 * Whether a direction takes nothing from the receiving side that is not on the other side too. What is not known is not
 * safe.
 */
export function judgeSafety(direction: Direction, evidence: Evidence): Safety {
  const reasons = [
    ...evidence.errors.map((text): Reason => ({ text, blocks: true, about: 'everything' })),
    ...operationReasons(evidence),
    ...historyReasons(direction, evidence),
    ...shallowReasons(direction, evidence),
    ...outsideReasons(direction, evidence),
    ...branchReasons(direction, evidence),
    ...fileReasons(direction, evidence),
  ];
  return reasons.length === 0 ? { safe: true } : { safe: false, reasons };
}

function operationReasons({ local, remote }: Evidence): Reason[] {
  const of = (git: GitState | undefined, where: string): Reason[] =>
    (git?.operations ?? []).map((operation) => ({
      text: `${operation} is under way ${where}.`.replace(/^./u, (first) => first.toUpperCase()),
      action: 'Finish or abort it first.',
      blocks: true,
      about: 'everything',
    }));
  return [...of(local.git, 'here'), ...of(remote.git, 'in the checkout')];
}

function historyReasons(direction: Direction, { history }: Evidence): Reason[] {
  switch (history?.relation) {
    case 'diverged':
      return [
        {
          text: 'Both sides have commits that the other lacks.',
          action:
            'Merge or rebase with git, e.g. after `git fetch` from the checkout; edits of files can be sent alone.',
          blocks: true,
          about: 'commits',
        },
      ];
    case 'unrelated':
      return [
        {
          text: 'The two repositories have no commit in common.',
          action: 'Check that `checkout` names the copy of this project.',
          blocks: true,
          about: 'commits',
        },
      ];
    case 'ahead':
      if (direction === 'push') return [];
      return [
        {
          text: 'The workspace has commits that the checkout lacks.',
          action: 'Push them.',
          blocks: true,
          about: 'commits',
        },
      ];
    case 'behind':
      if (direction === 'pull') return [];
      return [
        {
          text: 'The checkout has commits that the workspace lacks.',
          action: 'Pull them first.',
          blocks: true,
          about: 'commits',
        },
      ];
    case 'same':
    case undefined:
      return [];
  }
}

/** A shallow clone lacks what a repository without commits would need. */
function shallowReasons(direction: Direction, { local, remote, history }: Evidence): Reason[] {
  const [sender, receiver] = direction === 'push' ? [local.git, remote.git] : [remote.git, local.git];
  if (!history || sender?.isShallow !== true || !receiver || receiver.head !== undefined) return [];
  const [where, other] = direction === 'push' ? ['here', 'there'] : ['in the checkout', 'here'];
  return [
    {
      text: `The repository ${where} is a shallow clone: its commits are not enough for one without any.`,
      action: `Run \`git fetch --unshallow\` ${where}, or clone the project ${other}.`,
      blocks: true,
      about: 'commits',
    },
  ];
}

/** What lies beside the project in its repository no sync touches. */
function outsideReasons(direction: Direction, { history }: Evidence): Reason[] {
  const edited = history?.editedOutside ?? [];
  const goes = history?.relation === (direction === 'push' ? 'ahead' : 'behind');
  if (!goes || edited.length === 0) return [];
  const where = direction === 'push' ? 'in the checkout' : 'here';
  const named = edited.slice(0, 3).join(', ') + (edited.length > 3 ? ', …' : '');
  return [
    {
      text: `The commits change ${named}, which is edited ${where} and lies outside the project.`,
      action: 'Commit it or put it back with git.',
      blocks: true,
      about: 'commits',
    },
  ];
}

/** Commits of one branch must not move another one unasked. */
function branchReasons(direction: Direction, { local, remote, history }: Evidence): Reason[] {
  const moves = history?.relation === (direction === 'push' ? 'ahead' : 'behind');
  const [here, there] = [local.git?.branch, remote.git?.branch];
  if (!moves || here === there) return [];
  const name = (branch: string | undefined): string =>
    branch === undefined ? 'no branch' : `the branch ${branch}`;
  return [
    {
      text: `The workspace is on ${name(here)}, the checkout on ${name(there)}, which the commits would move.`,
      action: 'Switch one of them, or confirm.',
      blocks: false,
      about: 'commits',
    },
  ];
}

function fileReasons(direction: Direction, { files }: Evidence): Reason[] {
  const other: FileComparison['verdict'] = direction === 'push' ? 'pull' : 'push';
  const receiver = direction === 'push' ? 'in the checkout' : 'here';
  // What cannot be transferred at all takes nothing from anybody.
  const conflicts = files.filter(({ verdict, blocked }) => verdict === 'conflict' && blocked === undefined);
  const underCommits = files.filter((file) => file.verdict === other && file.via === 'commit');
  return [
    ...reason(conflicts, (what) => ({
      text: `${what} changed on both sides.`,
      action: 'Look at the differences and choose a side for each; the other version is kept as a backup.',
      blocks: false,
      about: 'files',
    })),
    ...reason(underCommits, (what) => ({
      text: `${what} changed by commits ${receiver}.`,
      blocks: true,
      about: 'commits',
    })),
  ];
}

function reason(files: readonly FileComparison[], word: (what: string) => Reason): Reason[] {
  const [first] = files;
  if (!first) return [];
  return [word(files.length === 1 ? first.path : `${fileCount(files.length)} (${names(files)})`)];
}

function names(files: readonly FileComparison[]): string {
  const shown = files.slice(0, 3).map(({ path }) => path);
  return files.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}
