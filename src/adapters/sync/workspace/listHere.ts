import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IGNORE_FILES, IgnoreRules } from './leftOut';

/** Files of a project without git, relative to it, with the rules that chose them. */
export async function listHere(root: string): Promise<{ paths: string[]; rules: IgnoreRules }> {
  const rules = new IgnoreRules();
  const paths: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    for (const { name } of entries) {
      if (IGNORE_FILES.includes(name)) rules.add(folder, await readFile(join(root, folder, name), 'utf8'));
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (rules.ignoresEntry(path, entry.isDirectory())) continue;
      if (entry.isDirectory()) folders.push(path);
      else paths.push(path);
    }
  }
  return { paths, rules };
}
