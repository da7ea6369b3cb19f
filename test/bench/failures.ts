import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleProgram } from './bundle';
import type { Bench, Contender, Measure } from './contender';
import { measureCommand } from './measureCommand';
import { benchRoot } from './workDir';

/** Causes of which each task's message differs. */
const CAUSES: readonly ((task: number) => string)[] = [
  (task) => `ValueError: loss is nan at step ${task}`,
  (task) => `torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate ${task}.00 MiB`,
  (task) => `FileNotFoundError: [Errno 2] No such file or directory: '/data/part-${task}.csv'`,
  (task) => `KeyError: 'run_${task}'`,
  (task) => `KeyError: 'subject${task}'`,
];
const CHATTER = 40;

/** Reads the stderr of many failed tasks and finds the few causes behind them. */
export async function groupFailuresBench(tasks: number): Promise<Bench> {
  const dir = join(benchRoot(), `failures-${process.pid}`);
  await writeProject(dir);
  for (let task = 1; task <= tasks; task += 1)
    await writeTask(join(dir, 'tasks', String(task)), stderrOf(dir, task));
  return {
    name: `causes of ${tasks.toLocaleString('en')} failures`,
    unit: 'failure',
    contenders: await contenders(dir, tasks, CAUSES.length),
    missing: [],
    dispose: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Summarises one task that wrote very much before it failed. */
export async function largeStderrBench(mebibytes: number): Promise<Bench> {
  const dir = join(benchRoot(), `large-${process.pid}`);
  await writeProject(dir);
  const bars = Array.from({ length: 50_000 }, (_, step) => `\repoch 1: ${step}/50000 |####|`).join('');
  await writeTask(join(dir, 'tasks', '1'), '');
  const file = await open(join(dir, 'tasks', '1', 'stderr.log'), 'r+');
  // The beginning is a hole: nobody may look at it.
  await file.write(`${bars}\n${stderrOf(dir, 4)}`, mebibytes * 1024 * 1024);
  await file.close();
  return {
    name: `summary of a stderr of ${mebibytes} MiB`,
    unit: 'failure',
    contenders: (await contenders(dir, 1, 1)).filter(({ isLimit }) => isLimit !== true),
    missing: [],
    dispose: () => rm(dir, { recursive: true, force: true }),
  };
}

async function contenders(dir: string, tasks: number, causes: number): Promise<Contender[]> {
  const program = await bundleProgram('failuresProgram.ts');
  const run = async (way: string): Promise<Measure & { readonly groups?: number }> => {
    const argv = ['node', '--max-old-space-size=200', program, way, dir, String(tasks)];
    const { output, cpuMs, peakMiB } = await measureCommand(argv, benchRoot());
    const { wallMs, groups } = JSON.parse(output) as { wallMs: number; groups?: number };
    return { wallMs, cpuMs, peakMiB, ...(groups !== undefined && { groups }) };
  };
  return [
    { name: 'limit: read every stderr', units: tasks, isLimit: true, run: () => run('read') },
    {
      name: 'analyse and group',
      note: 'at most 200 MiB of heap',
      units: tasks,
      run: async () => {
        const { groups, ...measure } = await run('analyse');
        if (groups !== causes) throw new Error(`${groups ?? 0} causes were found, not ${causes}`);
        return measure;
      },
    },
  ];
}

async function writeProject(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'train.py'), 'x\n');
}

async function writeTask(dir: string, stderr: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'stderr.log'), stderr);
}

function stderrOf(dir: string, task: number): string {
  const chatter = Array.from(
    { length: CHATTER },
    (_, step) => `INFO step ${step}: loss ${task / (step + 1)}\n`,
  ).join('');
  const frames = `  File "${dir}/train.py", line 1, in main\n    step()\n  File "/usr/lib/python3/site-packages/lib.py", line 9, in run\n    run()\n`;
  const cause = CAUSES[task % CAUSES.length]?.(task) ?? '';
  return `${chatter}Traceback (most recent call last):\n${frames}${cause}\n`;
}
