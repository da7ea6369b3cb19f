import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../project';

/** A release of npm's `code-server`: 4.x.y carries VS Code 1.x.y. */
export interface ServerRelease {
  readonly codeServer: string;
  /** The Node that this VS Code is built for. */
  readonly nodeMajor: number;
  /** Dependencies that it takes from a git host, and the versions of npm's registry to take instead. */
  readonly fromRegistry?: Readonly<Record<string, string>>;
}

export const currentRelease: ServerRelease = { codeServer: '4.139.1', nodeMajor: 24 };

/** The one of `engines.vscode` in package.json. */
export const oldestRelease: ServerRelease = {
  codeServer: '4.105.1',
  nodeMajor: 22,
  fromRegistry: { '@parcel/watcher': '2.5.1' },
};

/** A VS Code server on disk. */
export interface ServerInstall {
  readonly vscodeVersion: string;
  /** The Node to run it with. */
  readonly node: string;
  /** The server's main file. */
  readonly entry: string;
}

const run = promisify(execFile);

/**
 * The VS Code server with the web workbench, from npm's `code-server`, in the cache; installed there when it is not yet.
 * Safe to call from several processes at once: each installs beside the place, and the first to finish moves in.
 */
export async function installServer(release = currentRelease): Promise<ServerInstall> {
  const { codeServer } = release;
  const home = join(cacheDir, 'vscode-server');
  const dir = join(home, codeServer);
  if (!existsSync(dir)) {
    console.log(`Installing a VS Code server (code-server ${codeServer}, about 800 MB) into ${dir}`);
    await mkdir(home, { recursive: true });
    await removeLeftovers(home);
    const temporary = join(home, `installing-${codeServer}-${process.pid}`);
    await installInto(temporary, release);
    await moveInto(temporary, dir);
  }
  return describeInstall(dir, release);
}

function describeInstall(dir: string, { codeServer, nodeMajor }: ServerRelease): ServerInstall {
  const modules = join(dir, 'node_modules');
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return {
    vscodeVersion: codeServer.replace(/^4/, '1'),
    node: isThisNode(nodeMajor) ? process.execPath : join(modules, nodePackage(), 'bin', binary),
    entry: join(modules, 'code-server/lib/vscode/out/server-main.js'),
  };
}

async function installInto(dir: string, release: ServerRelease): Promise<void> {
  const { codeServer, nodeMajor, fromRegistry } = release;
  await mkdir(dir);
  await writeFile(join(dir, 'package.json'), '{ "private": true }');
  const node = isThisNode(nodeMajor) ? [] : [`${nodePackage()}@${nodeMajor}`];
  await npm(dir, 'install', `code-server@${codeServer}`, ...node);
  // The server's own dependencies are a package inside the package.
  const vscode = join(dir, 'node_modules/code-server/lib/vscode');
  if (fromRegistry) await replaceDependencies(vscode, fromRegistry);
  // Not `npm ci`: its shrinkwrap file is not always in step with its package.json.
  await npm(vscode, 'install', '--omit=dev');
}

async function replaceDependencies(
  dir: string,
  replacements: Readonly<Record<string, string>>,
): Promise<void> {
  const file = join(dir, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> };
  Object.assign(manifest.dependencies, replacements);
  await writeFile(file, JSON.stringify(manifest));
  // It names the git host again.
  await rm(join(dir, 'npm-shrinkwrap.json'));
}

/** Without the scripts nothing is compiled: native modules are missing, which the server notes and lives with. */
async function npm(dir: string, ...args: readonly string[]): Promise<void> {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', [...args, ...quiet], {
    cwd: dir,
    shell: process.platform === 'win32',
    maxBuffer: 1 << 24,
  });
}

async function moveInto(temporary: string, dir: string): Promise<void> {
  try {
    await rename(temporary, dir);
  } catch (error) {
    if (!existsSync(dir)) throw error;
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What installations that were interrupted left behind. */
async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^installing-.*-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(home, name), { recursive: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isThisNode(major: number): boolean {
  return process.versions.node.startsWith(`${major}.`);
}

/** npm's `node` package is a choice between these by an install script; this is the one it would choose. */
function nodePackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `node-${platform}-${process.arch}`;
}
