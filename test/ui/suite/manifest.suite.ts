import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionUnderTest, manifest } from './extensionUnderTest';

/** VS Code makes these itself for every view and view container: `hsm.sweeps.focus`, `hsm.sweeps.open` … */
function isOfAView(command: string): boolean {
  const views = Object.values(manifest().contributes?.views ?? {}).flat();
  return views.some((view) => command.startsWith(`${view.id}.`));
}

async function registeredCommands(): Promise<string[]> {
  const all = await vscode.commands.getCommands(true);
  return all.filter((command) => command.startsWith('hsm.')).sort();
}

function declaredCommands(): string[] {
  return (manifest().contributes?.commands ?? []).map((each) => each.command).sort();
}

describe('the manifest', () => {
  before(async () => {
    await extensionUnderTest().activate();
  });

  it('declares only commands that are registered', async () => {
    const registered = new Set(await registeredCommands());
    const declared = declaredCommands();
    assert.ok(declared.length > 0, 'no command is declared');
    assert.deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('declares every command that is registered', async () => {
    const declared = new Set(declaredCommands());
    const registered = await registeredCommands();
    assert.deepEqual(
      registered.filter((command) => !declared.has(command) && !isOfAView(command)),
      [],
    );
  });

  it('declares views that can be shown', async () => {
    const views = Object.values(manifest().contributes?.views ?? {}).flat();
    assert.ok(views.length > 0, 'no view is declared');
    for (const view of views) await vscode.commands.executeCommand(`${view.id}.focus`);
  });
});
