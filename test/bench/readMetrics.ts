import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventFile, type EventValue } from '../support/eventFile';
import { bundleProgram } from './bundle';
import type { Bench, Contender } from './contender';
import { measureCommand } from './measureCommand';

/** Reads one long learning curve, beside the Python that users write for it. A unit is a row with five columns. */
export async function readCsvBench(rows: number): Promise<Bench> {
  const dir = await makeTask('metrics.csv', csvText(rows));
  const file = join(dir, 'metrics.csv');
  const program = await bundleProgram('readMetricsProgram.ts');
  const python = join(import.meta.dirname, 'readCsv.py');
  return {
    name: `a CSV log with ${rows.toLocaleString('en')} rows`,
    unit: 'row',
    contenders: [
      contender('limit: reading the bytes', rows, ['node', program, 'bytes', file], { isLimit: true }),
      contender('Python `csv`', rows, ['python3', python, 'csv', file], { isReference: true }),
      ...(hasModule('pandas') ? [contender('pandas', rows, ['python3', python, 'pandas', file])] : []),
      contender('our reader', rows, ['node', program, 'metrics', dir]),
    ],
    missing: hasModule('pandas') ? [] : ['pandas (pip install pandas)'],
    dispose: () => rm(dir, { recursive: true }),
  };
}

/** Reads the scalars of an event file, beside TensorBoard's own reader where it is installed. A unit is a scalar. */
export async function readEventsBench(scalars: number): Promise<Bench> {
  const dir = await makeTask('events.out.tfevents.1', eventBytes(scalars));
  const file = join(dir, 'events.out.tfevents.1');
  const program = await bundleProgram('readMetricsProgram.ts');
  const python = join(import.meta.dirname, 'readEvents.py');
  const hasPeer = hasModule('tensorboard');
  return {
    name: `a TensorBoard event file with ${scalars.toLocaleString('en')} scalars`,
    unit: 'scalar',
    contenders: [
      contender('limit: reading the bytes', scalars, ['node', program, 'bytes', file], { isLimit: true }),
      ...(hasPeer
        ? [contender('TensorBoard', scalars, ['python3', python, file], { isReference: true })]
        : []),
      contender('our reader', scalars, ['node', program, 'metrics', dir]),
    ],
    missing: hasPeer ? [] : ['TensorBoard (pip install tensorboard)'],
    dispose: () => rm(dir, { recursive: true }),
  };
}

/** Times are those that the program takes itself: without its start. Memory is the whole process's. */
function contender(
  name: string,
  units: number,
  argv: readonly string[],
  role: Pick<Contender, 'isLimit' | 'isReference'> = {},
): Contender {
  return {
    name,
    units,
    ...role,
    run: async () => {
      const { output, peakMiB } = await measureCommand(argv, tmpdir());
      const { wallMs, last } = JSON.parse(output) as { wallMs: number; last: readonly unknown[] };
      if (!role.isLimit && last.length === 0) throw new Error(`${name} read nothing`);
      return { wallMs, ...(peakMiB !== undefined && { peakMiB }) };
    },
  };
}

async function makeTask(name: string, content: string | Uint8Array): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'hsm-bench-'));
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, name), content);
  return dir;
}

function csvText(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, n) =>
      `${Math.floor(n / 100)},${n},${(1 / (n + 1)).toFixed(8)},${n % 10 === 0 ? (2 / (n + 1)).toFixed(8) : ''},0.001`,
  );
  return `epoch,step,train_loss,val_loss,lr\n${lines.join('\n')}\n`;
}

function eventBytes(scalars: number): Uint8Array {
  const tags = ['train/loss', 'train/accuracy', 'val/loss', 'lr'];
  // A block of records is written once and repeated: the reader does not mind steps that come again.
  const block = eventFile(
    Array.from({ length: 1000 }, (_, n): EventValue => ({
      step: n,
      tag: tags[n % 4] ?? '',
      value: 1 / (n + 1),
    })),
  );
  return Buffer.concat(Array.from({ length: Math.ceil(scalars / 1000) }, () => block));
}

function hasModule(name: string): boolean {
  return spawnSync('python3', ['-c', `import ${name}`]).status === 0;
}
