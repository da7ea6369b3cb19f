import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../../../core/base/errors';
import { IGNORE_FILES, IgnoreRules } from './leftOut';

/** Files of a project without git, relative to it, with the rules that chose them. What cannot be read is told. */
export async function listHere(
  root: string,
): Promise<{ readonly paths: string[]; readonly rules: IgnoreRules; readonly errors: string[] }> {
  const rules = new IgnoreRules();
  const paths: string[] = [];
  const errors: string[] = [];
  const tell = (path: string, error: unknown): void => {
    errors.push(`${path === '' ? 'The project' : path} cannot be read here: ${errorText(error)}.`);
  };
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const at = folder;
    const entries = await readdir(join(root, at), { withFileTypes: true }).catch((error: unknown) => {
      tell(at, error);
      return undefined;
    });
    if (!entries) continue;
    for (const { name } of entries) {
      if (!IGNORE_FILES.includes(name)) continue;
      const text = await readFile(join(root, at, name), 'utf8').catch((error: unknown) => {
        tell(at === '' ? name : `${at}/${name}`, error);
        return undefined;
      });
      if (text !== undefined) rules.add(at, text);
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (rules.ignoresEntry(path, entry.isDirectory())) continue;
      if (entry.isDirectory()) folders.push(path);
      else paths.push(path);
    }
  }
  return { paths, rules, errors };
}
