import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../../support/waitUntil';
import { extensionHosts } from '../pages/extensionHosts';
import { isThere } from '../pages/isThere';
import { gatedWorkspace } from './gatedSweep';
import { useHostStage } from './hostStage';
import { startSweep } from './startSweep';

describe('a kill -9 of the extension host in the middle of a sweep on an SSH host', function () {
  this.timeout(180_000);
  const { stage, here, atHome } = useHostStage(gatedWorkspace);

  /** Three tasks at a time on the host, which end when there is a file in the home there. */
  function prepare(): void {
    mkdirSync(here('.hsm'), { recursive: true });
    writeFileSync(here('.hsm/config.yaml'), 'sources: { gpubox: { type: ssh, host: gpubox, slots: 3 } }\n');
    const task = readFileSync(here('task.sh'), 'utf8');
    writeFileSync(here('task.sh'), `cd "$HOME"\n${task}`);
  }

  it('loses no task and repeats none, though all end while nobody looks, and brings all home', async () => {
    prepare();
    const { server, workbench } = stage();
    await startSweep(workbench, 'gated.yaml');
    const running = workbench.sweeps.row(/^Running: 3 tasks/);
    await waitUntil('three tasks run', async () => {
      // Silent unless this machine's disk is nearly full.
      if (await workbench.quickInput.asks('Before the start', 100))
        await workbench.quickInput.choose('Start Anyway');
      return isThere(running, 500);
    });
    const before = extensionHosts(server.pid);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    writeFileSync(atHome('gate'), '');
    await waitUntil('all have started', () => startedThere().length === 12);
    await waitUntil('a new extension host runs', () =>
      extensionHosts(server.pid).some((pid) => !before.includes(pid)),
    );
    await workbench.openSweepViews();
    await workbench.sweeps.row(/^Sweep .*, succeeded, 12\/12/).waitFor({ timeout: 90_000 });
    assert.deepEqual(
      startedThere().sort((a, b) => a - b),
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    await waitUntil('the results are here', () => recordsHere() === 12);
  });

  /** Numbers of the tasks, once for each start. */
  function startedThere(): number[] {
    const file = atHome('started');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
  }

  function recordsHere(): number {
    const [sweep = ''] = readdirSync(here('outputs'));
    const tasks = join(here('outputs'), sweep, 'tasks');
    return readdirSync(tasks).filter((task) => existsSync(join(tasks, task, 'attempts.jsonl'))).length;
  }
});
