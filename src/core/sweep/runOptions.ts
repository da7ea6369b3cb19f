/** How a task's parameters reach the program. A list is a command template, see `run.command`. */
export type ArgumentStyle = 'hydra' | 'argparse' | 'env';

/** When a sweep stops starting tasks because too many failed: a number of tasks, or a share of all (0–1). */
export type FailureLimit = { readonly tasks: number } | { readonly share: number };

/** The `run:` block of a sweep file. */
export interface RunOptions {
  /** How often a failed task is tried again. Default 0; tasks that were interrupted by the machine are not counted. */
  readonly retries: number;
  /** What to do with a task whose outcome is unknown because its process is proven gone. Default `rerun`. */
  readonly lost: 'rerun' | 'ask' | 'fail';
  /** Seconds after which an attempt is ended with SIGTERM, then SIGKILL. Absent: no limit. */
  readonly timeoutSec?: number;
  readonly stopAfterFailures?: FailureLimit;
  /** Names of the sources to use. Absent: the caller chooses. */
  readonly sources?: readonly string[];
  /** A command template: argv elements with `{parameter.name}`, `{arguments}`, `{task_dir}`, `{task}` in them. */
  readonly command?: readonly string[];
  readonly arguments?: ArgumentStyle;
}
