import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a whole file that survives a power cut once this resolves; its name does after {@link syncFolderOf}. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Makes a rename to this path survive a power cut, where the file system can be asked to. */
export async function syncFolderOf(path: string): Promise<void> {
  // Windows opens no folders, and keeps its journal of names by itself.
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
