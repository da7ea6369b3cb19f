import { access, mkdir, open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ProjectFiles } from '../../core/project/projectPorts';
import { LocalHost } from '../host/localHost';
import { systemCode, writeAtomic } from './atomicFile';

const here = new LocalHost();
const NEVER = new AbortController().signal;

/** Text files of this machine. */
export const projectFiles: ProjectFiles = {
  async exists(path) {
    try {
      await access(path);
      return true;
    } catch {
      return false;
    }
  },

  async read(path) {
    return orUndefined(() => readFile(path, 'utf8'));
  },

  async readRange(path, range) {
    return here.readRange(path, range, NEVER);
  },

  async write(path, content) {
    await mkdir(dirname(path), { recursive: true });
    await writeAtomic(path, content);
  },

  async remove(path) {
    await rm(path, { force: true });
  },

  async readTail(path, maxBytes) {
    return readPart(path, maxBytes, (size) => Math.max(0, size - maxBytes));
  },

  async readText(path, maxBytes) {
    return readPart(path, maxBytes, () => 0);
  },

  async list(dir) {
    return (await orUndefined(() => readdir(dir))) ?? [];
  },

  async entries(dir) {
    const entries = (await orUndefined(() => readdir(dir, { withFileTypes: true }))) ?? [];
    return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }));
  },

  async stat(path) {
    const found = await orUndefined(() => stat(path));
    return found?.isFile() ? { size: found.size, modifiedMs: found.mtimeMs } : undefined;
  },

  async readBytes(path, offset, maxBytes) {
    return orUndefined(async () => {
      const file = await open(path, 'r');
      try {
        const { size } = await file.stat();
        const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(maxBytes, size - offset)));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    });
  },
};

async function readPart(
  path: string,
  maxBytes: number,
  start: (size: number) => number,
): Promise<string | undefined> {
  return orUndefined(async () => {
    const file: FileHandle = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(maxBytes, size));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start(size));
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  });
}

/** A link that leads to itself, which a task may leave, leads to nothing; and where a file is wanted, a directory is none. */
const ABSENT: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR'];

async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (ABSENT.includes(systemCode(error))) return undefined;
    throw error;
  }
}
