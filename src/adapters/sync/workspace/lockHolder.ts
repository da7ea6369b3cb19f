import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { bootId, isRunning, startOf } from '../../host/processIdentity';

/** Who holds a lock, in its file: `<pid> <machine> <start> <word>`. Older ones lack the start. `lock.sh` writes the same. */
export interface LockHolder {
  readonly pid: number;
  readonly machine: string;
  /** As {@link startWord} says it. */
  readonly start?: string;
}

/** Undefined of a text that is not complete: its writer is at it, or died. */
export function parseHolder(text: string): LockHolder | undefined {
  const [pid, machine, ...rest] = text.trim().split(' ');
  if (!text.endsWith('\n') || pid === undefined || machine === undefined) return undefined;
  const start = rest.length > 1 ? rest[0] : undefined;
  return { pid: Number(pid), machine, ...(start !== undefined && { start }) };
}

/**
 * What tells a process from all others that ever had or have its number: `<boot>/<start>/<namespace of process numbers>`,
 * without blanks; `-` for each that the system does not tell.
 */
export function startWord(pid: number = process.pid): string {
  const started = startOf(pid) ?? '';
  const start = started.includes('/') ? started.slice(started.indexOf('/') + 1) : started;
  return [bootId(), start, numberSpace()].map((part) => part.replaceAll(/\s+/g, '_') || '-').join('/');
}

/** Of no process: who can look at those of this machine sees at once that the holder is gone. */
export function pastStartWord(): string {
  const [boot = '-', , space = '-'] = startWord().split('/');
  return `${boot}/0/${space}`;
}

/**
 * Whether a holder lives. `unseen`: its process cannot be looked at from here (another machine, an earlier boot, another
 * container), or not be told from a later one with its number, so its lease counts.
 */
export function judgeHolder({ pid, machine, start }: LockHolder): 'alive' | 'dead' | 'unseen' {
  if (machine !== hostname()) return 'unseen';
  const [boot, began = '-', space] = start?.split('/') ?? [];
  if (began === '-') return isRunning(pid) ? 'unseen' : 'dead';
  const now = startWord(pid);
  const [ownBoot, beganNow, ownSpace] = now.split('/');
  if (boot !== ownBoot || space !== ownSpace) return 'unseen';
  if (beganNow === '-') return startOf(pid) === undefined ? 'dead' : 'unseen';
  return now === start ? 'alive' : 'dead';
}

/** Two containers may be one machine for the system's name and see different processes. */
function numberSpace(): string {
  try {
    // pid:[4026531836]
    return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
  } catch {
    return '';
  }
}
