import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { projectDir } from './project';

/** The longest first: two at a time keep two cores busy to the end. */
const STEPS = ['check:lint', 'test:unit', 'check:types', 'check:format', 'check:layers'];

const AT_ONE_TIME = 2;

interface Outcome {
  readonly step: string;
  readonly isGood: boolean;
  readonly output: Buffer;
}

/** `npm run check`: every step by itself, whatever the others find. What was not right is said last, in full. */
async function main(): Promise<void> {
  const waiting = [...STEPS];
  const failed: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const outcome = await run(step);
      if (outcome.isGood) process.stdout.write(outcome.output);
      else failed.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: AT_ONE_TIME }, work));
  for (const { step, output } of failed) {
    console.log(`\nNot right: ${step}`);
    process.stdout.write(output);
  }
  if (failed.length > 0) console.log(`\nNot right: ${failed.map(({ step }) => step).join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

async function run(step: string): Promise<Outcome> {
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
  const isGood = code === 0;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`\n${step}: ${isGood ? 'good' : 'not right'}, ${seconds} s`);
  return { step, isGood, output: Buffer.concat([out, err]) };
}

void main();
