import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../../support/waitUntil';
import { isThere } from '../pages/isThere';
import { cloneWorkspace } from './checkoutCopies';
import { useHostStage } from './hostStage';

const MEGABYTE = 1024 * 1024;

describe('a workspace with two checkouts', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const { stage, here, atHome } = useHostStage('test/fixtures/mirroredTwice', async (rigs, rig) => {
    const slow = await rigs.proxy(rig, { bytesPerSecond: 4 * MEGABYTE });
    const { user, keyFile, hostKey } = rig;
    return [{ alias: 'slowbox', port: slow.port, user, keyFile, hostKey }];
  });
  const near = (path: string): string => atHome(join('near', path));
  const far = (path: string): string => atHome(join('far', path));

  before(() => {
    cloneWorkspace(stage().workspaceDir, near(''), far(''));
    writeFileSync(here('conf/train.yaml'), 'lr: 0.2\n');
    rmSync(here('conf/model.yaml'));
    rmSync(here('old.py'));
  });

  it('shows each by itself', async () => {
    const { workbench } = stage();
    await workbench.openSweepViews();
    await workbench.sync.chooseFromMenu(/^Checkout on gpubox/, 'Compare with Checkout');
    await workbench.sync
      .row(
        /^Checkout on gpubox, remote lacks the edit of 1 file made here and still has 2 files deleted here/,
      )
      .waitFor();
    await workbench.sync.row(/^Checkout on slowbox, not compared yet/).waitFor();
    await workbench.sync.row(/^Deleted, 2 files, not selected/).waitFor();
    await workbench.screenshot('sync-two-checkouts');
  });

  it('deletes what was ticked, and nothing else, after naming it', async () => {
    const { workbench } = stage();
    const box = workbench.sync.row(/^old\.py, deleted here/).getByRole('checkbox');
    // A click while the lines are drawn anew is lost.
    await waitUntil('the delete is ticked', async () => {
      await box.click();
      return isThere(workbench.sync.row(/^Deleted, 2 files, 1 selected/), 3000);
    });
    await workbench.sync.chooseFromMenu(/^Checkout on gpubox/, 'Sync');
    const question = await workbench.dialog.untilAsks('Delete 1 file on gpubox: old.py.');
    assert.match(question, /Push 1 file to gpubox: conf\/train\.yaml\./);
    assert.match(question, /What is replaced or deleted is kept as a backup/);
    assert.match(question, /Deleted on one side and not selected: conf\/model\.yaml\./);
    await workbench.screenshot('sync-delete-question');
    await workbench.dialog.press('Push');
    await workbench
      .notification(/Pushed 1 file to gpubox\. Deleted 1 file on gpubox\. What was replaced is kept/)
      .waitFor();
    assert.equal(existsSync(near('old.py')), false);
    assert.equal(existsSync(near('conf/model.yaml')), true);
    assert.equal(existsSync(far('old.py')), true);
  });

  it('brings a deleted file back from its backup, where nothing takes it away again', async () => {
    const { workbench } = stage();
    await workbench.dismissNotifications();
    await workbench.sync.chooseFromMenu(/^Checkout on gpubox/, 'Restore a Backup…');
    await workbench.quickInput.untilAsks('Restore which backup?');
    await workbench.quickInput.choose(/old\.py/);
    await workbench.quickInput.untilAsks('Restore which files?');
    // All are ticked at first.
    await workbench.quickInput.tickAndConfirm(/^conf\/train\.yaml/);
    await workbench.notification(/^Put back on gpubox: old\.py\./).waitFor();
    assert.equal(readFileSync(near('old.py'), 'utf8'), 'print("old")\n');
    assert.equal(readFileSync(near('conf/train.yaml'), 'utf8'), 'lr: 0.2\n');
    await workbench.sync.row(/^To Pull, 1 file, not selected/).waitFor();
    await workbench.sync.row(/^old\.py, to pull, new there/).waitFor();
  });

  it('pushes of a folder in the explorer what goes by itself, to the checkout that is chosen', async () => {
    const { workbench } = stage();
    await workbench.dismissNotifications();
    await workbench.openExplorer();
    await workbench.explorer.chooseFromMenu(/^conf/, 'Push to Checkout');
    await workbench.quickInput.untilAsks('Push to which checkout?');
    await workbench.quickInput.choose(/^slowbox/);
    await workbench.notification(/^Pushed 1 file to slowbox\./).waitFor();
    await workbench.notification(/^What else differs in conf stays .* conf\/model\.yaml\./).waitFor();
    assert.equal(readFileSync(far('conf/train.yaml'), 'utf8'), 'lr: 0.2\n');
    assert.equal(existsSync(far('conf/model.yaml')), true);
  });

  it('saves what is open with changes before it is pushed, when the user says so', async () => {
    const { workbench } = stage();
    await workbench.dismissNotifications();
    await workbench.explorer.row(/^train\.py/).dblclick();
    await workbench.editor.untilContains('RATE = 0.1');
    await workbench.page.keyboard.type('# typed');
    await workbench.page.keyboard.press('Enter');
    await workbench.explorer.chooseFromMenu(/^train\.py/, 'Push to Checkout');
    await workbench.quickInput.untilAsks('Push to which checkout?');
    await workbench.quickInput.choose(/^gpubox/);
    await workbench.dialog.untilAsks('Not saved yet: train.py');
    await workbench.screenshot('sync-not-saved');
    await workbench.dialog.press('Save and Go On');
    await workbench.notification(/^Pushed 1 file to gpubox\./).waitFor();
    const text = readFileSync(near('train.py'), 'utf8');
    assert.match(text, /^# typed\nRATE = 0\.1\n/);
    assert.equal(readFileSync(here('train.py'), 'utf8'), text);
  });

  it('leaves every file as it was when a large push is cancelled, and shows what is still to go', async () => {
    const { workbench } = stage();
    writeFileSync(here('big.bin'), randomBytes(32 * MEGABYTE));
    writeFileSync(here('notes.md'), 'Edited.\n');
    await workbench.dismissNotifications();
    await workbench.openSweepViews();
    await workbench.sync.collapse(/^Checkout on gpubox/);
    await waitUntil('the edits are seen', async () => {
      await workbench.sync.chooseFromMenu(/^Checkout on slowbox/, 'Compare with Checkout');
      return isThere(workbench.sync.row(/^To Push, 3 files, selected/), 3000);
    });
    await workbench.sync.chooseFromMenu(/^Checkout on slowbox/, 'Sync');
    const progress = workbench.notification(/Pushing to slowbox: Sending/);
    await progress.waitFor();
    await workbench.screenshot('sync-large-push');
    await progress.hover();
    await progress.getByRole('button', { name: 'Cancel' }).click();
    for (const row of [/^big\.bin, to push, new here/, /^notes\.md, to push/, /^train\.py, to push/])
      await workbench.sync.row(row).waitFor();
    await workbench.sync.row(/^Checkout on slowbox, remote lacks 3 files edited or made here/).waitFor();
    assert.equal(existsSync(far('big.bin')), false);
    assert.equal(readFileSync(far('notes.md'), 'utf8'), 'Notes.\n');
    assert.equal(readFileSync(far('train.py'), 'utf8'), 'RATE = 0.1\nprint(f"rate {RATE}")\n');
  });
});
