import { bundleProgram } from './bundle';
import type { Bench, Contender } from './contender';
import { measureCommand } from './measureCommand';
import { benchRoot } from './workDir';

/** What the engine's state needs for each task, as heap and typed arrays together. */
export async function engineMemoryBench(tasks: number): Promise<Bench> {
  const program = await bundleProgram('engineMemoryProgram.ts');
  const contender = (
    way: string,
    name: string,
    note: string,
    role: Pick<Contender, 'isLimit' | 'isReference'> = {},
  ): Contender => ({
    name,
    note,
    units: tasks,
    ...role,
    run: async () => {
      const argv = ['node', '--expose-gc', program, way, String(tasks)];
      const { output, peakMiB } = await measureCommand(argv, benchRoot());
      const { wallMs, heldBytes } = JSON.parse(output) as { wallMs: number; heldBytes: number };
      return { wallMs, peakMiB, heldBytes };
    },
  });
  return {
    name: `state of ${tasks.toLocaleString('en')} tasks in memory`,
    unit: 'task',
    contenders: [
      contender('bytes', 'limit: a byte for each', 'the state alone', { isLimit: true }),
      contender('objects', 'an object for each', 'with six plain fields', { isReference: true }),
      contender('waiting', 'engine, all waiting', 'from the manifest'),
      contender('queued', 'engine, all handed over', 'from a journal, in batches of 5,000'),
    ],
    missing: [],
  };
}
