import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { cacheDir, projectDir } from './project';
import { findCommand } from './requirement';
import { startServer } from './vscode/server';
import { installServer } from './vscode/serverInstall';
import { windowUrl } from './vscode/windowUrl';

const example = join(projectDir, 'examples/mlp');

/**
 * `npm start`: opens the example in VS Code with the extension loaded from this folder. The VS Code is the one of
 * VSCODE_PATH, else `code` on PATH, else a downloaded one, else one in the browser; `npm start -- --browser` wants that.
 */
async function main(): Promise<void> {
  const desktop = process.argv.includes('--browser') || !hasDisplay() ? undefined : await findDesktop();
  await (desktop === undefined ? openInBrowser() : openOnDesktop(desktop));
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

async function findDesktop(): Promise<string | undefined> {
  const found = process.env['VSCODE_PATH'] ?? findCommand('code', 'codium');
  if (found !== undefined) return found;
  try {
    return await downloadAndUnzipVSCode({ cachePath: join(cacheDir, 'vscode-desktop') });
  } catch (error) {
    console.log(`No desktop VS Code here, and it cannot be downloaded (${String(error)}).`);
    return undefined;
  }
}

async function openOnDesktop(desktop: string): Promise<void> {
  console.log(`Opening ${example} in ${desktop}`);
  const window = spawn(desktop, [example, '--new-window', `--extensionDevelopmentPath=${projectDir}`], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const [code] = (await once(window, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

async function openInBrowser(): Promise<void> {
  const install = await installServer();
  const server = await startServer(install, {
    dataDir: join(cacheDir, 'vscode-data'),
    extension: projectDir,
  });
  const url = windowUrl(server, example);
  console.log(`VS Code ${install.vscodeVersion} runs here; open this page to use it:\n\n  ${url}\n`);
  console.log(
    'Right-click a file under sweeps/ and choose "Start Sweep". Ctrl-C ends VS Code; running tasks go on.',
  );
  if (hasDisplay()) openPage(url);
  await untilInterrupted();
  await server.stop();
}

function openPage(url: string): void {
  const openers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer' };
  // The address is on the screen too: a machine without a browser is no error.
  spawn(openers[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

async function untilInterrupted(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  await Promise.race(signals.map((signal) => once(process, signal)));
}

void main();
