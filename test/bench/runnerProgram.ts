import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/clock/systemClock';
import { LocalComputeSource } from '../../src/adapters/local/localComputeSource';
import { Alarm } from '../../src/core/base/alarm';
import type { ComputeSource, TaskSpec } from '../../src/core/compute/computeSource';

/** Runs tasks that do nothing through the local source alone, without engine. Usage: TASKS SLOTS PROGRAM */
async function main(tasks: number, slots: number, program: string): Promise<void> {
  const { signal } = new AbortController();
  const projectDir = process.cwd();
  const sweepDir = join(projectDir, 'outputs/bench');
  await mkdir(sweepDir, { recursive: true });
  const source = new LocalComputeSource({ name: 'local', slots });
  await source.setup({ sweepId: 'bench', projectDir, sweepDir, env: {}, setup: [] }, signal);
  const began = performance.now();
  await source.control({ slots, paused: false }, signal);
  await source.submit('b1', specsOf(tasks, program), signal);
  const succeeded = await countToEnd(source, tasks, signal);
  console.log(JSON.stringify({ succeeded, wallMs: performance.now() - began }));
  await source.cleanup();
}

function specsOf(tasks: number, program: string): TaskSpec[] {
  return Array.from({ length: tasks }, (_, index) => ({
    task: index + 1,
    attempt: 1,
    name: `task_${String(index + 1).padStart(5, '0')}`,
    argv: [program, String(index + 1)],
    env: {},
    paramsYaml: `n: ${index + 1}\n`,
  }));
}

/** Reads the news whenever there is some, as the engine does. Resolves with how many ended with 0. */
async function countToEnd(source: ComputeSource, tasks: number, signal: AbortSignal): Promise<number> {
  const news = new Alarm(systemClock);
  source.onDidChange?.(() => {
    news.wake();
  });
  let cursor: string | undefined;
  let [ended, succeeded] = [0, 0];
  while (ended < tasks) {
    const status = await source.status(cursor, false, signal);
    cursor = status.cursor;
    const ends = status.records.filter((record) => record.kind === 'ended');
    ended += ends.length;
    succeeded += ends.filter(({ exitCode }) => exitCode === 0).length;
    // The watch alone would not keep Node alive.
    if (ends.length === 0) await news.wait(100);
  }
  return succeeded;
}

const [tasks = '0', slots = '1', program = 'true'] = process.argv.slice(2);
void main(Number(tasks), Number(slots), program);
