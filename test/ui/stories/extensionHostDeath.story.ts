import assert from 'node:assert/strict';
import { waitUntil } from '../../support/waitUntil';
import { extensionHosts } from '../pages/extensionHosts';
import { checkEveryTaskRanOnce, gatedWorkspace, letTasksEnd, startGatedSweep } from './gatedSweep';
import { useStage } from './stage';

describe('a kill -9 of the extension host in the middle of a sweep', function () {
  this.timeout(120_000);
  const stage = useStage(gatedWorkspace);

  it('loses no task and repeats none, though all end while nobody looks', async () => {
    const { server } = stage();
    await startGatedSweep(stage());
    const before = extensionHosts(server.pid);
    assert.equal(before.length, 1, 'one window has one extension host');
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await letTasksEnd(stage());
    await waitUntil('a new extension host runs', () =>
      extensionHosts(server.pid).some((pid) => !before.includes(pid)),
    );
    await checkEveryTaskRanOnce(stage());
  });
});
