import type { ConfigEnvironment, ConfigFile } from './configEnvironment';
import { fitsPattern } from './pattern';

/** The files that the words of an `Include` line stand for, those of one pattern by name. */
export async function includedFiles(
  words: readonly string[],
  from: ConfigFile,
  environment: ConfigEnvironment,
): Promise<ConfigFile[]> {
  const files: ConfigFile[] = [];
  for (const word of words) {
    const pattern = absolute(word, from, environment);
    for (const path of await glob(pattern, environment)) files.push({ path, isUsers: from.isUsers });
  }
  return files;
}

function absolute(word: string, from: ConfigFile, { home, env }: ConfigEnvironment): string {
  const path = word.replace(/\$\{(\w+)\}/g, (_all, name: string) => env[name] ?? '');
  if (path.startsWith('~/')) return home + path.slice(1);
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return path;
  return `${from.isUsers ? `${home}/.ssh` : '/etc/ssh'}/${path}`;
}

/** As glob(3) does: a name that begins with a dot is found only by a pattern that does. */
async function glob(pattern: string, environment: ConfigEnvironment): Promise<string[]> {
  let found = [''];
  for (const [index, part] of pattern.split('/').entries()) {
    if (index === 0) found = [part];
    else if (!/[*?]/.test(part)) found = found.map((dir) => `${dir}/${part}`);
    else found = (await Promise.all(found.map((dir) => fitting(dir, part, environment)))).flat();
  }
  return found;
}

async function fitting(dir: string, part: string, environment: ConfigEnvironment): Promise<string[]> {
  const names = await environment.listDir(dir === '' ? '/' : dir);
  return names
    .filter((name) => part.startsWith('.') || !name.startsWith('.'))
    .filter((name) => fitsPattern(part, name))
    .sort()
    .map((name) => `${dir}/${name}`);
}
