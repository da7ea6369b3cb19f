// A process that hands tasks over and then does nothing until it is killed: see survival.test.ts.
import { LocalComputeSource } from '../../../src/adapters/local/localComputeSource';
import type { SweepContext, TaskSpec } from '../../../src/core/compute/computeSource';

async function main(): Promise<void> {
  const { context, tasks } = JSON.parse(process.argv[2] ?? '') as {
    context: SweepContext;
    tasks: TaskSpec[];
  };
  const source = new LocalComputeSource({ name: 'local', slots: 2, graceSec: 1, tickSec: 1 });
  const { signal } = new AbortController();
  await source.setup(context, signal);
  await source.submit('b0000', tasks, signal);
  process.stdout.write('handed over\n');
  setInterval(() => undefined, 1000);
}

void main();
