import { join } from 'node:path';
import { readFile, rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { projectDir, resultsDir } from '../support/project';
import { launchBrowser } from '../support/vscode/browser';
import { runInExtensionHost } from '../support/vscode/hostRun';
import { startServer } from '../support/vscode/server';
import {
  currentRelease,
  installServer,
  oldestRelease,
  type ServerInstall,
} from '../support/vscode/serverInstall';
import { copyWorkspace } from '../support/vscode/workspace';
import { suiteBundle } from './buildSuites';
import { suites, type Suite } from './suites';

const report = join(resultsDir, 'extension-host.txt');

/** Runs every suite in extension hosts of the oldest and the current VS Code. Resolves with whether all passed. */
export async function runWebSuites(): Promise<boolean> {
  const browser = await launchBrowser();
  try {
    let allPassed = true;
    for (const release of [oldestRelease, currentRelease]) {
      const install = await installServer(release);
      for (const suite of suites) allPassed = (await passes(suite, install, browser)) && allPassed;
    }
    return allPassed;
  } finally {
    await browser.close();
  }
}

async function passes(suite: Suite, install: ServerInstall, browser: Browser): Promise<boolean> {
  console.log(`\nInside VS Code ${install.vscodeVersion} (browser), on ${suite.workspace}:`);
  await rm(report, { force: true });
  await using workspace = await copyWorkspace(suite.workspace);
  const server = await startServer(install, { env: { HSM_UI_REPORT: report, HOME: workspace.home } });
  try {
    const target = { folder: workspace.dir, extension: projectDir, tests: suiteBundle(suite.name) };
    const code = await runInExtensionHost(browser, server, target);
    console.log(await readFile(report, 'utf8'));
    return code === 0;
  } finally {
    // Before the workspace goes: its extension host still writes there.
    await server.stop();
  }
}
