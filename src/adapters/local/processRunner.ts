import type { ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../core/base/errors';
import {
  attemptKey,
  type AttemptRecord,
  type AttemptRef,
  type SourceControl,
  type SweepContext,
  type TaskSpec,
} from '../../core/compute/computeSource';
import type { AttemptFiles, OutputFiles } from './attemptFiles';
import { endTree, isAlive } from './processTree';
import { spawnTask } from './spawnTask';

export interface ProcessRunnerOptions {
  readonly context: SweepContext;
  readonly files: AttemptFiles;
  readonly control: SourceControl;
  /** GPUs by slot. */
  readonly gpus: readonly (readonly number[])[];
  /** Seconds between asking a task to end and ending it. */
  readonly graceSec: number;
  readonly onRecord: () => void;
}

interface Running {
  readonly spec: TaskSpec;
  readonly slot: number;
  readonly pid: number;
  readonly startedAtMs: number;
  /** Absent when an earlier process started it: then its end cannot be seen, only that it is gone. */
  readonly child?: ChildProcess;
  endedBy?: 'timeout' | 'cancel';
}

/** How often processes are looked at that are to end and whose end cannot be seen. */
const LOOK_MS = 200;

/** Runs the attempts of one sweep as processes of this one. See {@link ProcessComputeSource}. */
export class ProcessRunner {
  /** A sentence for the user; set while nothing can be started. */
  trouble: string | undefined;
  private control: SourceControl;
  private readonly queued = new Map<string, TaskSpec>();
  private readonly running = new Map<string, Running>();
  private readonly over = new Set<string>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: ProcessRunnerOptions) {
    this.control = options.control;
  }

  /** Takes up what an earlier process left: `records` is the whole log. */
  restore(records: readonly AttemptRecord[]): void {
    const specs = new Map(this.options.files.readBatches().map((spec) => [attemptKey(spec), spec]));
    for (const record of records) this.restoreRecord(record, specs);
    for (const ref of this.options.files.readClaims()) {
      if (this.over.has(attemptKey(ref)) || this.running.has(attemptKey(ref))) continue;
      this.settle({
        kind: 'lost',
        ...ref,
        evidence: 'it was taken, but whether it started is not known',
        atMs: Date.now(),
      });
    }
    this.enqueue([...specs.values()]);
  }

  /** Adds attempts to the queue; those that it knows are skipped. */
  enqueue(tasks: readonly TaskSpec[]): void {
    for (const spec of tasks) {
      const key = attemptKey(spec);
      if (!this.over.has(key) && !this.running.has(key)) this.queued.set(key, spec);
    }
  }

  setControl(control: SourceControl): void {
    this.control = control;
  }

  /** What is at work, see `SourceStatus.runner`. */
  get state(): 'running' | 'idle' | 'stopped' {
    if (this.running.size > 0) return 'running';
    return this.queued.size > 0 ? 'stopped' : 'idle';
  }

  /** Starts what may be started. */
  startQueued(): void {
    for (const [key, spec] of this.queued) {
      if (this.control.paused || this.running.size >= this.control.slots) return;
      this.queued.delete(key);
      if (!this.tryStart(spec)) {
        this.queued.set(key, spec);
        return;
      }
    }
  }

  takeBack(attempts: readonly AttemptRef[]): void {
    for (const { task, attempt } of attempts) {
      const key = attemptKey({ task, attempt });
      if (this.running.has(key) || this.over.has(key)) continue;
      this.queued.delete(key);
      this.options.files.claim({ task, attempt });
      const evidence = 'it was taken back before it started';
      this.settle({ kind: 'released', task, attempt, evidence, atMs: Date.now() });
    }
  }

  cancel(attempts: readonly AttemptRef[]): void {
    this.takeBack(attempts);
    for (const ref of attempts) {
      const running = this.running.get(attemptKey(ref));
      if (running !== undefined) this.end(running, 'cancel');
    }
  }

  /** Records as lost what an earlier process started and is gone. */
  probe(): void {
    for (const running of [...this.running.values()]) {
      if (running.child !== undefined || running.endedBy !== undefined || isAlive(running.pid)) continue;
      const evidence = `process ${running.pid} ended while nothing watched it`;
      this.settle({ kind: 'lost', ...refOf(running), evidence, atMs: Date.now() });
    }
    this.startQueued();
  }

  /** Stops watching. Processes go on. */
  dispose(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const { child } of this.running.values()) child?.removeAllListeners();
    this.control = { slots: 0, paused: true };
  }

  private restoreRecord(record: AttemptRecord, specs: ReadonlyMap<string, TaskSpec>): void {
    const key = attemptKey(record);
    const spec = specs.get(key);
    if (record.kind !== 'started' || spec === undefined) {
      this.running.delete(key);
      this.over.add(key);
      return;
    }
    const { slot, pid, atMs } = record;
    const running: Running = { spec, slot, pid, startedAtMs: atMs };
    this.running.set(key, running);
    this.limit(running);
  }

  /** False when the files cannot be written: then nothing was started, and it is tried again at the next chance. */
  private tryStart(spec: TaskSpec): boolean {
    let outputs: OutputFiles;
    try {
      outputs = this.options.files.openOutputs(spec);
      this.options.files.claim(spec);
      this.trouble = undefined;
    } catch (error) {
      this.trouble = `Task ${spec.task} cannot be started: ${errorText(error)}`;
      return false;
    }
    this.start(spec, outputs);
    closeSync(outputs.stdout);
    closeSync(outputs.stderr);
    return true;
  }

  private start(spec: TaskSpec, outputs: OutputFiles): void {
    const slot = this.freeSlot();
    const { context, files, gpus } = this.options;
    const taskDir = files.taskDir(spec);
    const child = spawnTask({ spec, context, taskDir, slot, gpus: gpus[slot - 1] ?? [], outputs });
    const pid = child instanceof Error ? 0 : (child.pid ?? 0);
    const running: Running = {
      spec,
      slot,
      pid,
      startedAtMs: Date.now(),
      ...(!(child instanceof Error) && { child }),
    };
    this.running.set(attemptKey(spec), running);
    this.tell({ kind: 'started', ...refOf(running), slot, pid, atMs: running.startedAtMs });
    if (child instanceof Error) this.failToRun(running, child);
    else this.watch(running, child);
  }

  private watch(running: Running, child: ChildProcess): void {
    child.unref();
    child.on('error', (error) => {
      this.failToRun(running, error);
    });
    child.on('exit', (code, signal) => {
      this.finish(running, code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
    this.limit(running);
  }

  /** A program that cannot be run says nothing itself. */
  private failToRun(running: Running, error: Error): void {
    const path = join(this.options.files.taskDir(running.spec), 'stderr.log');
    appendFileSync(path, `${running.spec.argv[0] ?? ''}: ${error.message}\n`);
    this.finish(running, 127);
  }

  private limit(running: Running): void {
    const { timeoutSec = this.options.context.timeoutSec ?? null } = running.spec;
    if (timeoutSec === null) return;
    this.later(running.startedAtMs + timeoutSec * 1000 - Date.now(), () => {
      if (this.isRunning(running)) this.end(running, 'timeout');
    });
  }

  private end(running: Running, why: 'timeout' | 'cancel'): void {
    if (running.endedBy !== undefined) return;
    running.endedBy = why;
    endTree(running.pid, 'ask');
    this.later(this.options.graceSec * 1000, () => {
      if (isAlive(running.pid)) endTree(running.pid, 'force');
    });
    if (running.child === undefined) this.watchEnd(running);
  }

  /** This process ended it, so its end is known though its exit code is not. */
  private watchEnd(running: Running): void {
    this.later(LOOK_MS, () => {
      if (isAlive(running.pid)) this.watchEnd(running);
      else this.finish(running, 143);
    });
  }

  private finish(running: Running, exitCode: number): void {
    if (!this.isRunning(running)) return;
    const { spec, slot, pid, startedAtMs, endedBy } = running;
    const endedAtMs = Date.now();
    const how = { exitCode, ...(endedBy && { endedBy }) };
    this.settle({ kind: 'ended', ...refOf(running), ...how, atMs: endedAtMs });
    this.options.files.appendSummary(spec, {
      attempt: spec.attempt,
      slot,
      pid,
      startedAtMs,
      endedAtMs,
      ...how,
    });
    this.startQueued();
  }

  private settle(record: AttemptRecord): void {
    this.running.delete(attemptKey(record));
    this.over.add(attemptKey(record));
    this.tell(record);
  }

  private tell(record: AttemptRecord): void {
    this.options.files.append(record);
    this.options.onRecord();
  }

  private isRunning(running: Running): boolean {
    return this.running.get(attemptKey(running.spec)) === running;
  }

  private freeSlot(): number {
    const taken = new Set([...this.running.values()].map(({ slot }) => slot));
    let slot = 1;
    while (taken.has(slot)) slot += 1;
    return slot;
  }

  private later(delayMs: number, act: () => void): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        act();
      },
      Math.max(0, delayMs),
    );
    this.timers.add(timer);
  }
}

function refOf({ spec }: Running): AttemptRef {
  return { task: spec.task, attempt: spec.attempt };
}
