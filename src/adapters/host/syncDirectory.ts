import { open } from 'node:fs/promises';

/** Makes a rename in a directory durable: it is on the disk only with its directory. Windows has no such call and needs none. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
