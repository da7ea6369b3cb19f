import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectDir } from '../support/project';

const suiteDir = join(projectDir, 'test/ui/suite');
const outDir = join(projectDir, 'out/ui');

/** Bundles what runs inside the extension host, one file for each `test/ui/suite/*.entry.ts`, for VS Code to load. */
export async function buildSuites(): Promise<void> {
  const entries = (await readdir(suiteDir)).filter((name) => name.endsWith('.entry.ts'));
  await build({
    entryPoints: entries.map((name) => join(suiteDir, name)),
    outdir: outDir,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

/** The bundle of `test/ui/suite/<name>.entry.ts`. */
export function suiteBundle(name: string): string {
  return join(outDir, `${name}.entry.js`);
}
