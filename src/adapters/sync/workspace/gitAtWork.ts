import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './workspaceLock';

/** Notes the git of a merge, as `<pid> <machine> <boot>`: it may outlive the process that started it. At once. */
export function noteGit(pending: string, pid: number): void {
  writeFileSync(join(pending, 'git'), `${pid} ${hostname()} ${bootId()}\n`);
}

/** The number of that git's process while it lives; undefined when it is gone, or was on another machine. */
export async function gitAtWork(pending: string): Promise<number | undefined> {
  const text = await readFile(join(pending, 'git'), 'utf8').catch(() => '');
  const [pid, machine, boot = bootId()] = text.trim().split(' ');
  // After a power cut a number of a process is another's.
  if (pid === undefined || machine !== hostname() || boot !== bootId()) return undefined;
  return isAlive(Number(pid)) ? Number(pid) : undefined;
}

/** Empty where the system does not tell. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
