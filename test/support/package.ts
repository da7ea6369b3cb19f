import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { projectDir } from './project';

/** Everything that ships; what matches nothing here must not. */
const shipped = [
  /^dist\/(extension|cli)\.js$/,
  /^dist\/webview\/[^/]+\.(js|css)$/,
  /^media\/(icon\.png|[^/]+\.(svg|css))$/,
  /^l10n\/[^/]+\.json$/,
  /^package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE(\.txt)?$/,
];
const needed = ['dist/extension.js', 'dist/cli.js', 'package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];
const bundleLimitKb = 1500;

/** `npm run package`, after the production build: makes the .vsix and says what is in it; fails when that is not right. */
async function main(): Promise<void> {
  const files = (await listFiles({ cwd: projectDir, packageManager: PackageManager.None })).sort();
  for (const file of files) console.log(`${sizeKb(file).toFixed(1).padStart(8)} kB  ${file}`);
  const problems = findProblems(files);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) {
    process.exitCode = 1;
    return;
  }
  await createVSIX({ cwd: projectDir, dependencies: false, allowMissingRepository: true });
}

function findProblems(files: readonly string[]): string[] {
  const unexpected = files.filter((file) => !shipped.some((pattern) => pattern.test(file)));
  const missing = needed.filter((file) => !files.includes(file));
  const tooBig = files.filter((file) => file.endsWith('.js') && sizeKb(file) > bundleLimitKb);
  return [
    ...unexpected.map((file) => `${file} must not ship: see .vscodeignore.`),
    ...missing.map((file) => `${file} is missing from the package.`),
    ...tooBig.map((file) => `${file} is larger than ${bundleLimitKb} kB.`),
  ];
}

function sizeKb(file: string): number {
  return statSync(join(projectDir, file)).size / 1000;
}

void main();
