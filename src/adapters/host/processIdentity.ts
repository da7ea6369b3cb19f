import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from later ones with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it started, as {@link startOf} says it; empty where the system does not tell. */
  readonly started: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? '' };
}

/**
 * Whether the process is alive: `unknown` for a process of another machine, which cannot be seen from here.
 */
export function livenessOf(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (identity.host !== hostname()) return 'unknown';
  const started = startOf(identity.pid);
  if (started === undefined) return 'dead';
  return started === identity.started || started === '' || identity.started === '' ? 'alive' : 'dead';
}

/** Whether this machine has a process with that number, whoever's it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * When a process of this machine started: on Linux `<id of the boot>/<ticks since then>`, elsewhere `Sun Nov 22 16:53:36 2026`
 * in UTC. Undefined when it is gone, empty where the system does not tell.
 */
export function startOf(pid: number): string | undefined {
  if (!isRunning(pid)) return undefined;
  if (process.platform === 'win32') return '';
  try {
    if (process.platform !== 'linux') return startBySystem(pid);
    const ticks = startTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return ticks === undefined ? undefined : `${bootId()}/${ticks}`;
  } catch {
    // It has ended meanwhile, or what belongs to others is hidden here.
    return isRunning(pid) ? '' : undefined;
  }
}

/** Of the time since this machine was started; empty where the system does not tell. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** The same for every process that asks, whatever its language and time zone. */
function startBySystem(pid: number): string {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC0' };
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim();
}

/**
 * Field 22 of `4711 (node (x)) S 1 4711 …`: the name may hold blanks and brackets, so fields are counted from its end.
 * Undefined of a zombie: it is dead, and only its parent has not asked yet.
 *
 * @see proc(5)
 */
function startTicks(stat: string): string | undefined {
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}
