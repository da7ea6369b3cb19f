import type { AttemptRef, LeftOutFile } from '../compute/computeSource';
import { fromRanges, toRanges, type TaskRange } from '../engine/taskRanges';

/** One line of `collected.jsonl`: attempts whose files are in the sweep's directory, compared with where they ran. */
export interface CollectedRecord {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source: string;
  readonly tasks: readonly TaskRange[];
  /** Bytes that crossed the connection. */
  readonly bytes: number;
  /** Files of these tasks that stayed there; only so many as a report names. */
  readonly leftOut?: readonly LeftOutFile[];
}

/** Makes a record. `attempts` in the order of their tasks packs best. */
export function collectedRecord(
  at: number,
  source: string,
  attempts: readonly AttemptRef[],
  bytes: number,
  leftOut: readonly LeftOutFile[] = [],
): CollectedRecord {
  return { at, source, tasks: toRanges(attempts), bytes, ...(leftOut.length > 0 && { leftOut }) };
}

/** Which attempts are home. */
export class Homecomings {
  private readonly attempts = new Map<number, number>();
  /** All of them, of tasks of which several came. */
  private readonly several = new Map<number, Set<number>>();
  /** Files that stayed on the far side, by task and attempt. */
  private readonly leftOut = new Map<number, Map<number, readonly LeftOutFile[]>>();

  constructor(records: readonly CollectedRecord[] = []) {
    for (const record of records) this.add(record);
  }

  add({ tasks, leftOut = [] }: CollectedRecord): void {
    for (const { task, attempt } of fromRanges(tasks)) {
      const last = this.attempts.get(task);
      if (last !== undefined && last !== attempt)
        this.several.set(task, (this.several.get(task) ?? new Set([last])).add(attempt));
      this.attempts.set(task, Math.max(attempt, last ?? 0));
      this.leave(
        { task, attempt },
        leftOut.filter((file) => file.task === task),
      );
    }
  }

  /** Files of just this attempt that stayed where it ran. */
  leftOutOf({ task, attempt }: AttemptRef): readonly LeftOutFile[] {
    return this.leftOut.get(task)?.get(attempt) ?? [];
  }

  /** Tasks of which an attempt left files where it ran. */
  get tasksWithLeftOut(): Iterable<number> {
    return this.leftOut.keys();
  }

  /** Whether the files of just this attempt are here. */
  hasExactly({ task, attempt }: AttemptRef): boolean {
    return this.attempts.get(task) === attempt || this.several.get(task)?.has(attempt) === true;
  }

  /** Whether the files of this attempt, or of a later one, are here. */
  has({ task, attempt }: AttemptRef): boolean {
    return (this.attempts.get(task) ?? 0) >= attempt;
  }

  private leave({ task, attempt }: AttemptRef, files: readonly LeftOutFile[]): void {
    const byAttempt = this.leftOut.get(task) ?? new Map<number, readonly LeftOutFile[]>();
    if (files.length > 0) byAttempt.set(attempt, files);
    else byAttempt.delete(attempt);
    if (byAttempt.size > 0) this.leftOut.set(task, byAttempt);
    else this.leftOut.delete(task);
  }
}

/** Reads a line. Undefined when it is not one, e.g. torn by a crash: what it told is then collected again. */
export function parseCollected(line: string): CollectedRecord | undefined {
  try {
    const value = JSON.parse(line) as Partial<CollectedRecord> | null;
    const isRecord = typeof value?.source === 'string' && Array.isArray(value.tasks);
    return isRecord ? (value as CollectedRecord) : undefined;
  } catch {
    return undefined;
  }
}
