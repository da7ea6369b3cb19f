import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { keyTypeOf, parseKnownHosts, type KnownKey } from './knownHosts';

/** A file of known_hosts that is there and cannot be read. */
export interface UnreadableFile {
  readonly file: string;
  readonly error: Error;
}

/** What the files hold; absent files hold nothing. */
export async function readKnownHosts(
  files: readonly string[],
): Promise<{ keys: KnownKey[]; unreadable?: UnreadableFile }> {
  const keys: KnownKey[] = [];
  for (const file of files) {
    try {
      keys.push(...parseKnownHosts(await readFile(file, 'utf8'), file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      return { keys, unreadable: { file, error: error as Error } };
    }
  }
  return { keys };
}

/**
 * Appends a host to a known_hosts file, on a line of its own even if the last one is torn. Makes the file and its
 * directory for the user alone.
 *
 * @param hash - write the name so that it cannot be read
 */
export async function appendKnownHost(
  file: string,
  name: string,
  blob: Buffer,
  hash: boolean,
): Promise<void> {
  const line = `${hash ? hashedName(name) : name} ${keyTypeOf(blob) ?? ''} ${blob.toString('base64')}\n`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = size > 0 ? await handle.read(Buffer.alloc(1), 0, 1, size - 1) : undefined;
    const isTorn = last !== undefined && last.buffer[0] !== 0x0a;
    await handle.write(isTorn ? `\n${line}` : line);
  } finally {
    await handle.close();
  }
}

function hashedName(name: string): string {
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}
