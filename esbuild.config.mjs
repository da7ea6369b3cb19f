import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** One CommonJS file each for the editor and the command line; nothing is resolved at run time but VS Code. */
const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  sourcemap: !production,
  minify: production,
  // A shell program is text to us: it travels to hosts as it is.
  loader: { '.sh': 'text', '.awk': 'text' },
  // ssh2's native parts are optional accelerators; the bundle stays free of native modules.
  external: ['vscode', 'cpu-features', '*.node'],
  logLevel: 'warning',
};

const bundles = [
  { ...common, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js' },
  { ...common, entryPoints: ['src/cli.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  // Loaded when a results page opens, by the page alone.
  {
    ...common,
    entryPoints: { results: 'src/webview/results/main.ts' },
    outdir: 'dist/webview',
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    external: [],
  },
  {
    ...common,
    entryPoints: { results: 'src/webview/results/page.css' },
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'chrome120',
    external: [],
  },
];

for (const options of bundles) {
  if (watch) await (await context(options)).watch();
  else await build(options);
}
