import { openRigHost, type Reachable } from '../../support/sshd/rigHost';
import { openSync, SOURCE } from './copies';

/**
 * A program that compares, pushes and pulls, and says how much memory it had at most, in bytes. Its first argument is the
 * checkout's host, as JSON.
 */
const [, , reachable = '', projectDir = '', checkout = ''] = process.argv;

async function main(): Promise<void> {
  const { host, session } = await openRigHost(JSON.parse(reachable) as Reachable);
  const sync = openSync({ projectDir, checkout, host });
  await sync.compare(SOURCE);
  const pushed = await sync.push(SOURCE);
  const pulled = await sync.pull(SOURCE);
  session.dispose();
  const most = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ most, written: [...pushed.written, ...pulled.written] }));
}

void main();
