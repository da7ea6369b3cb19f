import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from './bundle';
import type { Bench, Contender } from './contender';
import { measureCommand } from './measureCommand';

const AXES = 6;

/** Walks all combinations of a grid with six parameters, beside the Python that users write for it. */
export async function expansionBench(valuesPerAxis: number): Promise<Bench> {
  const count = valuesPerAxis ** AXES;
  const program = await bundleProgram('expandProgram.ts');
  const sizes = [String(AXES), String(valuesPerAxis)];
  return {
    name: `${count.toLocaleString('en')} combinations of ${AXES} parameters`,
    unit: 'combination',
    contenders: [
      contender(
        'limit: nested loops',
        count,
        ['node', program, 'loop', ...sizes],
        'fills a JavaScript map for each',
        {
          isLimit: true,
        },
      ),
      contender(
        'Python `itertools.product`',
        count,
        ['python3', join(import.meta.dirname, 'product.py'), ...sizes],
        'a dictionary for each; no file is read',
        { isReference: true },
      ),
      contender(
        '`expand`, all combinations',
        count,
        ['node', program, 'expand', ...sizes],
        'reads the sweep file too',
      ),
      contender(
        '`expand`, the count alone',
        count,
        ['node', program, 'count', ...sizes],
        'reads the sweep file too',
      ),
    ],
    missing: [],
  };
}

/** Times are those that the program takes itself: without its start. Memory is the whole process's. */
function contender(
  name: string,
  count: number,
  argv: readonly string[],
  note: string,
  role: Pick<Contender, 'isLimit' | 'isReference'> = {},
): Contender {
  return {
    name,
    note,
    units: count,
    ...role,
    run: async () => {
      const { output, peakMiB } = await measureCommand(argv, tmpdir());
      const own = JSON.parse(output) as { count: number; wallMs: number };
      if (own.count !== count) throw new Error(`${name}: ${own.count} of ${count} combinations`);
      return { wallMs: own.wallMs, peakMiB };
    },
  };
}
