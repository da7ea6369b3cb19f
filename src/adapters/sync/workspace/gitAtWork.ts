import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { bootId, isRunning } from '../../host/processIdentity';
import { startWord } from './lockHolder';

/** Notes the git of a merge, as `<pid> <machine> <start>`: it may outlive the process that started it. At once. */
export function noteGit(pending: string, pid: number): void {
  writeFileSync(join(pending, 'git'), `${pid} ${hostname()} ${startWord(pid)}\n`);
}

/** The number of that git's process while it lives; undefined when it is gone, or was on another machine. */
export async function gitAtWork(pending: string): Promise<number | undefined> {
  const text = await readFile(join(pending, 'git'), 'utf8').catch(() => '');
  const [number, machine, start = ''] = text.trim().split(' ');
  const pid = Number(number);
  if (number === undefined || machine !== hostname() || !isRunning(pid)) return undefined;
  const [boot = '', began = '-'] = start.split('/');
  // After a power cut a number of a process is another's.
  if (boot !== '' && boot !== (bootId() || '-')) return undefined;
  return began === '-' || start === startWord(pid) ? pid : undefined;
}
