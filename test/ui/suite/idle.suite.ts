import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activeApi, extensionUnderTest } from './extensionUnderTest';

describe('in a folder without sweeps', () => {
  it('the extension stays asleep while one edits', async () => {
    const [notes] = await vscode.workspace.findFiles('notes.txt');
    assert.ok(notes);
    await vscode.window.showTextDocument(notes);
    assert.equal(extensionUnderTest().isActive, false);
  });

  it('opening its views wakes it, and they are empty', async () => {
    await vscode.commands.executeCommand('hsm.sweeps.focus');
    const api = await activeApi();
    assert.deepEqual(await api.sweepTree.getChildren(), []);
    assert.deepEqual(await api.sweepFiles(), []);
  });
});
