import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { waitUntil } from '../../support/waitUntil';
import { isThere } from '../pages/isThere';
import { cloneWorkspace } from './checkoutCopies';
import { useHostStage } from './hostStage';

describe('a workspace and its checkout on a host, edited on both sides', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const { stage, here, atHome } = useHostStage('test/fixtures/mirrored');
  const there = (path: string): string => atHome(join('mirrored', path));

  before(() => {
    cloneWorkspace(stage().workspaceDir, there(''));
    writeFileSync(here('train.py'), 'RATE = 0.2\nprint(f"rate {RATE}")\n');
    writeFileSync(there('conf/train.yaml'), 'lr: 0.3\n');
    writeFileSync(here('notes.md'), 'Mine.\n');
    writeFileSync(there('notes.md'), 'Theirs.\n');
  });

  it('shows what was edited where', async () => {
    const { workbench } = stage();
    await workbench.openSweepViews();
    await workbench.sync.row(/^Not compared yet, click to compare/).click();
    await workbench.sync
      .row(
        /^Checkout on gpubox, remote lacks the edit of 1 file made here, has 1 file edited there and differs/,
      )
      .waitFor();
    await workbench.sync.row(/^To Push, 1 file, selected/).waitFor();
    await workbench.sync.row(/^To Pull, 1 file, selected/).waitFor();
    await workbench.sync.row(/^Conflicts, 1 file/).waitFor();
    await workbench.page.getByRole('button', { name: /^Sync, gpubox: remote lacks/ }).waitFor();
  });

  it('leaves out what is not ticked, a file or a whole group', async () => {
    const { sync } = stage().workbench;
    const box = (row: RegExp): Locator => sync.row(row).getByRole('checkbox');
    // A click while the lines are drawn anew is lost.
    const clickUntil = (row: RegExp, result: RegExp): Promise<unknown> =>
      waitUntil(`a click on ${row.source} leads to ${result.source}`, async () => {
        if (await isThere(sync.row(result), 100)) return true;
        await box(row).click();
        return isThere(sync.row(result), 3000);
      });
    await clickUntil(/^To Pull, 1 file/, /^To Pull, 1 file, not selected/);
    assert.equal(await box(/^conf\/train\.yaml, to pull/).isChecked(), false);
    await clickUntil(/^conf\/train\.yaml, to pull/, /^To Pull, 1 file, selected/);
  });

  it('opens the versions of a file side by side, and all of them in one editor', async () => {
    const { workbench } = stage();
    await workbench.sync.row(/^train\.py, to push/).click();
    await workbench.editor.untilShows('train.py (gpubox ↔ Workspace)');
    await workbench.editor.untilContains('RATE = 0.1');
    await workbench.editor.untilContains('RATE = 0.2');
    await workbench.dismissNotifications();
    await workbench.screenshot('sync');
    await workbench.sync.chooseFromMenu(/^Checkout on gpubox/, 'Open All Changes');
    await workbench.editor.untilShows(/^Changes: gpubox ↔ Workspace/);
    await workbench.editor.untilContains('lr: 0.3');
    await workbench.editor.untilContains('Theirs.');
    await workbench.screenshot('sync-all');
  });

  it('does what is safe by one button, and says that it leaves the conflict', async () => {
    const { workbench } = stage();
    await workbench.sync.pressTitleButton('Sync');
    const question = await workbench.dialog.untilAsks('Sync with gpubox?');
    assert.match(question, /Push 1 file to gpubox: train\.py\./);
    assert.match(question, /Pull 1 file from gpubox: conf\/train\.yaml\./);
    assert.match(question, /left alone until you choose a side: notes\.md\./);
    await workbench.screenshot('sync-question');
    await workbench.dialog.press('Push and Pull');
    await workbench.notification(/Pushed 1 file to gpubox\. Pulled 1 file from gpubox\./).waitFor();
    assert.equal(readFileSync(there('train.py'), 'utf8'), 'RATE = 0.2\nprint(f"rate {RATE}")\n');
    assert.equal(readFileSync(here('conf/train.yaml'), 'utf8'), 'lr: 0.3\n');
    assert.equal(readFileSync(here('notes.md'), 'utf8'), 'Mine.\n');
    assert.equal(readFileSync(there('notes.md'), 'utf8'), 'Theirs.\n');
    await workbench.dismissNotifications();
  });

  it('takes the other version of a conflict only after a word, and keeps the one from here', async () => {
    const { workbench } = stage();
    await workbench.sync.chooseFromMenu(/^notes\.md, changed on both sides/, 'Pull');
    await workbench.dialog.untilAsks(/notes\.md was changed here; that version would be replaced/);
    await workbench.dialog.press('Pull');
    await workbench.notification(/Pulled 1 file from gpubox\. What was replaced is kept/).waitFor();
    assert.equal(readFileSync(here('notes.md'), 'utf8'), 'Theirs.\n');
  });

  it('restores it from the backup', async () => {
    const { workbench } = stage();
    await workbench.sync.chooseFromMenu(/^Checkout on gpubox/, 'Restore a Backup…');
    await workbench.quickInput.untilAsks('Restore which backup?');
    await workbench.screenshot('sync-backups');
    await workbench.quickInput.choose(/notes\.md/);
    await workbench.notification(/^Put back here: notes\.md\./).waitFor();
    assert.equal(readFileSync(here('notes.md'), 'utf8'), 'Mine.\n');
    assert.equal(readFileSync(there('notes.md'), 'utf8'), 'Theirs.\n');
  });

  it('compares and pushes a file from the explorer', async () => {
    const { workbench } = stage();
    await workbench.dismissNotifications();
    await workbench.openExplorer();
    await workbench.explorer.chooseFromMenu(/^notes\.md/, "Compare with the Checkout's Version");
    await workbench.editor.untilShows(/^notes\.md \(gpubox ↔ Workspace\)/);
    await workbench.explorer.chooseFromMenu(/^notes\.md/, 'Push to Checkout');
    await waitUntil('it is there', () => readFileSync(there('notes.md'), 'utf8') === 'Mine.\n');
    await workbench.openSweepViews();
    await workbench.sync.row(/^Checkout on gpubox, in sync/).waitFor();
  });

  it('has what is open with changes saved before it would be replaced, and then looks again', async () => {
    const { workbench } = stage();
    await workbench.openExplorer();
    await workbench.explorer.row(/^notes\.md/).dblclick();
    await workbench.editor.untilShows(/^notes\.md(?! \()/);
    await workbench.editor.untilContains('Mine.');
    await workbench.page.keyboard.type('Typed. ');
    await workbench.editor.untilContains('Typed. Mine.');
    writeFileSync(there('notes.md'), 'Changed there.\n');
    await workbench.openSweepViews();
    await waitUntil('the edit there is seen', async () => {
      await workbench.sync.pressTitleButton('Compare with Checkout');
      return isThere(workbench.sync.row(/^notes\.md, to pull/), 3000);
    });
    await workbench.sync.chooseFromMenu(/^notes\.md, to pull/, 'Pull');
    await workbench.dialog.untilAsks('Not saved yet: notes.md');
    await workbench.dialog.press('Save and Compare Again');
    await workbench.sync.row(/^notes\.md, changed on both sides/).waitFor();
    assert.equal(readFileSync(here('notes.md'), 'utf8'), 'Typed. Mine.\n');
    await workbench.sync.chooseFromMenu(/^notes\.md, changed on both sides/, 'Push');
    await workbench.dialog.press('Push');
    await workbench.sync.row(/^Checkout on gpubox, in sync/).waitFor();
    assert.equal(readFileSync(there('notes.md'), 'utf8'), 'Typed. Mine.\n');
  });

  it('pushes before a sweep starts on it, when the user says so', async () => {
    const { workbench } = stage();
    writeFileSync(here('train.py'), 'RATE = 0.4\n');
    await workbench.openExplorer();
    await workbench.explorer.expand(/^sweeps/);
    await workbench.explorer.chooseFromMenu('wait.yaml', 'Start Sweep');
    await workbench.quickInput.untilAsks('Before the start');
    await workbench.quickInput.choose('Push First, Then Start');
    await workbench.sync.row(/^1 task runs from this checkout/).waitFor();
    assert.equal(readFileSync(there('train.py'), 'utf8'), 'RATE = 0.4\n');
  });

  it('pushes under a running task only after telling of it', async () => {
    const { workbench } = stage();
    writeFileSync(here('train.py'), 'RATE = 0.5\n');
    // A comparison that was under way may have looked before the edit.
    await waitUntil('the edit is seen', async () => {
      await workbench.sync.pressTitleButton('Compare with Checkout');
      return isThere(workbench.sync.row(/^train\.py, to push/), 3000);
    });
    await workbench.sync.pressTitleButton('Sync');
    await workbench.dialog.untilAsks('1 task runs from the checkout of gpubox now.');
    await workbench.dialog.press('Cancel');
    await workbench.sync.row(/^train\.py, to push/).waitFor();
    assert.equal(readFileSync(there('train.py'), 'utf8'), 'RATE = 0.4\n');
    await workbench.sync.pressTitleButton('Sync');
    await workbench.dialog.untilAsks('1 task runs from the checkout of gpubox now.');
    await workbench.dialog.press('Push');
    await workbench.sync.row(/^Checkout on gpubox, in sync/).waitFor();
    assert.equal(readFileSync(there('train.py'), 'utf8'), 'RATE = 0.5\n');
    writeFileSync(atHome('released'), '');
    await workbench.sweeps.row(/^Sweep .*, succeeded/).waitFor();
  });
});
