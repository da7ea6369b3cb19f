import { build } from 'esbuild';
import { basename, join } from 'node:path';

/** Bundles a program of this folder as the product is bundled, not translated at every start. Resolves with its path. */
export async function bundleProgram(source: string): Promise<string> {
  const outfile = join(import.meta.dirname, '../../.cache/bench', `${basename(source, '.ts')}.cjs`);
  await build({
    entryPoints: [join(import.meta.dirname, source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    loader: { '.sh': 'text', '.awk': 'text' },
    external: ['cpu-features', '*.node'],
    logLevel: 'error',
  });
  return outfile;
}
