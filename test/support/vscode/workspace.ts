import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { projectDir } from '../project';

/** A copy of a folder of this repository that a test may change. */
export interface WorkspaceCopy extends AsyncDisposable {
  /** Absolute, without symbolic links. */
  readonly dir: string;
  /** An empty directory beside it, for the user's home: sweeps of one home share their slots. */
  readonly home: string;
}

/** Copies a folder, e.g. `examples/mlp`, without what earlier runs left in it. */
export async function copyWorkspace(source: string): Promise<WorkspaceCopy> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), 'hsm-workspace-')));
  const dir = join(parent, basename(source));
  const home = join(parent, 'home');
  await mkdir(home);
  const leftovers = ['outputs', '__pycache__', '.git'];
  await cp(resolve(projectDir, source), dir, {
    recursive: true,
    filter: (path) => !leftovers.includes(basename(path)),
  });
  return {
    dir,
    home,
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true, maxRetries: 5 }),
  };
}
