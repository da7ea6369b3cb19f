import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../project';

/** `code-server` 4.x.y carries VS Code 1.x.y. */
const codeServer = '4.139.1';
/** The Node that this VS Code is built for. */
const nodeMajor = 24;

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
export async function installServer(): Promise<ServerInstall> {
  const home = join(cacheDir, 'vscode-server');
  const dir = join(home, codeServer);
  if (!existsSync(dir)) {
    console.log(`Installing a VS Code server (code-server ${codeServer}, about 800 MB) into ${dir}`);
    await mkdir(home, { recursive: true });
    await removeLeftovers(home);
    const temporary = join(home, `installing-${process.pid}`);
    await installInto(temporary);
    await moveInto(temporary, dir);
  }
  return describeInstall(dir);
}

function describeInstall(dir: string): ServerInstall {
  const modules = join(dir, 'node_modules');
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return {
    vscodeVersion: codeServer.replace(/^4/, '1'),
    node: runsOnThisNode() ? process.execPath : join(modules, nodePackage(), 'bin', binary),
    entry: join(modules, 'code-server/lib/vscode/out/server-main.js'),
  };
}

async function installInto(dir: string): Promise<void> {
  await mkdir(dir);
  await writeFile(join(dir, 'package.json'), '{ "private": true }');
  const node = runsOnThisNode() ? [] : [`${nodePackage()}@${nodeMajor}`];
  await npm(dir, 'install', `code-server@${codeServer}`, ...node);
  // The server's own dependencies are a package inside the package, pinned by its shrinkwrap file.
  await npm(join(dir, 'node_modules/code-server/lib/vscode'), 'ci', '--omit=dev');
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
    const pid = /^installing-(\d+)$/.exec(name)?.[1];
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

function runsOnThisNode(): boolean {
  return process.versions.node.startsWith(`${nodeMajor}.`);
}

/** npm's `node` package is a choice between these by an install script; this is the one it would choose. */
function nodePackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `node-${platform}-${process.arch}`;
}
