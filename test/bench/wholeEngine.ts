import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleProgram } from './bundle';
import type { Bench, Contender, Measure } from './contender';
import { measureCommand } from './measureCommand';
import { withWorkDir } from './workDir';

const FILES = 'outputs/*/tasks.jsonl outputs/*/journal.jsonl';

/** Launch and drive a sweep whose tasks take no time: engine, journal and files, without any process. */
export async function wholeEngineBench(tasks: number): Promise<Bench> {
  const program = await bundleProgram('projectProgram.ts');
  const phase = (name: 'launch' | 'run', title: string, note: string): Contender => ({
    name: title,
    note,
    units: tasks,
    run: () =>
      withWorkDir(async (dir) => {
        const { output } = await measureCommand(['node', program, 'run', String(tasks), '1'], dir);
        const figures = JSON.parse(output) as Record<'launch' | 'run', Measure> & { succeeded: number };
        if (figures.succeeded !== tasks) throw new Error(`${title}: ${figures.succeeded} of ${tasks} ended`);
        return figures[name];
      }),
  });
  return {
    name: `engine with ${tasks.toLocaleString('en')} tasks that take no time`,
    unit: 'task',
    contenders: [
      {
        name: 'limit: `cat`',
        note: 'copies the same tasks.jsonl and journal.jsonl',
        units: tasks,
        isLimit: true,
        run: () =>
          withWorkDir(async (dir) => {
            execFileSync('node', [program, 'run', String(tasks), '1'], { cwd: dir });
            return measureCommand(['sh', '-c', `cat ${FILES} >copy`], dir);
          }),
      },
      phase('launch', 'launch', 'from the sweep file to a directory with manifest and tasks, on the disk'),
      phase('run', 'engine, launch to end', 'hand-over, start and end records, journal, results.csv'),
    ],
    missing: [],
  };
}

/** Find finished sweeps again, in a new process. */
export async function reattachBench(tasks: number, sweeps: number): Promise<Bench> {
  const program = await bundleProgram('projectProgram.ts');
  const cli = await bundleProgram('../../src/cli.ts');
  const total = tasks * sweeps;
  const over = (
    name: string,
    note: string,
    work: (dir: string) => Promise<Measure>,
    isLimit = false,
  ): Contender => ({
    name,
    note,
    units: sweeps,
    isLimit,
    run: () =>
      withWorkDir(async (dir) => {
        await mkdir(join(dir, '.hsm'));
        execFileSync('node', [program, 'run', String(tasks), String(sweeps)], { cwd: dir });
        return work(dir);
      }),
  });
  const status = (words: (dir: string) => readonly string[]) => (dir: string) =>
    measureCommand(['node', cli, 'status', ...words(dir)], dir);
  const newest = (dir: string): string =>
    execFileSync('ls', ['outputs'], { cwd: dir, encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
  return {
    name: `finding ${sweeps} finished sweeps of ${tasks.toLocaleString('en')} tasks again`,
    unit: 'sweep',
    contenders: [
      over(
        'limit: `cat`',
        'reads the same tasks.jsonl and journal.jsonl',
        (dir) => measureCommand(['sh', '-c', `cat ${FILES} >/dev/null`], dir),
        true,
      ),
      over('starting Node', 'an empty program', (dir) => measureCommand(['node', '-e', '0'], dir)),
      over('opening the project', 'the summaries of all sweeps, without the start of Node', async (dir) => {
        const { output } = await measureCommand(['node', program, 'open'], dir);
        const { open, succeeded } = JSON.parse(output) as { open: Measure; succeeded: number };
        if (succeeded !== total) throw new Error(`${succeeded} of ${total} tasks were found again`);
        return open;
      }),
      over(
        '`hsm status`',
        'all sweeps, with the start of Node',
        status(() => []),
      ),
      over(
        '`hsm status SWEEP --json`',
        'every task of one',
        status((dir) => [newest(dir), '--json']),
      ),
    ],
    missing: [],
  };
}
