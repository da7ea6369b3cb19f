import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import ignore, { type Ignore } from 'ignore';
import { HsmError } from '../../core/base/errors';
import { LocalHost } from '../host/localHost';

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

/** The files of a project that make its code. */
export interface ProjectFileSet {
  /** Relative to the project, with `/`, sorted. Symbolic links are among them. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Names this content: the same for the same paths, contents and permission to execute. */
  readonly digest: string;
}

/**
 * Finds a project's files as git sees them: tracked and new ones that are not ignored. Without git, what the `.gitignore`
 * in the project's root leaves. Reads all of them once.
 *
 * @param exclude - more that is left out, as patterns of a `.gitignore`
 * @throws HsmError `input.invalid` when there are no files
 */
export async function readProjectFiles(
  projectDir: string,
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<ProjectFileSet> {
  const candidates = await listProjectFiles(projectDir, exclude, signal);
  const files: string[] = [];
  const whole = createHash('sha256');
  let bytes = 0;
  for (const path of candidates) {
    signal.throwIfAborted();
    const size = await addFile(whole, projectDir, path);
    if (size === undefined) continue;
    files.push(path);
    bytes += size;
  }
  if (files.length === 0) {
    throw new HsmError(
      'input.invalid',
      `There are no files in ${projectDir} that could be copied to a host.`,
      {
        hint: 'Look at .gitignore and at `sync.exclude` in .hsm/config.yaml.',
      },
    );
  }
  return { files, bytes, digest: whole.digest('hex').slice(0, 20) };
}

/** Their names alone, as {@link readProjectFiles} finds them, without reading them. May name what is gone. */
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

/** Undefined for what is neither a file nor a link: a nested repository, a socket, or a file that git still lists. */
async function addFile(whole: Hash, projectDir: string, path: string): Promise<number | undefined> {
  const full = join(projectDir, path);
  const stat = await lstat(full).catch(() => undefined);
  if (stat?.isSymbolicLink() === true) {
    whole.update(`l ${path}\0${await readlink(full)}\0`);
    return 0;
  }
  if (stat?.isFile() !== true) return undefined;
  const content = createHash('sha256');
  await pipeline(createReadStream(full), content);
  whole.update(`${(stat.mode & 0o100) === 0 ? 'f' : 'x'} ${path}\0${content.digest('hex')}\0`);
  return stat.size;
}
