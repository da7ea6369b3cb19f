import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LocalComputeSource } from '../../src/adapters/local/localComputeSource';
import { ProcessComputeSource } from '../../src/adapters/local/processComputeSource';
import type { SweepContext } from '../../src/core/compute/computeSource';
import { FakeComputeSource } from '../support/fakeComputeSource';
import { endRunner } from '../support/runnerRig';
import { shellsHere } from '../support/shells';
import { makeTempDir } from '../support/tempDir';
import { describeComputeSource, type SourceFixture } from './computeSourceContract';

describeComputeSource('FakeComputeSource', openFake);
describeComputeSource('ProcessComputeSource', openProcess);
for (const shell of shellsHere()) {
  describeComputeSource(`LocalComputeSource with ${shell.name}`, () => openLocal(shell.path));
}

function openFake(): Promise<SourceFixture> {
  const source = new FakeComputeSource({
    fate: ({ argv: [word, code] }) =>
      word === 'exit' ? { kind: 'ends', exitCode: Number(code) } : { kind: 'runs' },
  });
  return Promise.resolve({
    source,
    context: contextIn('/nowhere'),
    reopen: () => new FakeComputeSource(source.far),
    exits: (code) => ['exit', String(code)],
    hangs: () => ['hang'],
    close: () => source.cleanup(),
  });
}

function openProcess(): Promise<SourceFixture> {
  const dir = makeTempDir();
  const context = contextIn(dir.path);
  mkdirSync(context.sweepDir);
  const open = (): ProcessComputeSource =>
    new ProcessComputeSource({ name: 'process', slots: 2, graceSec: 1 });
  const source = open();
  return Promise.resolve({
    source,
    context,
    reopen: open,
    exits: (code) => [process.execPath, '-e', `process.exit(${code})`],
    hangs: () => [process.execPath, '-e', 'setInterval(() => undefined, 1000)'],
    close: async () => {
      await source.cleanup();
      await endRunner(context);
      dir.dispose();
    },
  });
}

function openLocal(shellPath: (dir: string) => string): Promise<SourceFixture> {
  const dir = makeTempDir();
  const context = contextIn(dir.path);
  mkdirSync(context.sweepDir);
  const shell = shellPath(dir.path);
  const open = (): LocalComputeSource =>
    new LocalComputeSource({ name: 'local', slots: 2, shell, graceSec: 1, tickSec: 1 });
  const source = open();
  return Promise.resolve({
    source,
    context,
    reopen: open,
    exits: (code) => ['sh', '-c', `exit ${code}`],
    hangs: () => ['sleep', '600'],
    close: async () => {
      await endRunner(context);
      await source.cleanup();
      dir.dispose();
    },
  });
}

function contextIn(dir: string): SweepContext {
  return { sweepId: 'contract', projectDir: dir, sweepDir: join(dir, 'sweep'), env: {}, setup: [] };
}
