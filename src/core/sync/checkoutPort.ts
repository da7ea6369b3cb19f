import type { Backup, Side } from './backup';
import type { BothSides } from './compareSides';
import type { SyncedContents } from './fileFacts';
import type { SyncPlan } from './plan';
import type { SyncProgress } from './syncFacade';

/** Both sides as they were found, ready to be compared. */
export interface SidesSeen extends Omit<BothSides, 'source' | 'synced'> {
  /** A transfer broke off on one of them: `recover` comes first. */
  readonly isInterrupted: boolean;
}

/** What a transfer came to. */
export interface Transferred {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  /** Of the receiving side; absent when nothing was replaced. */
  readonly backup?: Backup;
}

/**
 * The workspace and its copy on a host: how they are looked at and changed. Decisions are made elsewhere.
 *
 * Looking writes nothing into either side's files, index or refs that their owner works with.
 */
export interface CheckoutPort {
  /** @throws HsmError `host.unreachable`, `host.refused`, `input.invalid` when there is no such folder there */
  look(signal: AbortSignal): Promise<SidesSeen>;

  /**
   * Carries a plan out: objects and contents first, then, under a lock and after a second look, each file in one step.
   * What is replaced or deleted is kept as a backup on the side where it was.
   *
   * @throws ProjectSyncError when something is not as the plan expects; nothing was changed then
   * @throws ProjectSyncError when it came to a stop midway, e.g. a full disk; it names the old and the new files
   */
  transfer(plan: SyncPlan, signal: AbortSignal, tell: (progress: SyncProgress) => void): Promise<Transferred>;

  /**
   * Finishes the books of a transfer that broke off on either side.
   *
   * @returns sentences that name the files that are new and those that are old; empty: none broke off
   */
  recover(signal: AbortSignal): Promise<readonly string[]>;

  readRemote(path: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  backups(signal: AbortSignal): Promise<readonly Backup[]>;
  /** Resolves with the paths that were put back. */
  restore(
    backup: { readonly id: string; readonly side: Side },
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;

  /** What both sides had at the paths that were ever synced. Belongs to this checkout alone. */
  readSynced(): Promise<SyncedContents>;
  writeSynced(synced: SyncedContents): Promise<void>;
}
