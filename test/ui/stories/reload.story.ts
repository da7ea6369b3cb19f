import { checkEveryTaskRanOnce, gatedWorkspace, letTasksEnd, startGatedSweep } from './gatedSweep';
import { useStage } from './stage';

describe('reloading the window in the middle of a sweep', function () {
  this.timeout(120_000);
  const stage = useStage(gatedWorkspace);

  it('finds every task again, as it is', async () => {
    const { workbench } = stage();
    await startGatedSweep(stage());
    await workbench.reload();
    await workbench.openSweepViews();
    await workbench.sweeps.expand(/^Sweep .*, running/);
    await workbench.sweeps.row(/^Running: 3 tasks/).waitFor();
    await workbench.sweeps.row(/^Queued: 9 tasks/).waitFor();
    await letTasksEnd(stage());
    await checkEveryTaskRanOnce(stage());
  });
});
