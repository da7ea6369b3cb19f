import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AttemptRecord, AttemptRef, TaskSpec } from '../../core/compute/computeSource';

/** What is known of an attempt's run when it ends. */
export interface RunSummary {
  readonly attempt: number;
  readonly slot: number;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly exitCode: number;
  readonly endedBy?: 'timeout' | 'cancel';
}

/** The open output files of an attempt. */
export interface OutputFiles {
  readonly stdout: number;
  readonly stderr: number;
}

/**
 * The files of a sweep on this machine: batches, claims and log in the source's directory, outputs in the tasks'.
 * The same names and the same log as the runner's, written from here. Small writes, made at once: a record that is
 * not on its way to the disk before the next step is none.
 */
export class AttemptFiles {
  readonly log: string;

  constructor(
    private readonly runDir: string,
    private readonly tasksDir: string,
  ) {
    this.log = join(runDir, 'events');
  }

  prepare(): void {
    for (const folder of ['queue', 'claim']) mkdirSync(join(this.runDir, folder), { recursive: true });
    mkdirSync(this.tasksDir, { recursive: true });
    appendFileSync(this.log, '');
  }

  hasBatch(token: string): boolean {
    return existsSync(this.batchPath(token));
  }

  /** The batch is there whole or not at all. */
  writeBatch(token: string, tasks: readonly TaskSpec[]): void {
    const path = this.batchPath(token);
    writeFileSync(`${path}.new`, JSON.stringify(tasks), { flush: true });
    renameSync(`${path}.new`, path);
  }

  /** All tasks that were handed over, in the order of the tokens. */
  readBatches(): TaskSpec[] {
    const folder = join(this.runDir, 'queue');
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return names.sort().flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as TaskSpec[]);
  }

  /** Takes an attempt; false when it was taken before. */
  claim({ task, attempt }: AttemptRef): boolean {
    try {
      closeSync(openSync(join(this.runDir, 'claim', `${task}.${attempt}`), 'wx'));
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }

  readClaims(): AttemptRef[] {
    return readdirSync(join(this.runDir, 'claim')).flatMap((name) => {
      const [, task, attempt] = /^(\d+)\.(\d+)$/.exec(name) ?? [];
      return task === undefined ? [] : { task: Number(task), attempt: Number(attempt) };
    });
  }

  /** Makes the task's directory and opens its outputs, keeping those of the attempt before. */
  openOutputs(spec: TaskSpec): OutputFiles {
    const dir = this.taskDir(spec);
    mkdirSync(dir, { recursive: true });
    for (const name of ['stdout', 'stderr']) {
      const path = join(dir, `${name}.log`);
      if (spec.attempt > 1 && existsSync(path))
        renameSync(path, join(dir, `${name}.attempt${spec.attempt - 1}.log`));
    }
    if (spec.paramsYaml !== '') writeFileSync(join(dir, 'params.yaml'), spec.paramsYaml);
    return { stdout: openSync(join(dir, 'stdout.log'), 'w'), stderr: openSync(join(dir, 'stderr.log'), 'w') };
  }

  /** Names of the tasks' directories that are there. */
  taskNames(): readonly string[] {
    return existsSync(this.tasksDir) ? readdirSync(this.tasksDir) : [];
  }

  taskDir(spec: TaskSpec): string {
    return join(this.tasksDir, spec.name);
  }

  append(record: AttemptRecord): void {
    appendFileSync(this.log, `|${formatRecord(record)} .\n`);
  }

  appendSummary(spec: TaskSpec, summary: RunSummary): void {
    appendFileSync(join(this.taskDir(spec), 'attempts.jsonl'), `${JSON.stringify(summary)}\n`);
  }

  private batchPath(token: string): string {
    if (!/^[\w-]+$/.test(token)) throw new Error(`not a token for a batch: ${token}`);
    return join(this.runDir, 'queue', `${token}.json`);
  }
}

/** @see parseRunnerLog */
function formatRecord(record: AttemptRecord): string {
  const { task, attempt, atMs } = record;
  switch (record.kind) {
    case 'started':
      return `S ${task} ${attempt} ${record.slot} p ${record.pid} 0 0@${hostname()} ${atMs}`;
    case 'ended':
      return `E ${task} ${attempt} ${record.exitCode} ${atMs} ${record.endedBy ?? '-'}`;
    case 'lost':
      return `L ${task} ${attempt} ${atMs} ${record.evidence}`;
    case 'released':
      return `R ${task} ${attempt} ${atMs} ${record.evidence}`;
  }
}
