import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDir } from '../project';

let built: Promise<Buffer> | undefined;

/** The command line, built once for all suites from the sources as they are. In memory: others may build meanwhile. */
export function builtCli(): Promise<Buffer> {
  return (built ??= build());
}

async function build(): Promise<Buffer> {
  await promisify(execFile)(process.execPath, ['esbuild.config.mjs'], { cwd: projectDir });
  return readFileSync(join(projectDir, 'dist', 'cli.js'));
}
