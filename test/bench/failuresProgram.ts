import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFiles } from '../../src/adapters/files/projectFiles';
import { groupFailures, type GroupedFailure } from '../../src/core/analysis/groupFailures';
import { readFailure } from '../../src/core/analysis/readFailure';

/** Works through the failures of tasks and prints what came of it. Usage: WAY DIR COUNT */
const [way = '', dir = '', count = ''] = process.argv.slice(2);
const AT_ONCE = 32;

async function main(): Promise<void> {
  const began = performance.now();
  const result = way === 'read' ? await readAll() : await analyzeAll();
  console.log(JSON.stringify({ ...result, wallMs: performance.now() - began }));
}

/** Only the files: what no analysis can undercut. */
async function readAll(): Promise<object> {
  let bytes = 0;
  await inBatches(async (taskDir) => {
    bytes += (await readFile(join(taskDir, 'stderr.log'))).length;
  });
  return { bytes };
}

async function analyzeAll(): Promise<object> {
  const known = new Map<string, boolean>();
  const failures: GroupedFailure[] = [];
  await inBatches(async (taskDir, number) => {
    const task = {
      number,
      name: `task_${number}`,
      state: 'failed' as const,
      attempt: 1,
      exitCode: 1,
      stdout: join(taskDir, 'stdout.log'),
      stderr: join(taskDir, 'stderr.log'),
    };
    const parts = { files: projectFiles, join };
    const { signature, title, culprit, explanation } = await readFailure(
      parts,
      { task, dir: taskDir, projectDir: dir },
      known,
    );
    // As the engine does: what is kept of a failure is its cause.
    failures.push({ task: number, signature, title, culprit, ...(explanation && { explanation }) });
  });
  const groups = groupFailures(failures);
  return { groups: groups.length, patterns: groups.filter(({ explanation }) => explanation).length };
}

async function inBatches(act: (taskDir: string, number: number) => Promise<void>): Promise<void> {
  const numbers = Array.from({ length: Number(count) }, (_, index) => index + 1);
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    await Promise.all(
      numbers.slice(at, at + AT_ONCE).map((number) => act(join(dir, 'tasks', String(number)), number)),
    );
  }
}

void main();
