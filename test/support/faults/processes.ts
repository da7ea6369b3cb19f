import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine that carries a mark in its environment. */
export interface MarkedProcess {
  readonly pid: number;
  /** Its command line, words apart by blanks. */
  readonly command: string;
  readonly env: ReadonlyMap<string, string>;
}

/** All living processes whose environment has `name` set to `value`, with what they inherited it to. Linux. */
export function listMarked(name: string, value: string): MarkedProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => read(Number(entry)))
    .filter(({ env }) => env.get(name) === value);
}

/** Sends a signal; a process that is gone by now is fine. @returns whether it was there */
export function signalIfThere(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Nothing of one that ended meanwhile, is a zombie, or is somebody else's. */
function read(pid: number): MarkedProcess[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const env = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').map(toPair);
    return command === '' ? [] : [{ pid, command, env: new Map(env) }];
  } catch {
    return [];
  }
}

function toPair(line: string): [string, string] {
  const equals = line.indexOf('=');
  return [line.slice(0, equals), line.slice(equals + 1)];
}
