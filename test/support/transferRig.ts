import { mkdirSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findCommand } from './requirement';

/** A directory of programs: all of a BusyBox, or the ones that are named, some under another name (`tar=bsdtar`). */
export function makePrograms(dir: string, programs: readonly string[] | 'busybox'): string {
  const bin = join(dir, 'programs');
  mkdirSync(bin, { recursive: true });
  const busybox = findCommand('busybox') ?? '';
  const rows =
    programs === 'busybox'
      ? execFileSync(busybox, ['--list'], { encoding: 'utf8' })
          .trim()
          .split('\n')
          .map((name) => [name, busybox] as const)
      : programs.map((row) => {
          const [name = '', program = name] = row.split('=');
          return [name, findCommand(program) ?? program] as const;
        });
  for (const [name, target] of rows) symlinkSync(target, join(bin, name));
  return bin;
}

/** What the scripts of a transfer need beside rsync, tar and a sum tool. */
export const SCRIPT_PROGRAMS = ['sh', 'find', 'xargs', 'stat', 'mkdir', 'ln', 'head', 'tail', 'cat'] as const;
