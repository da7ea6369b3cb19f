import type { Logger } from '../../core/base/logger';
import type { GitCli } from '../git/gitCli';
import type { Programs } from './checkout/program';

/** A workspace and its copy on a host, with what both are reached by. */
export interface Places {
  /** Root of the project here, absolute. */
  readonly root: string;
  readonly git: GitCli;
  readonly there: Programs;
  /** For messages, e.g. `gpubox`. */
  readonly hostLabel: string;
  /** As the configuration writes it. */
  readonly checkout: string;
  /** The folder of this product's own files for this checkout, absolute. */
  readonly stateDir: string;
  /** Patterns of what stays out of a sync. */
  readonly exclude: readonly string[];
  readonly kindOf: (path: string) => 'code' | 'config';
  /** The project's folder for results, relative; they have their own way home. Undefined: it lies elsewhere. */
  readonly output?: string;
  readonly log: Logger;
}

/** Where a side keeps what belongs to the sync, relative to the project's root. */
export const SYNC_DIR = '.hsm/sync';
