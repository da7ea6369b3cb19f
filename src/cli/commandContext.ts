import type { Clock } from '../core/base/clock';
import type { CliProject } from './cliProject';
import type { Output } from './output';

/** What a command works with. */
export interface CommandContext {
  readonly project: CliProject;
  /** Relative paths of the user start here. */
  readonly cwd: string;
  /** Standard output: what was asked for. */
  readonly out: Output;
  /** Standard error: progress and messages. */
  readonly err: Output;
  /** Aborts when the user leaves: Ctrl-C, SIGTERM, SIGHUP. */
  readonly interrupted: AbortSignal;
  readonly clock: Clock;
  /** Asks the user for yes or no; absent where there is no terminal to ask on. */
  readonly ask?: (question: string) => Promise<boolean>;
}
