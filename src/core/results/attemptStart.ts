import { isFinal, type TaskState } from '../engine/taskState';
import type { FileStamp, ResultFiles } from './resultFiles';

/** The attempt of a task whose results are wanted. */
export interface AttemptView {
  /** From 1. */
  readonly number: number;
  readonly state: TaskState;
  /** By the clock of the machine that it ran on. */
  readonly startedAtMs: number | undefined;
  /** Whether its files come home from another machine. */
  readonly isRemote: boolean;
}

/** The only attempt of a task that is over. */
export const ONE_ATTEMPT: AttemptView = {
  number: 1,
  state: 'succeeded',
  startedAtMs: undefined,
  isRemote: false,
};

/** A disk on the network has a clock of its own; more than this it is hardly wrong. */
const CLOCK_SLACK_MS = 60_000;
/** File systems take their time from a coarser clock than programs do. */
const TICK_MS = 10;

/**
 * The time before which files of a task are from attempts before this one. An attempt begins by writing `params.yaml`,
 * so its time and the others' are from one clock, also where they were brought home, which keeps times. What is here of
 * a task on another machine may still be what an attempt before left.
 *
 * @returns `-Infinity` for the first attempt, to which all files belong
 */
export async function beginOf(files: ResultFiles, dir: string, attempt: AttemptView): Promise<number> {
  const { number, startedAtMs, isRemote } = attempt;
  if (number < 2) return -Infinity;
  const mark = (await files.stat(`${dir}/params.yaml`))?.modifiedMs;
  // A task without parameters has no such file.
  const started = startedAtMs === undefined ? -Infinity : startedAtMs - CLOCK_SLACK_MS;
  if (mark === undefined) return isRemote || startedAtMs === undefined ? started : startedAtMs - TICK_MS;
  return isRemote ? Math.max(mark, started) : mark;
}

/**
 * Whether a file was written before the attempt began. Files that were brought home have times in whole seconds; of one
 * from the very second an attempt that succeeded is believed to have written it, and one that did not is not.
 */
export function isOlder({ modifiedMs }: FileStamp, begin: number, { state }: AttemptView): boolean {
  if (modifiedMs !== begin) return modifiedMs < begin;
  return isFinal(state) && state !== 'succeeded';
}
