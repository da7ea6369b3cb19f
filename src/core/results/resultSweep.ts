import type { TaskState } from '../engine/taskState';
import type { JsonValue } from '../sweep/value';

/** A sweep, as its results need it. Tasks are named by their number, from 1. */
export interface ResultSweep {
  readonly total: number;
  stateOf(task: number): TaskState;
  attemptOf(task: number): number;
  sourceOf(task: number): string | undefined;
  /** Whether files come home some time after the task ended. */
  isRemote(task: number): boolean;
  startedAt(task: number): number | undefined;
  endedAt(task: number): number | undefined;
  /** Absolute. */
  dirOf(task: number): string;
  /** All tasks, in order. */
  parameters(): AsyncIterable<{
    readonly number: number;
    readonly parameters: Readonly<Record<string, JsonValue>>;
  }>;
}
