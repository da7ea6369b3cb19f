import { isAbsolute, join, relative, sep } from 'node:path';

const FOREIGN_FOLDERS = new Set([
  'site-packages',
  'dist-packages',
  'node_modules',
  'venv',
  '.venv',
  '.conda',
  '.tox',
  '.nox',
  '.eggs',
  '__pypackages__',
]);

/**
 * The absolute path of a traceback's file when it is the user's own code: inside the project, and not in an
 * environment or among installed packages there. A relative path counts from the project, where tasks run.
 *
 * @param aliases - other absolute paths of the project, e.g. with symbolic links resolved, as programs see it
 */
export function toProjectFile(
  file: string,
  projectDir: string,
  aliases: readonly string[] = [],
): string | undefined {
  // `<string>`, `<stdin>`, `<frozen importlib._bootstrap>`
  if (file === '' || file.startsWith('<')) return undefined;
  const absolute = isAbsolute(file) ? file : join(projectDir, file);
  for (const root of [projectDir, ...aliases]) {
    const inside = pathInside(absolute, root);
    if (inside !== undefined) return isForeign(inside.split(sep)) ? undefined : join(projectDir, inside);
  }
  return undefined;
}

/** The path within the project with `/` between its parts: the same on every machine. */
export function pathInProject(localFile: string, projectDir: string): string {
  return relative(projectDir, localFile).split(sep).join('/');
}

function pathInside(absolute: string, root: string): string | undefined {
  const inside = relative(root, absolute);
  const isOutside = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return isOutside ? undefined : inside;
}

function isForeign(parts: readonly string[]): boolean {
  return parts.some((part, index) => FOREIGN_FOLDERS.has(part) || isPythonLibrary(part, parts[index + 1]));
}

/** `lib/python3.11` of an environment with a name of its own. */
function isPythonLibrary(folder: string, next: string | undefined): boolean {
  return /^lib(?:64)?$/iu.test(folder) && next !== undefined && /^python\d/u.test(next);
}
