import type { SyncReason } from '../base/errors';
import type { Content } from './content';
import type { DirtyEntry } from './sideState';

/** Which way a sync brings something. */
export type Direction = 'push' | 'pull';

/** What became of one file since both sides were last the same. */
export type Verdict =
  | 'same'
  /** Changed or added here only. */
  | 'push'
  /** Changed or added there only. */
  | 'pull'
  /** Changed on both sides, or different with no common state known. */
  | 'conflict'
  | 'deletedHere'
  | 'deletedThere';

/** One file in a comparison. Files that are the same are counted, not listed. */
export interface FileComparison {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly verdict: Exclude<Verdict, 'same'>;
  /** Config files are told apart because editing only them between runs is the normal case. */
  readonly kind: 'code' | 'config';
  readonly local: Content;
  readonly remote: Content;
  /** `commit`: it travels with the commits and cannot be chosen alone. */
  readonly via: 'file' | 'commit';
  /** The path that this file had before; only where the content is the same. */
  readonly renamedFrom?: string;
  /** Why it cannot be transferred at all, as a sentence, e.g. a submodule. */
  readonly blocked?: string;
  /** Where it is none of the files that a sync carries: a submodule, or what a sparse checkout there leaves out. */
  readonly special?: 'submodule' | 'leftOutThere';
  /** More to know, as a sentence. */
  readonly note?: string;
}

/** Why a direction is not safe. With `blocks` it cannot be done; else it is done when the user says so, with backups. */
export type Reason = SyncReason;

/** Whether everything of one direction can be transferred without losing anything on the receiving side. */
export type Safety = { readonly safe: true } | { readonly safe: false; readonly reasons: readonly Reason[] };

/** What the product offers to do by itself, on one press. */
export interface Offer {
  readonly push: readonly string[];
  readonly pull: readonly string[];
  /** Which way commits go, if any. */
  readonly commits?: 'push' | 'pull';
}

/** One side, in a line. */
export interface SideSummary {
  /** Full object id. */
  readonly commit?: string;
  readonly branch?: string;
}

/** A file that commits change which the other side lacks, and that is edited on that other side. */
export interface UnderCommits {
  readonly path: string;
  /** `same`: the edit is what the commits bring. */
  readonly verdict: Verdict;
  /** The index of that side has a version that is neither the file nor HEAD's. */
  readonly hasStagedContent: boolean;
  /** It takes no part in a sync (`sync.exclude`): the edit stays, on top of the commits. */
  readonly isLeftOut: boolean;
}

/** What git calls not clean on one side: how many files of each kind. Kinds that there are none of are left out. */
export type StatusCounts = Readonly<Partial<Record<DirtyEntry['kind'], number>>>;

/** A file that both sides have, with different content. */
export interface Mismatch {
  readonly path: string;
  /** Of the bytes, 64 hexadecimal digits; `git:` and an object id for a file that git knows clean; `link:` and its text. */
  readonly local: string;
  readonly remote: string;
}

/** What a verdict rests on. */
export interface SyncDetails {
  /** Files by what became of them; `same` of those that were compared. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Absent on a side without git. */
  readonly localStatus?: StatusCounts;
  readonly remoteStatus?: StatusCounts;
  readonly mismatched: readonly Mismatch[];
  /** Paths that only the other side has. */
  readonly missingHere: readonly string[];
  readonly missingThere: readonly string[];
}

/** The state of a checkout against the workspace. Plain data. */
export interface Comparison {
  readonly source: string;
  readonly inSync: boolean;
  readonly method: 'git' | 'checksum';
  /** e.g. `remote is 2 commits behind and has 1 file edited there`. */
  readonly verdict: string;
  readonly local: SideSummary;
  readonly remote: SideSummary;
  /** Commits that only this side has, and only the remote; 0 without git. Absent: not known. */
  readonly ahead?: number;
  readonly behind?: number;
  readonly safe: { readonly push: Safety; readonly pull: Safety };
  /** Absent when nothing can be done without a decision of the user. */
  readonly offer?: Offer;
  /** Sorted by path; without those that are the same. */
  readonly files: readonly FileComparison[];
  readonly underCommits: readonly UnderCommits[];
  readonly details: SyncDetails;
  /** Number of files that were compared; with git, those of the commits count as compared. */
  readonly compared: number;
  /** Sentences. */
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
}
