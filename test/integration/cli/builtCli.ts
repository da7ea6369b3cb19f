import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectDir } from '../../support/project';

let built: Promise<unknown> | undefined;

/** Builds `dist/cli.js` from the sources as they are, once for all suites. */
export async function buildBundles(): Promise<void> {
  built ??= promisify(execFile)(process.execPath, ['esbuild.config.mjs'], { cwd: projectDir });
  await built;
}
