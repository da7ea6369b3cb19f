import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import ignore, { type Ignore } from 'ignore';
import { errorText, HsmError } from '../../core/base/errors';
import { LocalHost } from '../host/localHost';
import type { CodeEntry } from './codeList';

/** What no copy of a project has: state of tools, and what can be made again. Patterns as in a `.gitignore`. */
export const NEVER_COPIED: readonly string[] = [
  '.git',
  '.hsm',
  '.venv',
  'venv',
  'node_modules',
  '__pycache__',
  '*.pyc',
  '.ipynb_checkpoints',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '/outputs/',
];

/**
 * Finds the files that make a project's code, as git sees them: tracked and new ones that are not ignored. Without git,
 * what the `.gitignore` in the project's root leaves. May name what is gone.
 *
 * @param exclude - more that is left out, as patterns of a `.gitignore`
 * @returns relative to the project, with `/`, sorted; symbolic links are among them
 */
export async function listProjectFiles(
  projectDir: string,
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const rules = ignore().add([...NEVER_COPIED, ...exclude]);
  const listed = (await listByGit(projectDir, signal)) ?? (await listByWalk(projectDir, rules));
  return [...new Set(listed)].filter((path) => !rules.ignores(path)).sort();
}

/** Undefined where there is no git, or no repository. */
async function listByGit(projectDir: string, signal: AbortSignal): Promise<string[] | undefined> {
  // A monitor named by the repository's own configuration would be a program of somebody else.
  const argv = [
    'git',
    '-c',
    'core.fsmonitor=false',
    '-C',
    projectDir,
    'ls-files',
    '-z',
    '-co',
    '--exclude-standard',
  ];
  try {
    const { stdout, exitCode } = await new LocalHost().run(argv, signal);
    return exitCode === 0 ? stdout.split('\0').filter((path) => path !== '') : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function listByWalk(projectDir: string, rules: Ignore): Promise<string[]> {
  const own = ignore().add(await readIgnoreFile(projectDir));
  const found: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(projectDir, folder), { withFileTypes: true })) {
      const path = `${folder}${entry.name}`;
      const shown = entry.isDirectory() ? `${path}/` : path;
      if (rules.ignores(shown) || own.ignores(shown)) continue;
      if (entry.isDirectory()) await walk(shown);
      else found.push(path);
    }
  };
  await walk('');
  return found;
}

async function readIgnoreFile(projectDir: string): Promise<string> {
  try {
    return await readFile(join(projectDir, '.gitignore'), 'utf8');
  } catch {
    // There is none.
    return '';
  }
}

/**
 * What files hold now, in their order. Left out is what is neither a file nor a link: a nested repository, a socket, or
 * what git still lists.
 *
 * @throws HsmError `input.invalid` when one cannot be read
 */
export async function readEntries(
  projectDir: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<CodeEntry[]> {
  const entries: CodeEntry[] = [];
  let sinceTurn = 0;
  for (const path of paths) {
    const full = join(projectDir, path);
    const stat = lstatSync(full, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink() === true) entries.push({ path, kind: 'link', content: readlinkSync(full) });
    if (stat?.isFile() === true) {
      const content = await readContent(full, stat.size, signal);
      if (content !== undefined) entries.push({ path, kind: kindOf(stat), content });
    }
    // Other work of this process gets its turn.
    sinceTurn += (stat?.size ?? 0) + 4096;
    if (sinceTurn < SMALL) continue;
    sinceTurn = 0;
    await setImmediate();
    signal.throwIfAborted();
  }
  return entries;
}

/** Of a file that is no link. */
export function kindOf({ mode }: Stats): 'file' | 'program' {
  return (mode & 0o100) === 0 ? 'file' : 'program';
}

/** Bytes. Opening a stream, or handing work to another thread, costs more than reading so much. */
export const SMALL = 1024 * 1024;

/**
 * The SHA-256 of a file as hexadecimal digits; undefined when it is gone by now.
 *
 * @param size - about
 * @throws HsmError `input.invalid` when it cannot be read
 */
export async function readContent(
  path: string,
  size: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    if (size <= SMALL) hash.update(readFileSync(path));
    else await pipeline(createReadStream(path, { highWaterMark: SMALL }), hash, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new HsmError('input.invalid', `${path} cannot be copied to a host: ${errorText(error)}`, {
      hint: 'Make it readable, or exclude it by `sync.exclude` in .hsm/config.yaml.',
    });
  }
  return hash.digest('hex');
}
