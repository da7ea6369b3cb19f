import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SweepRequest } from '../../core/engine/journalEvent';
import type { PendingRequest } from '../../core/engine/sweepStore';
import { systemCode, writeAtomic } from './atomicFile';

const LOOK_AGAIN_MS = 50;

/** Requests to the driver of a sweep, one file each, named so that they sort by time. */
export class RequestFolder {
  constructor(readonly path: string) {}

  /**
   * Leaves a request and waits until the driver has written it down and removed the file. When `signal` aborts, the
   * request is taken back, unless the driver was faster.
   */
  async leave(request: SweepRequest, signal: AbortSignal): Promise<void> {
    await mkdir(this.path, { recursive: true });
    const name = `${String(Date.now()).padStart(15, '0')}-${randomBytes(4).toString('hex')}.json`;
    const file = join(this.path, name);
    await writeAtomic(file, JSON.stringify(request));
    try {
      while (existsSync(file)) await delay(LOOK_AGAIN_MS, undefined, { signal });
    } finally {
      await rm(file, { force: true });
    }
  }

  async take(): Promise<PendingRequest[]> {
    const requests: PendingRequest[] = [];
    for (const name of await this.names()) {
      const file = join(this.path, name);
      const request = await readRequest(file);
      if (request) requests.push({ request, acknowledge: () => rm(file, { force: true }) });
    }
    return requests;
  }

  private async names(): Promise<string[]> {
    try {
      return (await readdir(this.path)).filter((name) => name.endsWith('.json')).sort();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  }
}

/** Undefined when it was taken back meanwhile. */
async function readRequest(file: string): Promise<SweepRequest | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as SweepRequest;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
