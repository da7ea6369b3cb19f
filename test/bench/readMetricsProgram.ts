import { open, readdir, stat } from 'node:fs/promises';
import { projectFiles } from '../../src/adapters/files/projectFiles';
import { FIND_METRICS } from '../../src/core/results/metricRules';
import { readTaskMetrics } from '../../src/core/results/taskMetrics';

/** Reads what a task logged and prints how long it took. Usage: DIRECTORY ROWS; or `bytes` FILE for the disk alone. */
const [way = '', where = ''] = process.argv.slice(2);

async function readBytes(file: string): Promise<number> {
  const handle = await open(file, 'r');
  const buffer = Buffer.alloc(256 * 1024);
  let total = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, total);
    if (bytesRead === 0) break;
    total += bytesRead;
  }
  await handle.close();
  return total;
}

async function main(): Promise<void> {
  const began = performance.now();
  if (way === 'bytes') await readBytes(where);
  const metrics =
    way === 'metrics' ? (await readTaskMetrics(projectFiles, where, FIND_METRICS)).metrics : new Map();
  const wallMs = performance.now() - began;
  const [name] = way === 'metrics' ? await readdir(where) : [];
  const bytes = name === undefined ? 0 : (await stat(`${where}/${name}`)).size;
  console.log(JSON.stringify({ wallMs, bytes, last: [...metrics] }));
}

void main();
