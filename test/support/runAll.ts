import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCounts, type Counts } from './counts';
import { projectDir, resultsDir } from './project';
import {
  bsdtar,
  exfat,
  chromium,
  compilers,
  faketime,
  git,
  howToInstall,
  iproute,
  loginShells,
  opensshServer,
  openssl,
  pandas,
  provide,
  pythonVenv,
  rsync,
} from './requirement';
import { currentRelease, installServer, oldestRelease } from './vscode/serverInstall';

/** In the order of how soon they tell. */
const runs = ['unit', 'contract', 'integration', 'faults', 'ui'] as const;
type Run = (typeof runs)[number];

/**
 * `npm test`: every run of tests, whatever the one before brought; their sum on the last line and in
 * `test-results/summary.txt`. Meanwhile it gets what later runs need.
 */
async function main(): Promise<void> {
  mkdirSync(resultsDir, { recursive: true });
  const [unit] = await Promise.all([runTests('unit'), prepare()]);
  const results = [unit];
  for (const run of runs.slice(1)) results.push(await runTests(run));

  const skipped = results.flatMap((result) => result.skipped);
  for (const title of skipped) console.log(`skipped: ${title}`);
  const forbidden = process.env['CI'] ? skipped.filter((title) => !isOfAnotherPlatform(title)) : [];
  if (forbidden.length > 0)
    console.log(`In CI nothing may be skipped: ${forbidden.length} counted as failed.`);

  const passed = sum(results.map((result) => result.passed));
  const failed = sum(results.map((result) => result.failed)) + forbidden.length;
  const summary = `${passed} passed, ${failed} failed, ${skipped.length - forbidden.length} skipped`;
  writeFileSync(join(resultsDir, 'summary.txt'), `${summary}\n`);
  console.log(`\n${summary}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function prepare(): Promise<void> {
  const missing = await provide([
    git,
    pythonVenv,
    faketime,
    opensshServer,
    rsync,
    loginShells,
    bsdtar,
    iproute,
    exfat,
    compilers,
    openssl,
    chromium,
    pandas,
  ]);
  if (missing.length > 0) {
    const names = missing.map((requirement) => requirement.what).join(', ');
    console.log(`Missing here: ${names}. To have the tests that need them: ${howToInstall(missing)}`);
  }
  if (!chromium.isPresent()) return;
  await installServer(currentRelease);
  await installServer(oldestRelease);
}

async function runTests(run: Run): Promise<Counts> {
  const file = join(resultsDir, `counts-${run}.jsonl`);
  rmSync(file, { force: true });
  console.log(`\n=== ${run} ===`);
  const npm = spawn('npm', ['run', '--silent', `test:${run}`], {
    cwd: projectDir,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, HSM_TEST_COUNTS: file },
  });
  const [code] = (await once(npm, 'exit')) as [number | null];
  const counts = readCounts(file);
  const ranNothing = counts.passed + counts.failed + counts.skipped.length === 0;
  if (counts.failed === 0 && (code !== 0 || ranNothing)) {
    console.log(
      `The ${run} tests ended with exit code ${String(code)} and report no failure: counted as one.`,
    );
    return { ...counts, failed: 1 };
  }
  return counts;
}

/** A test says so in its title: `… on Windows`. */
function isOfAnotherPlatform(title: string): boolean {
  const named = /\bon (Windows|macOS|Linux)\b/.exec(title)?.[1];
  const here = { win32: 'Windows', darwin: 'macOS', linux: 'Linux' }[process.platform as string];
  return named !== undefined && named !== here;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

void main();
