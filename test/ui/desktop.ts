import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { cacheDir, projectDir } from '../support/project';
import { copyWorkspace } from '../support/vscode/workspace';
import { suiteBundle } from './buildSuites';
import { suites, type Suite } from './suites';

export type DesktopOutcome = 'passed' | 'failed' | { readonly notAvailable: string };

/** Runs every suite in a desktop VS Code: the one of VSCODE_PATH, else the current release where it can be downloaded. */
export async function runDesktopSuites(): Promise<DesktopOutcome> {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return { notAvailable: 'there is no display (run it under xvfb-run)' };
  }
  const desktop = await findDesktop();
  if (typeof desktop !== 'string') return desktop;
  let outcome: DesktopOutcome = 'passed';
  for (const suite of suites) {
    if (!(await passes(suite, desktop))) outcome = 'failed';
  }
  return outcome;
}

async function findDesktop(): Promise<string | { readonly notAvailable: string }> {
  const given = process.env['VSCODE_PATH'];
  if (given) return given;
  try {
    return await downloadAndUnzipVSCode({ cachePath: join(cacheDir, 'vscode-desktop') });
  } catch (error) {
    return { notAvailable: `it cannot be downloaded here (${String(error)}); VSCODE_PATH names one` };
  }
}

async function passes(suite: Suite, vscodeExecutablePath: string): Promise<boolean> {
  console.log(`\nInside desktop VS Code, on ${suite.workspace}:`);
  await using workspace = await copyWorkspace(suite.workspace);
  const userDataDir = await mkdtemp(join(tmpdir(), 'hsm-desktop-'));
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: projectDir,
      extensionTestsPath: suiteBundle(suite.name),
      launchArgs: [
        workspace.dir,
        '--disable-extensions',
        '--disable-workspace-trust',
        '--disable-telemetry',
        `--user-data-dir=${userDataDir}`,
      ],
    });
    return true;
  } catch (error) {
    console.error(String(error));
    return false;
  } finally {
    await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
