import fs from 'node:fs/promises';
import { openRigHost, type Reachable } from '../../support/sshd/rigHost';
import { openSync, SOURCE } from './copies';

/**
 * A program that pulls and kills itself as `kill -9` does: before its nth change of the disk, or never when n is 0. In a
 * process of its own, because nothing of it may run on. The first argument is the checkout's host, as JSON. Says `done` when
 * it lived to its end.
 */
const [, , reachable = '', projectDir = '', checkout = '', step = '0', ...files] = process.argv;

const CHANGES = [
  'rename',
  'mkdir',
  'rm',
  'rmdir',
  'writeFile',
  'link',
  'symlink',
  'chmod',
  'copyFile',
] as const;

function killBefore(number: number): void {
  let count = 0;
  for (const name of CHANGES) {
    const original = fs[name] as (...args: unknown[]) => Promise<unknown>;
    const counted = (...args: unknown[]): Promise<unknown> => {
      if (++count === number) {
        process.kill(process.pid, 'SIGKILL');
        // The signal comes a moment later; until then nothing more may happen.
        return new Promise(() => undefined);
      }
      return original(...args);
    };
    Object.assign(fs, { [name]: counted });
  }
}

async function main(): Promise<void> {
  const { host, session } = await openRigHost(JSON.parse(reachable) as Reachable);
  const sync = openSync({ projectDir, checkout, host });
  await sync.compare(SOURCE);
  killBefore(Number(step));
  await sync.pull(SOURCE, files.length > 0 ? { files } : {}, { agreed: 'everything' });
  session.dispose();
  process.stdout.write('done');
}

void main();
