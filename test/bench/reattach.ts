import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleProgram } from './bundle';
import type { Bench, Contender, Measure } from './contender';
import { measureCommand } from './measureCommand';
import { benchRoot } from './workDir';

/** Finds finished sweeps again, in a new process. They are made once, by the engine, with tasks that take no time. */
export async function reattachBench(tasks: number, sweeps: number): Promise<Bench> {
  const program = await bundleProgram('projectProgram.ts');
  const cli = await bundleProgram('../../src/cli.ts');
  const dir = await mkdtemp(join(benchRoot(), 'hsm-bench-'));
  await mkdir(join(dir, '.hsm'));
  execFileSync('node', [program, 'run', String(tasks), String(sweeps)], { cwd: dir });
  const newest = (await readdir(join(dir, 'outputs'))).sort().at(-1) ?? '';
  const command = (name: string, note: string, argv: readonly string[], isLimit = false): Contender => ({
    name,
    note,
    units: sweeps,
    isLimit,
    run: () => measureCommand(argv, dir),
  });
  const reading = 'cat outputs/*/tasks.jsonl outputs/*/journal.jsonl >/dev/null';
  return {
    name: `finding ${sweeps} finished sweeps of ${tasks.toLocaleString('en')} tasks again`,
    unit: 'sweep',
    contenders: [
      command('limit: `cat`', 'reads the tasks.jsonl and journal.jsonl of all', ['sh', '-c', reading], true),
      command('starting Node', 'an empty program', ['node', '-e', '0']),
      {
        name: 'opening the project',
        note: 'the summaries of all sweeps, without the start of Node',
        units: sweeps,
        run: () => openProject(program, dir, tasks * sweeps),
      },
      command('`hsm status`', 'all sweeps, with the start of Node', ['node', cli, 'status']),
      command('`hsm status SWEEP --json`', 'every task of one', ['node', cli, 'status', newest, '--json']),
    ],
    missing: [],
    dispose: () => rm(dir, { recursive: true }),
  };
}

async function openProject(program: string, dir: string, total: number): Promise<Measure> {
  const { output } = await measureCommand(['node', program, 'open'], dir);
  const { open, succeeded } = JSON.parse(output) as { open: Measure; succeeded: number };
  if (succeeded !== total) throw new Error(`${succeeded} of ${total} tasks were found again`);
  return open;
}
