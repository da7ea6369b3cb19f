import { TASK_STATES, isFinal } from '../engine/taskState';
import type { ResultSweep } from './resultSweep';

/** Looks in vain at a task, before only a look at all tasks finds what is new. */
const MAX_LOOKS = 8;

/** What is remembered of each task's last look, and so which ones are due. Tasks are named by their numbers, from 1. */
export class TaskLooks {
  /** State and attempt at the last look; 0 before the first. */
  private keys = new Uint32Array();
  /** What the files looked like; 0 when they are to be read anew. */
  private prints = new Uint32Array();
  private triedOutput = new Uint8Array();
  /** Looks since something was new, of tasks whose files may come later or could not be read. */
  private readonly looks = new Map<number, number>();
  private readonly unreadable = new Set<number>();
  private readonly doubtful = new Set<number>();
  private round = 0;

  constructor(private readonly sweep: ResultSweep) {}

  grow(total: number): void {
    this.keys = grown(this.keys, new Uint32Array(total));
    this.prints = grown(this.prints, new Uint32Array(total));
    this.triedOutput = grown(this.triedOutput, new Uint8Array(total));
  }

  /** Everything is to be read anew. */
  forget(): void {
    this.prints.fill(0);
  }

  /** These are looked at the next time, whatever became of them. */
  doubt(tasks: Iterable<number>): void {
    for (const task of tasks) this.doubtful.add(task);
  }

  /** Begins a round of looks. */
  begin(): void {
    this.round++;
  }

  /** Whether the task's state or attempt is another one than at the last look. */
  isNew(task: number): boolean {
    return this.keys[task - 1] !== this.keyOf(task);
  }

  /** Whether the task's files are to be looked at. A doubt is gone by that, so that one which comes meanwhile counts anew. */
  takeDue(task: number): boolean {
    const isDoubtful = this.doubtful.delete(task);
    if (isDoubtful || this.sweep.stateOf(task) === 'running' || this.isNew(task)) return true;
    return this.mayCome(task) && this.isPatient(task);
  }

  /** What its files looked like at the last look, with whether the output was among them. */
  last(task: number): { readonly print: number; readonly triedOutput: boolean } {
    return { print: this.prints[task - 1] ?? 0, triedOutput: this.triedOutput[task - 1] === 1 };
  }

  /** The state is known, and there is nothing to read. */
  passOver(task: number): void {
    this.keys[task - 1] = this.keyOf(task);
    this.prints[task - 1] = 0;
    this.settle(task);
  }

  /** Its files are as they were. */
  foundSame(task: number): void {
    this.keys[task - 1] = this.keyOf(task);
    if (this.mayCome(task)) this.looks.set(task, (this.looks.get(task) ?? 0) + 1);
  }

  foundNew(
    task: number,
    { print, triedOutput }: { readonly print: number; readonly triedOutput: boolean },
  ): void {
    this.keys[task - 1] = this.keyOf(task);
    this.prints[task - 1] = print;
    this.triedOutput[task - 1] = triedOutput ? 1 : 0;
    this.settle(task);
  }

  /** Its files could not be read: it is looked at again, less and less often. */
  failed(task: number): void {
    this.keys[task - 1] = this.keyOf(task);
    this.prints[task - 1] = 0;
    this.unreadable.add(task);
    this.looks.set(task, (this.looks.get(task) ?? 0) + 1);
  }

  private settle(task: number): void {
    this.unreadable.delete(task);
    this.looks.delete(task);
  }

  /** Whether something of a task that is over may be otherwise soon. */
  private mayCome(task: number): boolean {
    if (this.unreadable.has(task)) return true;
    return isFinal(this.sweep.stateOf(task)) && this.sweep.isRemote(task);
  }

  private isPatient(task: number): boolean {
    const looks = this.looks.get(task) ?? 0;
    if (this.unreadable.has(task)) return this.round % 2 ** Math.min(looks, MAX_LOOKS) === 0;
    return looks < MAX_LOOKS && this.round % 2 ** looks === 0;
  }

  private keyOf(task: number): number {
    return (
      this.sweep.attemptOf(task) * TASK_STATES.length + TASK_STATES.indexOf(this.sweep.stateOf(task)) + 1
    );
  }
}

function grown<T extends Uint32Array | Uint8Array>(old: T, fresh: T): T {
  fresh.set(old);
  return fresh;
}
