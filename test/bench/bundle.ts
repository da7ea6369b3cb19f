import { build } from 'esbuild';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Bundles a program of this folder as the product is bundled, not translated at every start. Resolves with its path. */
export async function bundleProgram(source: string): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'hsm-bench-program-')), `${basename(source, '.ts')}.cjs`);
  await build({
    entryPoints: [join(import.meta.dirname, source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    loader: { '.sh': 'text', '.awk': 'text' },
    logLevel: 'error',
  });
  return outfile;
}
