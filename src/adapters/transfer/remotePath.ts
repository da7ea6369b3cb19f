/**
 * What keeps a path that another machine named from standing under a directory here; undefined: nothing does.
 * The path is relative, its parts separated by `/`, without a leading `./`.
 */
export function faultOfPath(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (path === '') return 'has no name';
  if (path.startsWith('/')) return 'is an absolute path';
  if (path.includes('\0')) return 'has a NUL in its name';
  if (path.includes('\uFFFD')) return 'has a name that is not UTF-8';
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'leads out of its directory';
  if (platform === 'win32' && parts.some(isImpossibleOnWindows))
    return 'has a name that Windows does not allow';
  return undefined;
}

/**
 * What keeps a symbolic link of another machine from being made here; undefined: nothing does. It may only lead to what
 * is below the same top directory: steps up first, no more than there are directories, then down. Where all links are
 * like that, none leads out through another.
 *
 * @param path - of the link
 * @param target - as it says
 */
export function faultOfLink(
  path: string,
  target: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  // eslint-disable-next-line no-control-regex -- they are what is forbidden
  if (target === '' || /[\u0000-\u001f\u007f\uFFFD]/.test(target)) return 'is a symbolic link to an odd name';
  const to = linkedPath(path, target);
  // Making one is a privilege there; what it says is told, because that alone may be what it was made for.
  if (to === undefined || platform === 'win32') return `is a symbolic link to ${target.slice(0, 200)}`;
  return to === path || to.startsWith(`${path}/`) ? 'is a symbolic link to itself' : undefined;
}

/**
 * What a symbolic link leads to, with no other link on the way, as a path from where the link's own path begins;
 * undefined: out of its top directory, or nobody can tell without looking.
 *
 * @param path - of the link
 * @param target - as it says
 */
export function linkedPath(path: string, target: string): string | undefined {
  const parts = target.split('/').filter((part) => part !== '.' && part !== '');
  const down = parts.findIndex((part) => part !== '..');
  const up = down < 0 ? parts.length : down;
  const parents = path.split('/').slice(0, -1);
  if (target === '' || target.startsWith('/') || parts.slice(up).includes('..')) return undefined;
  if (up > parents.length - 1) return undefined;
  return [...parents.slice(0, parents.length - up), ...parts.slice(up)].join('/');
}

/** Whether two names that differ by upper and lower case alone are one file here. */
export function foldsCase(platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' || platform === 'darwin';
}

/** The directories above a path, the outermost first: `a`, `a/b` for `a/b/c`. */
export function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
function isImpossibleOnWindows(part: string): boolean {
  // eslint-disable-next-line no-control-regex -- they are what is forbidden
  if (/[<>:"|?*\\\u0000-\u001f]/.test(part) || /[. ]$/.test(part)) return true;
  return /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i.test(part);
}
