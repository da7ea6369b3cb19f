import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { recordCounts } from '../support/counts';
import { projectDir, resultsDir } from '../support/project';
import { chromium, howToInstall, provide } from '../support/requirement';
import { buildSuites } from './buildSuites';
import { runDesktopSuites } from './desktop';
import { runWebSuites } from './webSuites';

/** `npm run test:ui`: suites inside VS Code in the browser and on the desktop, then stories by mouse in the browser. */
async function main(): Promise<boolean> {
  mkdirSync(resultsDir, { recursive: true });
  await buildSuites();
  const inBrowser = (await provide([chromium])).length === 0 ? await runInBrowser() : chromiumIsMissing();
  return (await runOnDesktop()) && inBrowser;
}

async function runInBrowser(): Promise<boolean> {
  const suitesPassed = await runWebSuites();
  console.log('\nBy mouse and keyboard in the browser:');
  const mocha = [
    `${projectDir}/node_modules/mocha/bin/mocha.js`,
    '--forbid-only',
    'test/ui/stories/**/*.story.ts',
  ];
  const stories = spawnSync(process.execPath, mocha, { cwd: projectDir, stdio: 'inherit' });
  return suitesPassed && stories.status === 0;
}

async function runOnDesktop(): Promise<boolean> {
  const outcome = await runDesktopSuites();
  if (typeof outcome === 'string') return outcome === 'passed';
  console.log(`Desktop VS Code: not available, ${outcome.notAvailable}.`);
  return true;
}

function chromiumIsMissing(): boolean {
  const reason = `UI tests: ${chromium.what} is missing (${howToInstall([chromium])}, or CHROMIUM_PATH)`;
  console.log(`Skipped: ${reason}`);
  recordCounts({ skipped: [reason] });
  return !process.env['CI'];
}

void main().then((passed) => {
  process.exitCode = passed ? 0 : 1;
});
