import type { TaskState } from '../engine/taskState';

/** What is known of a task that did not succeed, besides its output. */
export interface FailedTask {
  readonly number: number;
  readonly name: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly exitCode?: number;
  /** e.g. `SIGKILL`. */
  readonly signal?: string;
  /** Why the runner ended it, where it did. */
  readonly endedBy?: 'timeout' | 'cancel';
  /** The engine's words for its state: `ended after 60 s (timeout)`. */
  readonly reason?: string;
  /** Absolute paths on this machine. */
  readonly stdout: string;
  readonly stderr: string;
}
