import { randomBytes } from 'node:crypto';
import {
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { errorText, HsmError } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import { judgeHolder, parseHolder, pastStartWord, startWord } from './lockHolder';
import { isCode, statIfThere } from './workspaceChange';

/** Without a sign of life for so long, a holder whose process cannot be seen is taken to be gone. As in `lock.sh`. */
const LEASE_MS = 60_000;
const RENEW_MS = 10_000;

/**
 * Lets one sync change a folder at a time, the programs for a checkout included, which know the same lock. The rule is in
 * src/README.md; `lock.sh` follows the same one.
 *
 * @param log - told of a lock that cannot be given back: what the work came to counts all the same
 * @throws HsmError `sync.refused` when another one is at work
 */
export async function withLock<T>(
  stateDir: string,
  log: Pick<Logger, 'warn'>,
  work: () => Promise<T>,
): Promise<T> {
  const lock = new Lock(stateDir);
  await refuseLinks(stateDir);
  const busy = await lock.take();
  if (busy !== undefined) throw busyError(busy, lock.dir);
  const renewer = setInterval(() => void lock.renew(), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewer);
    await lock.release(log);
  }
}

/** A link that a repository brought would lead what is kept out of the project. */
async function refuseLinks(stateDir: string): Promise<void> {
  for (const folder of [dirname(stateDir), stateDir, join(stateDir, 'lock')]) {
    if ((await statIfThere(folder))?.isSymbolicLink()) {
      throw new HsmError('sync.refused', `${folder} is a symbolic link. Nothing was changed.`, {
        reasons: [],
        hint: 'Replace it by a folder.',
      });
    }
  }
}

/** The last that had a lock. */
interface Newest {
  /** 0: nobody yet, or a holder of an older format. */
  readonly number: number;
  /** Its file in the folder; undefined: the lock is free. */
  readonly held?: string;
}

/** What locks of this process said that are over, also where the disk let nobody write that. */
const released = new Set<string>();

class Lock {
  readonly dir: string;
  private readonly word = randomBytes(8).toString('hex');
  private readonly text = `${process.pid} ${hostname()} ${startWord()} ${this.word}\n`;
  private number = 0;

  constructor(private readonly stateDir: string) {
    this.dir = join(stateDir, 'lock');
  }

  /** @returns undefined when it has it, else who is at work */
  async take(): Promise<string | undefined> {
    await mkdir(this.dir, { recursive: true });
    for (;;) {
      const newest = await this.findNewest();
      const busy = newest.held === undefined ? undefined : await this.whoHolds(newest.held);
      if (busy === undefined) {
        if (await this.claim(newest.number + 1)) return undefined;
        // Else it was released or taken over meanwhile.
      } else if (await statIfThere(join(this.dir, newest.held ?? ''))) return busy;
    }
  }

  async renew(): Promise<void> {
    const now = new Date();
    await utimes(this.file(this.number), now, now).catch(() => undefined);
  }

  /** Whoever took it over from a sleeper keeps it: theirs is a higher number. */
  async release(log: Pick<Logger, 'warn'>): Promise<void> {
    const mine = this.file(this.number);
    released.add(this.text);
    try {
      await rename(mine, `${mine}.free`);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return;
      log.warn(`The lock ${mine} cannot be given back: ${errorText(error)}`);
      await this.disown(mine).catch((why: unknown) => {
        log.warn(`Nor can it be written, so it looks held by this process: ${errorText(why)}`);
      });
    }
  }

  /** This process lives on, so its lock must not name it. It stays: the highest number is never removed. */
  private async disown(mine: string): Promise<void> {
    // From here on it is nobody's, and its lease counts; with a holder that is gone it can be taken at once.
    await truncate(mine);
    await writeFile(mine, `${process.pid} ${hostname()} ${pastStartWord()} ${this.word}\n`, { flag: 'r+' });
  }

  private async findNewest(): Promise<Newest> {
    const names = await readdir(this.dir);
    const number = Math.max(0, ...names.flatMap((name) => numberOf(name) ?? []));
    if (number === 0) return { number, ...(names.includes('holder') && { held: 'holder' }) };
    return { number, ...(!names.includes(`${number}.free`) && { held: String(number) }) };
  }

  /** Undefined: its holder is dead. */
  private async whoHolds(name: string): Promise<string | undefined> {
    const file = join(this.dir, name);
    const text = await readFile(file, 'utf8').catch(() => '');
    if (released.has(text)) return undefined;
    const holder = parseHolder(text);
    const judged = holder ? judgeHolder(holder) : 'unseen';
    if (judged === 'dead' || (judged === 'unseen' && !(await this.isLeaseValid(file)))) return undefined;
    return holder ? `process ${holder.pid} on ${holder.machine}` : 'another process';
  }

  /** By the clock of the disk's own machine. */
  private async isLeaseValid(file: string): Promise<boolean> {
    const probe = join(this.stateDir, 'now');
    await writeFile(probe, '');
    const sign = await statIfThere(file);
    // What has gone was released or taken over, it did not die.
    return !sign || (await stat(probe)).mtimeMs - sign.mtimeMs < LEASE_MS;
  }

  /** Only one can make a number. Somebody slow may make one that was passed long ago: the highest decides. */
  private async claim(number: number): Promise<boolean> {
    if (!(await this.create(number))) return false;
    const { number: highest, held } = await this.findNewest();
    if (highest !== number || held === undefined) {
      await rm(this.file(number), { force: true });
      return false;
    }
    this.number = number;
    for (const name of await readdir(this.dir)) {
      // The one before stays: who reads the folder while it changes must see one of the two.
      const isOver = name === 'holder' || (numberOf(name) ?? number) < number - 1;
      if (isOver) await rm(join(this.dir, name), { force: true });
    }
    return true;
  }

  /** With its text in it from the first moment, where the disk knows links. */
  private async create(number: number): Promise<boolean> {
    const ready = join(this.dir, `new.${this.word}`);
    try {
      await writeFile(ready, this.text);
      await link(ready, this.file(number)).catch(async (error: unknown) => {
        if (isCode(error, 'EEXIST')) throw error;
        await writeNew(this.file(number), this.text);
      });
      return true;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      // A network disk may do it and say that it is there already.
      return (await readFile(this.file(number), 'utf8').catch(() => '')) === this.text;
    } finally {
      await rm(ready, { force: true });
    }
  }

  private file(number: number): string {
    return join(this.dir, String(number));
  }
}

/** An empty file would be a lock of nobody for as long as a lease. @throws Error `EEXIST` when there is one */
async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** `12` and `12.free` → 12. */
function numberOf(name: string): number | undefined {
  const [, digits] = /^(\d+)(?:\.free)?$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function busyError(who: string, folder: string): HsmError {
  return new HsmError(
    'sync.refused',
    `Another sync is at work in the workspace (${who}). Nothing was changed.`,
    { reasons: [], hint: `Wait until it is over. If none is, remove the folder ${folder}.` },
  );
}
