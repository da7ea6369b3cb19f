import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installFromFolder } from './installFromFolder';
import type { ServerInstall } from './serverInstall';

/** A VS Code server that listens on this machine only. */
export interface VscodeServer {
  /** e.g. `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** Who does not know it is turned away: other people on this machine reach 127.0.0.1 too. */
  readonly token: string;
  readonly pid: number;
  /** What it printed so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

export interface ServerOptions {
  /** Where it keeps its data. Default: a new folder that is removed at the end. */
  readonly dataDir?: string;
  readonly env?: NodeJS.ProcessEnv;
  /**
   * The folder of an extension that counts as installed in every window. Without it, windows load one by their address
   * (see `TestWindow`), which takes VS Code's smoke-test driver; that shows no notifications, and a dead
   * extension host stays dead.
   */
  readonly extension?: string;
}

const serverArguments = [
  '--host=127.0.0.1',
  '--port=0',
  '--accept-server-license-terms',
  '--disable-telemetry',
  '--disable-workspace-trust',
];

/** No welcome pages, no assistants, nothing that moves by itself or looks for the network. */
const machineSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
};

/** Starts a server on a free port and resolves when it answers. */
export async function startServer(
  install: ServerInstall,
  options: ServerOptions = {},
): Promise<VscodeServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'hsm-vscode-')));
  await mkdir(join(dataDir, 'data/Machine'), { recursive: true });
  await writeFile(join(dataDir, 'data/Machine/settings.json'), JSON.stringify(machineSettings));
  const token = randomBytes(16).toString('hex');
  const tokenFile = join(dataDir, 'token');
  await writeFile(tokenFile, token, { mode: 0o600 });

  const paths = [`--server-data-dir=${dataDir}`, `--connection-token-file=${tokenFile}`];
  const driver = options.extension === undefined ? ['--enable-smoke-test-driver'] : [];
  if (options.extension !== undefined) await installFromFolder(dataDir, options.extension);
  const server = spawn(install.node, [install.entry, ...serverArguments, ...driver, ...paths], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C in our terminal must reach us alone, who then stop it in order.
    detached: process.platform !== 'win32',
    env: { ...process.env, ...options.env },
  });
  let output = '';
  const collect = (chunk: Buffer) => (output += chunk.toString());
  server.stdout.on('data', collect);
  server.stderr.on('data', collect);

  const stop = async () => {
    await endProcess(server);
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const port = await announcedPort(server, () => output);
    return { origin: `http://127.0.0.1:${port}`, token, pid: server.pid ?? 0, output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function announcedPort(server: ChildProcess, output: () => string): Promise<number> {
  const timeout = AbortSignal.timeout(60_000);
  const ended = new Promise<never>((_, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => {
      reject(new Error(`The VS Code server ended with ${String(code)} before it was ready:\n${output()}`));
    });
  });
  for (;;) {
    const port = /available at http:\/\/[^:/]+:(\d+)/i.exec(output())?.[1];
    if (port !== undefined) return Number(port);
    await Promise.race([once(server.stdout ?? server, 'data', { signal: timeout }), ended]);
  }
}

/** Asks the server to end, and insists after ten seconds. Its extension hosts end with it. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const insist = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(insist);
}
