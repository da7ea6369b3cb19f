import { isAbsolute, relative } from 'node:path';

/** A path as short as it can be typed here: relative below the current folder, else absolute. */
export function formatPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  if (short === '') return '.';
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
