import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../../support/waitUntil';
import { cloneWorkspace } from './checkoutCopies';
import { useHostStage } from './hostStage';

describe('a sweep that starts on a checkout in use', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const { stage, here, atHome } = useHostStage('test/fixtures/mirrored');
  const there = (path: string): string => atHome(join('mirrored', path));

  before(() => {
    cloneWorkspace(stage().workspaceDir, there(''));
  });

  async function start(): Promise<void> {
    const { workbench } = stage();
    await workbench.openExplorer();
    await workbench.explorer.expand(/^sweeps/);
    await workbench.explorer.chooseFromMenu('wait.yaml', 'Start Sweep');
  }

  /** Starts, and wants to push, which tasks that run from there make a question. */
  async function startAndPush(): Promise<string> {
    const { workbench } = stage();
    await start();
    await workbench.quickInput.untilAsks('Before the start');
    await workbench.quickInput.choose('Push First, Then Start');
    return workbench.dialog.untilAsks('The checkout is not in sync. Nothing was started.');
  }

  async function sweeps(): Promise<number> {
    const rows = await stage().workbench.sweeps.rows();
    return rows.filter((name) => name.startsWith('Sweep ')).length;
  }

  function untilSweeps(count: number): Promise<unknown> {
    return waitUntil(`there are ${count} sweeps`, async () => (await sweeps()) === count);
  }

  it('starts without a question when it is in sync', async () => {
    await start();
    await stage()
      .workbench.sync.row(/^1 task runs from this checkout/)
      .waitFor();
  });

  it('tells of the tasks that a push would disturb, and shows the differences', async () => {
    const { workbench } = stage();
    writeFileSync(here('train.py'), 'RATE = 0.4\n');
    const question = await startAndPush();
    assert.match(
      question,
      /1 task runs from the checkout of gpubox now\. It would meet the new code midway\./,
    );
    assert.match(question, /Push 1 file to gpubox: train\.py\./);
    await workbench.screenshot('start-in-sync');
    await workbench.dialog.press('Show Differences');
    await workbench.sync.row(/^train\.py, to push/).waitFor();
    assert.equal(await sweeps(), 1);
  });

  it('runs what is there when the user says so', async () => {
    const { workbench } = stage();
    await startAndPush();
    await workbench.dialog.press('Run What Is There');
    await untilSweeps(2);
    assert.match(readFileSync(there('train.py'), 'utf8'), /RATE = 0\.1/);
  });

  it('pushes under the running task and starts when the user says so', async () => {
    const { workbench } = stage();
    await startAndPush();
    await workbench.dialog.press('Push and Start');
    await untilSweeps(3);
    assert.equal(readFileSync(there('train.py'), 'utf8'), 'RATE = 0.4\n');
  });

  it('restores under the running task only after telling of it', async () => {
    const { workbench } = stage();
    await workbench.sync.chooseFromMenu(/^Checkout on gpubox/, 'Restore a Backup…');
    await workbench.quickInput.untilAsks('Restore which backup?');
    await workbench.quickInput.choose(/train\.py/);
    await workbench.dialog.untilAsks('1 task runs from the checkout of gpubox now');
    assert.equal(await workbench.sync.row(/^Nothing was transferred/).count(), 0);
    await workbench.dialog.press('Restore');
    await workbench.notification(/^Put back on gpubox: train\.py\./).waitFor();
    assert.match(readFileSync(there('train.py'), 'utf8'), /RATE = 0\.1/);
    writeFileSync(atHome('released'), '');
  });
});
