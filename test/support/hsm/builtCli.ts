import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDir } from '../project';

let bundles: Promise<unknown> | undefined;
let cli: Promise<Buffer> | undefined;

/** Builds the bundles in `dist` from the sources as they are, once for all suites of a process. */
export async function buildBundles(): Promise<void> {
  bundles ??= promisify(execFile)(process.execPath, ['esbuild.config.mjs'], { cwd: projectDir });
  await bundles;
}

/** The command line. In memory: others may build meanwhile. */
export async function builtCli(): Promise<Buffer> {
  await buildBundles();
  return (cli ??= readFile(join(projectDir, 'dist', 'cli.js')));
}
