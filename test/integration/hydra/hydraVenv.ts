import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = path.resolve(import.meta.dirname, '../../..');
const VENV = path.join(ROOT, '.cache', 'hydra-venv');
const PYTHON = path.join(VENV, 'bin', 'python');

export const FIXTURES = path.join(ROOT, 'test', 'fixtures', 'hydra');

/**
 * The interpreter of a virtual environment with Hydra, made on the first run and kept. When it cannot be made the
 * tests of the calling suite are skipped with the reason, except in CI, where they fail.
 */
export async function pythonWithHydra(suite: Mocha.Context): Promise<string> {
  try {
    await makeVenv();
    return PYTHON;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.env['CI']) throw new Error(`No virtual environment with Hydra: ${reason}`, { cause: error });
    console.log(`      skipped: no virtual environment with hydra-core could be made (${reason})`);
    return suite.skip();
  }
}

/** Several suites may come for it at the same time: it appears whole, and the first one stays. */
async function makeVenv(): Promise<void> {
  if (await hasHydra()) return;
  const draft = `${VENV}.${process.pid}`;
  await run('python3', ['-m', 'venv', draft]);
  const python = path.join(draft, 'bin', 'python');
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'hydra-core==1.3.*']);
  if (await hasHydra()) await rm(draft, { recursive: true });
  else await replaceVenv(draft);
}

async function replaceVenv(draft: string): Promise<void> {
  await rm(VENV, { recursive: true, force: true });
  try {
    await rename(draft, VENV);
  } catch (error) {
    await rm(draft, { recursive: true });
    if (!(await hasHydra())) throw error;
  }
}

async function hasHydra(): Promise<boolean> {
  if (!existsSync(PYTHON)) return false;
  return run(PYTHON, ['-c', 'import hydra']).then(
    () => true,
    () => false,
  );
}
