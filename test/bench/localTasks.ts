import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleProgram } from './bundle';
import type { Bench, Contender, Measure } from './contender';
import { gridText } from './gridText';
import { hasProgram } from './machine';
import { measureCommand } from './measureCommand';
import { withWorkDir } from './workDir';

/** The task that does nothing. */
const TRUE = existsSync('/bin/true') ? '/bin/true' : '/usr/bin/true';

/** Runs so many tasks that do nothing on this machine, so many at a time, in several ways. */
export async function localTasksBench(tasks: number, slots: number): Promise<Bench> {
  const hasParallel = hasProgram('parallel') || installParallel();
  return {
    name: `${tasks.toLocaleString('en')} tasks that do nothing, ${slots} at a time`,
    unit: 'task',
    contenders: [
      shellLoop(tasks, slots),
      plainXargs(tasks, slots),
      xargsWithFiles(tasks, slots),
      ...(hasParallel ? [gnuParallel(Math.ceil(tasks / 10), slots)] : []),
      runnerAlone(tasks, slots, await bundleProgram('runnerProgram.ts')),
      commandLine(tasks, slots, await bundleProgram('../../src/cli.ts')),
    ],
    missing: hasParallel ? [] : ['GNU parallel: `apt-get install parallel`'],
  };
}

function shellLoop(tasks: number, slots: number): Contender {
  const loop = `
    slot=0
    while [ "$slot" -lt "$2" ]; do
      (n=0; while [ "$n" -lt "$(($1 / $2))" ]; do ${TRUE}; n=$((n + 1)); done) &
      slot=$((slot + 1))
    done
    wait`;
  return {
    name: 'limit: fork, exec, wait',
    note: 'a loop in `sh` for each slot; nothing is recorded',
    units: Math.floor(tasks / slots) * slots,
    isLimit: true,
    run: () =>
      withWorkDir((dir) => measureCommand(['sh', '-c', loop, 'sh', String(tasks), String(slots)], dir)),
  };
}

function plainXargs(tasks: number, slots: number): Contender {
  return {
    name: '`xargs -P`',
    note: 'nothing is recorded',
    units: tasks,
    run: () =>
      withWorkDir((dir) =>
        measureCommand(['sh', '-c', `seq ${tasks} | xargs -P ${slots} -n 1 ${TRUE}`], dir),
      ),
  };
}

function xargsWithFiles(tasks: number, slots: number): Contender {
  const task = `'exec ${TRUE} >"$1/stdout.log" 2>"$1/stderr.log"'`;
  const script = `
    seq -f 'task_%05.0f' ${tasks} >names
    xargs mkdir <names
    xargs -P ${slots} -n 1 sh -c ${task} sh <names`;
  return {
    name: '`xargs -P` with output files',
    note: 'the same two files per task; all directories are made before by one `mkdir`, which is in the time; no exit code, no time, no way to go on after a crash',
    units: tasks,
    isReference: true,
    run: () =>
      withWorkDir(async (dir) => {
        const measure = await measureCommand(['sh', '-c', script], dir);
        await checkTaskFiles(dir, tasks);
        return measure;
      }),
  };
}

function gnuParallel(tasks: number, slots: number): Contender {
  const script = `seq ${tasks} | parallel -j ${slots} --joblog joblog --results results ${TRUE}`;
  return {
    name: 'GNU parallel',
    note: `\`--joblog --results\`; measured over ${tasks.toLocaleString('en')} tasks, its time per task does not depend on their number`,
    units: tasks,
    run: () =>
      withWorkDir(async (dir) => {
        const measure = await measureCommand(['sh', '-c', script], dir);
        const lines = execFileSync('wc', ['-l', 'joblog'], { cwd: dir, encoding: 'utf8' });
        if (Number.parseInt(lines, 10) !== tasks + 1)
          throw new Error(`GNU parallel ran not all tasks: ${lines}`);
        return measure;
      }),
  };
}

function runnerAlone(tasks: number, slots: number, program: string): Contender {
  return {
    name: 'the runner alone',
    note: 'from handing the tasks over to reading the last end record; without engine, journal and the start of Node',
    units: tasks,
    run: () =>
      withWorkDir(async (dir) => {
        const argv = ['node', program, String(tasks), String(slots), TRUE];
        const { output, ...measure } = await measureCommand(argv, dir);
        const { succeeded, wallMs } = JSON.parse(output) as { succeeded: number; wallMs: number };
        if (succeeded !== tasks) throw new Error(`the runner: ${succeeded} of ${tasks} tasks succeeded`);
        return { ...measure, wallMs };
      }),
  };
}

function commandLine(tasks: number, slots: number, program: string): Contender {
  return {
    name: '`hsm run`',
    note: 'the whole product: starts Node, expands the file, writes the manifest, starts the runner, follows it to the end; journal, exit code, times, output files, results.csv',
    units: tasks,
    run: () => withWorkDir((dir) => runSweep(dir, tasks, slots, program)),
  };
}

async function runSweep(dir: string, tasks: number, slots: number, program: string): Promise<Measure> {
  await mkdir(join(dir, 'sweeps'));
  await writeFile(join(dir, 'sweeps/nothing.yaml'), gridText(tasks, [TRUE, '{a}', '{b}']));
  const flags = ['--source', 'local', '--slots', String(slots), '--json'];
  const measure = await measureCommand(['node', program, 'run', 'sweeps/nothing.yaml', ...flags], dir);
  const last = measure.output.trim().split('\n').at(-1) ?? '';
  const { succeeded } = JSON.parse(last) as { succeeded: number };
  if (succeeded !== tasks) throw new Error(`hsm run: ${succeeded} of ${tasks} tasks succeeded: ${last}`);
  return measure;
}

async function checkTaskFiles(dir: string, tasks: number): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.startsWith('task_'));
  if (names.length !== tasks) throw new Error(`${names.length} of ${tasks} directories were made.`);
  await stat(join(dir, names.at(-1) ?? '', 'stderr.log'));
}

function installParallel(): boolean {
  if (process.getuid?.() !== 0 || !hasProgram('apt-get')) return false;
  try {
    execFileSync('apt-get', ['install', '-y', '-qq', 'parallel'], { stdio: 'ignore' });
  } catch {
    return false;
  }
  return hasProgram('parallel');
}
