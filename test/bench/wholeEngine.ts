import { execFileSync } from 'node:child_process';
import { bundleProgram } from './bundle';
import type { Bench, Contender, Measure } from './contender';
import { measureCommand } from './measureCommand';
import { withWorkDir } from './workDir';

/** What a sweep is read from. */
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
