import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { projectDir } from './project';

/** The longest first: two at a time keep two cores busy to the end. */
const STEPS = ['check:lint', 'test:unit', 'check:types', 'check:format', 'check:layers'];

const AT_ONE_TIME = 2;

/** `npm run check`: every step by itself, whatever the others find; what a step says appears when it is over. */
async function main(): Promise<void> {
  const waiting = [...STEPS];
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      if (!(await run(step))) failed.push(step);
  };
  await Promise.all(Array.from({ length: AT_ONE_TIME }, work));
  if (failed.length > 0) console.error(`\nNot right yet: ${failed.join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

async function run(step: string): Promise<boolean> {
  const startedAt = Date.now();
  const child = spawn('npm', ['run', '--silent', step], {
    cwd: projectDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const [out, err, code] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  console.log(
    `\n${step}: ${code === 0 ? 'good' : 'not right'}, ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
  process.stdout.write(Buffer.concat([out, err]));
  return code === 0;
}

void main();
