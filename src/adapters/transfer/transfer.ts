import type { FileSum } from './fileSum';

/** How far a transfer is. */
export interface TransferProgress {
  /** Bytes of content that crossed the connection so far in this call. */
  readonly bytes: number;
  /** Bytes that are to cross at most; fewer do when only parts of files changed. */
  readonly totalBytes: number;
  readonly totalFiles: number;
  /** Over the last few seconds. */
  readonly bytesPerSecond: number;
}

export interface TransferRun {
  /**
   * Aborting ends the transfer with the signal's reason. No process is left on either side, the connection stays
   * usable, nothing unfinished stands under a file's name here, and what has arrived is used by the next call.
   */
  readonly signal: AbortSignal;
  /** Waited for right before files appear here: the last time to abort before any does. */
  readonly beforeAppearing?: () => Promise<void>;
  /** At most a few times a second, and once at the end. */
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** Which files of a directory are wanted. Everything, where nothing is said. */
export interface Selection {
  /** Patterns as in `.gitignore`; only what one of them matches. Empty: everything. */
  readonly include?: readonly string[];
  /** Patterns as in `.gitignore`; what one of them matches stays there, whatever `include` says. */
  readonly exclude?: readonly string[];
  /** Bytes; larger files stay there and are named in the result. */
  readonly maxSize?: number;
  /** Files and directories with all below them, relative; only these are looked at. Default: the whole directory. */
  readonly files?: readonly string[];
  /**
   * Makes the symbolic links, too, that lead to what is below the same top directory, wherever that may be; see
   * `faultOfLink`. Default: links stay there.
   */
  readonly keepLinks?: boolean;
  /** Brings files, too, that are here already by size and time of change; for those that `verify` named. */
  readonly evenIfUnchanged?: boolean;
}

/** Why a file was not transferred. */
export type SkipReason =
  /** The selection leaves it by its name. */
  | 'unwanted'
  /** Larger than the selection allows. */
  | 'size'
  /** A symbolic link that is not to be made here, a device, pipe or socket. */
  | 'kind'
  /** Its name cannot stand on the other side, or is not UTF-8. */
  | 'name'
  /** It could not be read, or was gone when its turn came. */
  | 'unreadable'
  /** On the receiving side a directory, or a link on the way to it, has its place. */
  | 'place';

export interface SkippedFile {
  /**
   * Relative; bytes that are no UTF-8 stand as U+FFFD. For `unreadable` also a directory; empty: something there could
   * not be looked at, and the host did not say what.
   */
  readonly path: string;
  readonly reason: SkipReason;
  /** For the user, e.g. `is a symbolic link`. */
  readonly detail: string;
  /** Bytes, of a plain file that was seen. */
  readonly size?: number;
}

/** By which program files move; `both`: by the one that is faster for what is to move. */
export type TransferMethod = 'rsync' | 'tar' | 'both';

export interface TransferResult {
  readonly method: TransferMethod;
  /** Files that arrived in this call, relative, and the bytes of them. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Wanted files that were on the receiving side already, by size and time of change. */
  readonly unchanged: readonly string[];
  /** Files that are not on the receiving side now, wanted or not. */
  readonly skipped: readonly SkippedFile[];
}

/** What a pull came to. */
export interface PullResult extends TransferResult {
  /** What stands in files that arrived, as far as they were hashed while they came. */
  readonly sums: ReadonlyMap<string, FileSum>;
}

/** What a pull with a comparison came to. */
export interface ComparedPull extends PullResult {
  /** Of the files that are here now; undefined: the host has no tool for SHA-256. */
  readonly differences: readonly Difference[] | undefined;
}

/** A file that is not the same on both sides. */
export interface Difference {
  readonly path: string;
  readonly kind: 'missing here' | 'missing there' | 'size' | 'content';
}
