/** The block `sync:` of the configuration. Patterns are those of a `.gitignore`. */
export interface SyncSettings {
  /** What stays out of every comparison and transfer. */
  readonly exclude: readonly string[];
  /** What counts as a config file; absent: by the usual names. */
  readonly configFiles?: readonly string[];
  /**
   * What happens when a sweep starts on a checkout that is out of sync and can be pushed to safely. `always`: push;
   * `ask`: the start is refused until the user has decided; `never`: nothing is compared.
   */
  readonly beforeStart: 'always' | 'ask' | 'never';
}

export const DEFAULT_SYNC_SETTINGS: SyncSettings = { exclude: [], beforeStart: 'ask' };
