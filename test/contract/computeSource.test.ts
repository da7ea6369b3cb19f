import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LocalHost } from '../../src/adapters/host/localHost';
import { LocalComputeSource, type LocalOptions } from '../../src/adapters/local/localComputeSource';
import { ProcessComputeSource } from '../../src/adapters/local/processComputeSource';
import type { SweepContext } from '../../src/core/compute/computeSource';
import { FakeComputeSource } from '../support/fakeComputeSource';
import { findCommand } from '../support/requirement';
import { endRunner } from '../support/runnerRig';
import { shellsHere } from '../support/shells';
import { makeTempDir } from '../support/tempDir';
import { describeComputeSource, type SourceFixture } from './computeSourceContract';

describeComputeSource('FakeComputeSource', 'own', openFake);
describeComputeSource('ProcessComputeSource', 'own', openProcess);
for (const shell of shellsHere()) {
  describeComputeSource(`LocalComputeSource with ${shell.name}`, 'shared', () =>
    openLocal((dir) => ({ shell: shell.path(dir) })),
  );
}
describeComputeSource('LocalComputeSource without /proc and setsid, as on macOS', 'shared', () =>
  openLocal((dir) => ({ host: new PlainUnixHost(dir) })),
);

/** This machine without what only Linux has. */
class PlainUnixHost extends LocalHost {
  constructor(dir: string) {
    super({ ...process.env, PATH: linkPrograms(join(dir, 'bin')) });
  }

  override writeFile(path: string, content: string, signal: AbortSignal, mode?: number): Promise<void> {
    return super.writeFile(path, content.replaceAll('/proc/', '/nowhere/'), signal, mode);
  }
}

/** A directory with links to the programs that a POSIX system has, and perl. */
function linkPrograms(dir: string): string {
  mkdirSync(dir);
  const names =
    'awk cat cp date dash grep head ln ls mkdir mv nohup perl ps rm sh sleep sort tail touch tr true uname wc';
  for (const name of names.split(' ')) {
    const found = findCommand(name);
    if (found !== undefined) symlinkSync(found, join(dir, name));
  }
  return dir;
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

function openLocal(optionsIn: (dir: string) => Partial<LocalOptions>): Promise<SourceFixture> {
  const dir = makeTempDir();
  const context = contextIn(dir.path);
  mkdirSync(context.sweepDir);
  const options = optionsIn(dir.path);
  const sharedDir = join(dir.path, 'slots');
  const open = (): LocalComputeSource =>
    new LocalComputeSource({ name: 'local', slots: 2, graceSec: 1, tickSec: 1, sharedDir, ...options });
  const source = open();
  return Promise.resolve({
    source,
    context,
    reopen: open,
    openOther: () => {
      const other = { ...context, sweepId: 'other', sweepDir: join(context.sweepDir, 'other') };
      mkdirSync(other.sweepDir);
      return { source: open(), context: other };
    },
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
