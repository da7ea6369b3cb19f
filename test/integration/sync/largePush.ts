import { openSync, SOURCE } from './copies';

/** A program that compares, pushes and pulls, and says how much memory it had at most, in bytes. */
const [, , projectDir = '', checkout = ''] = process.argv;

async function main(): Promise<void> {
  const sync = openSync({ projectDir, checkout });
  await sync.compare(SOURCE);
  const pushed = await sync.push(SOURCE);
  const pulled = await sync.pull(SOURCE);
  const most = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ most, written: [...pushed.written, ...pulled.written] }));
}

void main();
