/** Which copy of the project. */
export type Side = 'local' | 'remote';

/** Files that a sync replaced or deleted on one side, kept there. */
export interface Backup {
  /** Unique on its side; sorts by time. */
  readonly id: string;
  readonly side: Side;
  readonly createdAtMs: number;
  /** Paths that it holds, relative to the project's root. */
  readonly files: readonly string[];
}
