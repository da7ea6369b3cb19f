import { useStage } from './stage';

describe('running groups of failures again with what they lacked', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const stage = useStage('test/fixtures/lacking');

  it('offers more time first to what was ended by its time limit', async () => {
    const { workbench } = stage();
    await workbench.openExplorer();
    await workbench.explorer.expand(/^sweeps/);
    await workbench.explorer.chooseFromMenu('lacking.yaml', 'Start Sweep');
    await workbench.quickInput.untilAsks('Run on which compute sources?');
    await workbench.quickInput.accept();
    await workbench.openSweepViews();
    await workbench.sweeps.expand(/^Sweep /);
    await workbench.sweeps.row(/^Sweep .*, failed, 4\/4 · 2 failed/).waitFor({ timeout: 60_000 });
    await workbench.dismissNotifications();
    await workbench.sweeps.expand(/^Failed: 2 tasks/);
    await workbench.sweeps.chooseFromMenu(/^Cause .*time limit/, 'Rerun Group…');
    await workbench.quickInput.untilAsks('Rerun 1 task with what?');
    await workbench.screenshot('rerun-group-time');
    await workbench.quickInput.accept();
    await workbench.notification(/Running 1 task again with a time limit of 6 s\./).waitFor();
    await workbench.sweeps.row(/^Sweep .*, failed, 4\/4 · 1 failed/).waitFor({ timeout: 60_000 });
  });

  it('runs on another source what lacked room, chosen by keyboard from the message about the end', async () => {
    const { workbench } = stage();
    await workbench
      .notification(/is over/)
      .getByRole('button', { name: 'Rerun Group…' })
      .click();
    await workbench.quickInput.untilAsks('Rerun 1 task with what?');
    await workbench.screenshot('rerun-group-source');
    await workbench.quickInput.accept('Rerun on roomy');
    await workbench.notification(/Running 1 task again on roomy\./).waitFor();
    await workbench.sweeps.row(/^Sweep .*, succeeded, 4\/4/).waitFor({ timeout: 60_000 });
  });

  it('says of the tasks what they were given', async () => {
    const { workbench } = stage();
    await workbench.sweeps.expand(/^Done/);
    await workbench.sweeps.row(/^Task 2, .*attempt 2, local, time limit 6 s/).waitFor();
    await workbench.sweeps.row(/^Task 3, .*attempt 2, roomy, only on roomy/).waitFor();
    await workbench.screenshot('rerun-group-done');
  });
});
