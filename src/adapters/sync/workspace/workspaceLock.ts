import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { HsmError } from '../../../core/base/errors';
import { statIfThere } from './workspaceChange';

/** Without a sign of life for so long, the holder on another machine is taken to be gone. As in `change.sh`. */
const LEASE_MS = 60_000;
const RENEW_MS = 10_000;

/**
 * Lets one sync change a folder at a time, the programs of `change.sh` included, which know the same lock: a folder with a
 * file `holder`, `<pid> <machine> <random word>`, whose time is renewed while the holder lives.
 *
 * @throws HsmError `sync.refused` when another one is at work
 */
export async function withLock<T>(stateDir: string, work: () => Promise<T>): Promise<T> {
  const lock = new Lock(stateDir);
  await refuseLinks(stateDir);
  await mkdir(stateDir, { recursive: true });
  const busy = (await lock.take()) ? undefined : await lock.takeOver();
  if (busy !== undefined) throw busyError(busy, lock.dir);
  const renewer = setInterval(() => void lock.renew(), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewer);
    await lock.release();
  }
}

/** A link that a repository brought would lead what is kept out of the project. */
async function refuseLinks(stateDir: string): Promise<void> {
  for (const folder of [dirname(stateDir), stateDir]) {
    if ((await statIfThere(folder))?.isSymbolicLink()) {
      throw new HsmError('sync.refused', `${folder} is a symbolic link. Nothing was changed.`, {
        reasons: [],
        hint: 'Replace it by a folder.',
      });
    }
  }
}

class Lock {
  readonly dir: string;
  private readonly holder: string;
  private readonly word = randomBytes(8).toString('hex');
  private readonly mine = `${process.pid} ${hostname()} ${this.word}\n`;

  constructor(private readonly stateDir: string) {
    this.dir = join(stateDir, 'lock');
    this.holder = join(this.dir, 'holder');
  }

  async take(): Promise<boolean> {
    try {
      await mkdir(this.dir);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
    try {
      await writeFile(this.holder, this.mine);
    } catch (error) {
      await rm(this.dir, { recursive: true, force: true });
      throw error;
    }
    return true;
  }

  /** Takes a lock whose holder is gone. @returns undefined when it has it, else who is at work */
  async takeOver(): Promise<string | undefined> {
    const held = await this.readHolder();
    const [pid, machine] = held.trim().split(' ');
    const isNamed = pid !== undefined && machine !== undefined;
    const who = isNamed ? `process ${pid} on ${machine}` : 'another process';
    const isHere = isNamed && machine === hostname();
    if (isHere ? isAlive(Number(pid)) : await this.isLeaseValid(isNamed)) return who;
    return (await this.bury(held)) && (await this.take()) ? undefined : who;
  }

  async renew(): Promise<void> {
    // A lock that somebody took over from a sleeper is theirs.
    if ((await this.readHolder()) !== this.mine) return;
    const now = new Date();
    await utimes(this.holder, now, now).catch(() => undefined);
  }

  async release(): Promise<void> {
    if ((await this.readHolder()) === this.mine) await rm(this.dir, { recursive: true, force: true });
  }

  /** By the clock of the disk's own machine. A lock without a name is being made, or its maker died. */
  private async isLeaseValid(isNamed: boolean): Promise<boolean> {
    const probe = join(this.stateDir, 'now');
    await writeFile(probe, '');
    const sign = await statIfThere(isNamed ? this.holder : this.dir);
    // It was released a moment ago: whoever wants it asks again.
    return !sign || (await stat(probe)).mtimeMs - sign.mtimeMs < LEASE_MS;
  }

  /** Of several that find a lock dead, one may take it: whoever moves it away, and finds that it was that one. */
  private async bury(held: string): Promise<boolean> {
    const grave = join(this.stateDir, `dead.${process.pid}.${this.word}`);
    try {
      await rename(this.dir, grave);
    } catch {
      return false;
    }
    const buried = await readFile(join(grave, 'holder'), 'utf8').catch(() => '');
    if (buried !== held) {
      await rename(grave, this.dir).catch(() => undefined);
      return false;
    }
    await rm(grave, { recursive: true, force: true });
    return true;
  }

  private async readHolder(): Promise<string> {
    // Not written yet, or gone with its lock.
    return readFile(this.holder, 'utf8').catch(() => '');
  }
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function busyError(who: string, folder: string): HsmError {
  return new HsmError(
    'sync.refused',
    `Another sync is at work in the workspace (${who}). Nothing was changed.`,
    { reasons: [], hint: `Wait until it is over. If none is, remove the folder ${folder}.` },
  );
}
