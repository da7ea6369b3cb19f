import type { Event } from '../base/event';
import type { Backup, Side } from './backup';
import type { Comparison } from './comparison';
import type { Agreed } from './consent';

/** What a sync is doing now. */
export type SyncPhase = 'idle' | 'comparing' | 'pushing' | 'pulling' | 'restoring';

/** How far a step is. */
export interface SyncProgress {
  /** e.g. `Sending 12 of 340 files, 1.2 of 3.4 MiB`. */
  readonly text: string;
  /** 0 to 1; absent where it is not known. */
  readonly fraction?: number;
}

/** A checkout and what is known of it. Answers from memory. */
export interface SyncSummary {
  /** Name of the source whose configuration names the checkout. */
  readonly source: string;
  readonly host: string;
  /** The path there, as the configuration writes it. */
  readonly checkout: string;
  readonly phase: SyncPhase;
  readonly progress?: SyncProgress;
  /** The last comparison; absent before the first. */
  readonly comparison?: Comparison;
  readonly comparedAtMs?: number;
  /** Why the last step did not come to its end, as a sentence. */
  readonly error?: string;
  /** Tasks that run from the checkout now. */
  readonly runningTasks: number;
}

/** What to transfer. */
export interface SyncChoice {
  /**
   * Exactly these paths; they must be listed in the last comparison. Conflicts and deletes are transferred only when
   * they are named here. Absent: everything that the direction can take without losing anything, and no deletes.
   */
  readonly files?: readonly string[];
  /** Whether commits travel. Default: yes without `files`, no with them. */
  readonly commits?: boolean;
}

/** The user's word for what is not safe. */
export interface SyncConsent {
  /**
   * What the user was told and agreed to: of `SyncPlan.needsWord`, of tasks that run from the checkout. What comes up
   * beside it is refused with its reasons, to be told first.
   */
  readonly agreed?: Agreed;
  /**
   * The comparison that the user decided by; default: the last one. It may be older: every file is looked at again on
   * both sides before anything is written.
   */
  readonly shown?: Comparison;
  readonly signal?: AbortSignal;
}

export interface RestoreOptions {
  /** Default: all of the backup. */
  readonly files?: readonly string[];
  readonly agreed?: Agreed;
  readonly signal?: AbortSignal;
}

/** What a transfer did. */
export interface SyncReport {
  readonly source: string;
  readonly direction: 'push' | 'pull';
  /** Commits that travelled. */
  readonly commits: number;
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  /** Where what was replaced or deleted is kept; absent when nothing was. */
  readonly backup?: Backup;
  /** How things stand afterwards; absent when that could not be found out. */
  readonly comparison?: Comparison;
  /** Why there is no comparison, as a sentence; absent where the user did not want to wait for it. */
  readonly notCompared?: string;
}

/**
 * The copies of the project on remote hosts, and how they are kept in step with the workspace.
 *
 * Queries answer at once from memory. Steps on one source run one after the other. Nothing is transferred that a comparison
 * did not show, and what changed since is noticed before anything is written.
 */
export interface SyncFacade {
  /** The name of the source whose summary changed. */
  readonly onDidChange: Event<string>;

  /** Sources with a checkout, in the order of the configuration. */
  remotes(): readonly SyncSummary[];
  remote(source: string): SyncSummary | undefined;

  /**
   * Compares both sides.
   *
   * @throws HsmError `input.invalid` for a source without a checkout; `host.unreachable`, `host.refused`
   */
  compare(source: string, signal?: AbortSignal): Promise<Comparison>;

  /**
   * Compares because something may have changed, not because the user wants to know: gives way to every other step, and
   * is not begun while there is one.
   *
   * @returns undefined when it gave way
   */
  refresh(source: string, signal?: AbortSignal): Promise<Comparison | undefined>;

  /** Brings the workspace's changes there. @throws ProjectSyncError when it is not safe and not confirmed, or something changed since the comparison */
  push(source: string, choice?: SyncChoice, consent?: SyncConsent): Promise<SyncReport>;
  /** Brings the remote's changes here. @throws ProjectSyncError as {@link push} does */
  pull(source: string, choice?: SyncChoice, consent?: SyncConsent): Promise<SyncReport>;

  /** What a file holds there, at most 50 MB; a link's text for a link. Undefined: there is none. */
  readRemote(source: string, path: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;

  /** Of both sides, newest first. */
  backups(source: string, signal?: AbortSignal): Promise<readonly Backup[]>;
  /**
   * Puts files of a backup back; what they replace becomes a backup itself. Resolves with the paths.
   *
   * @throws ProjectSyncError when tasks run from the checkout that it would change, and that was not agreed to
   */
  restore(
    source: string,
    backup: { readonly id: string; readonly side: Side },
    options?: RestoreOptions,
  ): Promise<readonly string[]>;
}
