import { systemClock } from '../../src/adapters/clock/systemClock';
import { CheckoutSync } from '../../src/adapters/sync/checkoutSync';
import { silentLogger } from '../../src/core/base/logger';
import { ProjectSync } from '../../src/core/sync/projectSync';
import { openRigHost, type Reachable } from '../support/sshd/rigHost';

/** What is to be compared or pushed, as JSON in the only argument. */
export interface SyncOrder {
  readonly host: Reachable;
  readonly here: string;
  readonly there: string;
  readonly step: 'compare' | 'push';
}

const SOURCE = 'box';

/** Connects, then compares or pushes; prints what came of it, and the time without the login. */
async function main({ host: reachable, here, there, step }: SyncOrder): Promise<void> {
  const { host, session } = await openRigHost(reachable);
  const port = new CheckoutSync({
    source: SOURCE,
    projectDir: here,
    host,
    checkout: there,
    output: 'outputs',
    exclude: [],
    clock: systemClock,
    log: silentLogger,
  });
  const sync = new ProjectSync({
    places: () => [{ source: SOURCE, host: 'box', checkout: there }],
    open: () => port,
    runningTasks: () => 0,
    learnRunningTasks: () => Promise.resolve(),
    clock: systemClock,
  });
  // The connection is there, as in an editor; what is compared has been compared before.
  const compared = await sync.compare(SOURCE);
  const begin = performance.now();
  // That there is nothing to push is known from memory: what takes the time is the look that finds it.
  const found =
    step === 'compare' || compared.files.length === 0 ? (await sync.compare(SOURCE)).files.length : 0;
  const files = step === 'compare' ? found : (await sync.push(SOURCE)).written.length;
  const wallMs = performance.now() - begin;
  console.log(JSON.stringify({ wallMs, files, method: compared.method }));
  session.dispose();
}

void main(JSON.parse(process.argv[2] ?? '') as SyncOrder);
