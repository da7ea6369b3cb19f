import { join } from 'node:path';
import { readFile, rm } from 'node:fs/promises';
import { projectDir, resultsDir } from '../support/project';
import { launchBrowser } from '../support/vscode/browser';
import { runInExtensionHost } from '../support/vscode/hostRun';
import { startServer } from '../support/vscode/server';
import { installServer } from '../support/vscode/serverInstall';
import { copyWorkspace } from '../support/vscode/workspace';
import { suiteBundle } from './buildSuites';
import { suites, type Suite } from './suites';

/** Runs every suite in the extension host of a browser window. Resolves with whether all passed. */
export async function runWebSuites(): Promise<boolean> {
  const report = join(resultsDir, 'extension-host.txt');
  const install = await installServer();
  const server = await startServer(install, { env: { HSM_UI_REPORT: report } });
  const browser = await launchBrowser();
  const runSuite = async (suite: Suite) => {
    console.log(`\nInside VS Code ${install.vscodeVersion} (browser), on ${suite.workspace}:`);
    await rm(report, { force: true });
    await using workspace = await copyWorkspace(suite.workspace);
    const target = { folder: workspace.dir, extension: projectDir, tests: suiteBundle(suite.name) };
    const code = await runInExtensionHost(browser, server, target);
    console.log(await readFile(report, 'utf8'));
    return code === 0;
  };
  try {
    let allPassed = true;
    for (const suite of suites) allPassed = (await runSuite(suite)) && allPassed;
    return allPassed;
  } finally {
    await browser.close();
    await server.stop();
  }
}
