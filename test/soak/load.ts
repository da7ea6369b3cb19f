import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isFinal, isSweepOver } from '../../src/core/engine/taskState';
import { HsmError } from '../../src/core/base/errors';
import { silentLogger } from '../../src/core/base/logger';
import type { Project } from '../../src/core/project/project';
import { openProject } from '../../src/openProject';
import { FaultProject } from '../support/faults/faultProject';
import { readLedger } from '../support/faults/ledger';
import type { Random } from '../support/simulation/random';
import { waitUntil } from '../support/waitUntil';

const KINDS = ['short', 'long', 'failing', 'hanging', 'flooding'];
const MAX_TASKS = 60;
/** Older sweeps are removed, as a user does. */
const KEPT = 3;

/** Mixed load on one project that this process drives, with people and deaths interfering. */
export class Load {
  sweepsEnded = 0;
  tasksEnded = 0;
  private project: Project | undefined;

  private constructor(
    private readonly files: FaultProject,
    private readonly random: Random,
  ) {}

  static async create(random: Random): Promise<Load> {
    const files = await FaultProject.create({ slots: 3 });
    files.writeScript('task.sh', readFileSync(join(import.meta.dirname, 'task.sh'), 'utf8'));
    // Inherited by runner and tasks, as by those that command lines start.
    process.env['HSM_FAULT_DIR'] = files.dir;
    return new Load(files, random);
  }

  /** Runs one sweep to its end, with a word from outside every now and then, and holds it against its ledger. */
  async runSweep(): Promise<void> {
    const project = await this.driving();
    const { id } = await project.start(join(this.files.dir, this.writeSweep()));
    const over = (): boolean => isSweepOver(this.project?.sweep(id)?.state ?? 'running');
    while (!over()) {
      await delay(this.random.int(200, 2_000));
      if (!over()) await this.interfere(id);
    }
    await this.check(id);
    this.forgetOld();
  }

  async close(): Promise<void> {
    await this.project?.close();
    await this.files.remove();
  }

  private writeSweep(): string {
    const ids = Array.from({ length: this.random.int(2, MAX_TASKS / KINDS.length) }, (_, index) => index + 1);
    return this.files.writeSweep(`{ id: [${ids.join(', ')}], kind: [${KINDS.join(', ')}] }`, {
      run: '{ timeout: 1s, retries: 1 }',
    });
  }

  private async driving(): Promise<Project> {
    return (this.project ??= await openProject({
      projectDir: this.files.dir,
      log: silentLogger,
      mode: 'drive',
    }));
  }

  private async interfere(id: string): Promise<void> {
    const project = await this.driving();
    const total = project.sweep(id)?.total ?? 1;
    const tasks = [this.random.int(1, total), this.random.int(1, total)];
    const acts: (() => Promise<unknown>)[] = [
      () => this.pauseAndResume(project, id),
      () => project.cancel(id, tasks),
      () => project.rerun(id, { kind: 'tasks', tasks }),
      () => project.setSlots(id, 'local', this.random.int(1, 4)),
      () => this.files.hsm('slots', id, 'local', String(this.random.int(1, 4))),
      () => this.files.hsm('cancel', id, '--tasks', tasks.join(',')),
      () => this.files.hsm('errors', id),
      () => project.failureGroups(id),
      () => project.results(id),
      () => this.reload(),
      () => this.leaveItToOneWhoDies(id),
    ];
    try {
      await this.random.pick(acts)();
    } catch (error) {
      // Asked too late or too early, e.g. to run again what has not ended.
      if (!HsmError.is(error, 'input.invalid')) throw error;
    }
  }

  private async pauseAndResume(project: Project, id: string): Promise<void> {
    await project.pause(id);
    await delay(this.random.int(100, 1_500));
    await project.resume(id);
  }

  /** As a window does: everything is let go, and found again. */
  private async reload(): Promise<void> {
    await this.project?.close();
    this.project = undefined;
    await this.driving();
  }

  private async leaveItToOneWhoDies(id: string): Promise<void> {
    await this.project?.close();
    this.project = undefined;
    const other = this.files.start('attach', id);
    await delay(this.random.int(300, 2_500));
    await other.kill();
    await this.driving();
  }

  private async check(id: string): Promise<void> {
    const project = await this.driving();
    const tasks = await waitUntil('the end is known here', () => {
      const known = project.tasks(id);
      return known.length > 0 && known.every(({ state }) => isFinal(state)) && known;
    });
    const { attempts, violations } = readLedger(join(this.files.dir, `ledger.${id}`));
    assert.deepEqual(violations, [], `${id}: an attempt ran twice`);
    for (const { number, state, attempt, exitCode } of tasks) {
      const last = attempts.findLast(({ task }) => task === number);
      const told = `${id}: task ${number} is ${state} in attempt ${attempt}, its ledger: ${JSON.stringify(last)}`;
      assert.ok((last?.attempt ?? 0) <= attempt, told);
      if (state === 'succeeded') assert.deepEqual([last?.attempt, last?.exitCode], [attempt, 0], told);
      if (state === 'failed' && (exitCode ?? 255) <= 128) assert.equal(last?.exitCode, exitCode, told);
    }
    this.sweepsEnded++;
    this.tasksEnded += attempts.length;
  }

  private forgetOld(): void {
    for (const dir of this.files.sweepDirs().slice(0, -KEPT)) rmSync(dir, { recursive: true, force: true });
  }
}
