import type { Content } from './content';

/** One path that git does not call clean. */
export interface DirtyEntry {
  /** `repository`: a folder with a git of its own that the project's git does not track. */
  readonly kind: 'tracked' | 'untracked' | 'unmerged' | 'submodule' | 'repository';
  /** Whether HEAD of that side has the path. */
  readonly inHead: boolean;
  /** What is staged differs both from HEAD and from the file: content that only the index has. */
  readonly hasStagedContent: boolean;
  /** Of a submodule: it is at another commit than the index names. */
  readonly hasOtherCommit?: true;
  /** The index has it as an executable file. */
  readonly isExecutable?: true;
}

/** Where a side's git stands. */
export interface GitState {
  /** Full object id; absent on a branch without commits. */
  readonly head?: string;
  /** Absent when HEAD is detached. */
  readonly branch?: string;
  /** Path of the project below the repository's top, with a slash at its end; empty: the project is the top. */
  readonly prefix: string;
  /** What is under way there, in words: `a merge`, `a rebase`. */
  readonly operations: readonly string[];
  /** Tracked files that a sparse checkout leaves out of the working tree. */
  readonly hidden: ReadonlySet<string>;
  /** Submodules that are not checked out: their folders are empty. */
  readonly emptySubmodules: ReadonlySet<string>;
  readonly isShallow: boolean;
  /** Large files are kept outside git (Git LFS), and whether the tool for them is there. */
  readonly lfs?: { readonly hasTool: boolean };
  /** By path relative to the project. */
  readonly dirty: ReadonlyMap<string, DirtyEntry>;
}

/** Everything that was found on one side. Paths are relative to the project's root, with `/`. */
export interface SideState {
  /** Absent: there is no git there, or the folder is not in a repository. */
  readonly git?: GitState;
  /** Contents of every path that was looked into. In git mode those that are dirty on either side, else all. */
  readonly contents: ReadonlyMap<string, Content>;
  /** Conditions to know of, each a sentence. */
  readonly warnings: readonly string[];
}

/** What commits made of a path. */
export interface CommitChange {
  readonly before: Content;
  readonly after: Content;
}

/** By path relative to the project. */
export type CommitChanges = ReadonlyMap<string, CommitChange>;

/** How the commits of the two sides lie to each other. */
export interface History {
  readonly relation:
    | 'same'
    /** Here are commits that the remote lacks, and none the other way round. */
    | 'ahead'
    | 'behind'
    | 'diverged'
    /** No commit in common. */
    | 'unrelated';
  /** Commits that only this side has; absent: not known. */
  readonly ahead?: number;
  readonly behind?: number;
  /** Files outside the project that the commits change and the side that is to get them has edited. */
  readonly editedOutside?: readonly string[];
  readonly mergeBase?: string;
  /** What the commits since the merge base changed here, and there. */
  readonly localChanges: CommitChanges;
  readonly remoteChanges: CommitChanges;
}
