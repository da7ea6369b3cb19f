import assert from 'node:assert/strict';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { SweepSummary } from '../../../src/core/facade';
import { isSweepOver } from '../../../src/core/engine/taskState';
import { waitUntil } from '../../support/waitUntil';
import { activeApi } from './extensionUnderTest';

describe('a sweep in this window', function () {
  this.timeout(60_000);

  it('can be started from every sweep file of the project', async () => {
    const api = await activeApi();
    const names = (await api.sweepFiles()).map(({ path }) => basename(path));
    assert.deepEqual(names, ['failing.yaml', 'long.yaml', 'lr.yaml', 'quick.yaml']);
  });

  it('runs to its end and leaves nothing running', async () => {
    const sweep = await runSweep('quick.yaml');
    assert.equal(sweep.state, 'succeeded');
    assert.deepEqual({ total: sweep.total, ...sweep.counts }, counts({ total: 4, succeeded: 4 }));
  });

  it('shows failures by cause in Problems and counts them in the status bar', async () => {
    const api = await activeApi();
    const sweep = await runSweep('failing.yaml');
    assert.equal(sweep.state, 'failed');
    assert.deepEqual({ total: sweep.total, ...sweep.counts }, counts({ total: 12, succeeded: 3, failed: 9 }));
    const problems = await waitUntil('both causes are in Problems', () => {
      const found = hsmDiagnostics();
      return found.length === 2 && found;
    });
    assert.deepEqual(problems.map(([uri]) => basename(uri.path)).sort(), ['data.py', 'model.py']);
    await waitUntil('the status bar counts them', () => api.statusText()?.includes('9 failed'));
  });

  it('reruns what failed under the same numbers', async () => {
    const { facade } = await activeApi();
    const [before] = facade.sweeps();
    assert.ok(before);
    const failed = facade.tasks(before.id, { states: ['failed'] }).map(({ number }) => number);
    await vscode.commands.executeCommand('hsm.sweep.rerunFailed', { kind: 'sweep', sweepId: before.id });
    const secondAttempts = () => facade.tasks(before.id).filter(({ attempt }) => attempt === 2);
    await waitUntil('every failed task was tried again', () => {
      return secondAttempts().length >= failed.length && hasEnded(facade.sweep(before.id));
    });
    assert.deepEqual(
      secondAttempts().map(({ number }) => number),
      failed,
    );
  });
});

/** Starts a sweep file with the command that its menu entry runs, and waits for its end. */
async function runSweep(file: string): Promise<SweepSummary> {
  const { facade, ...api } = await activeApi();
  const known = new Set(facade.sweeps().map(({ id }) => id));
  const uri = (await api.sweepFiles()).find(({ path }) => basename(path) === file);
  assert.ok(uri, `${file} is known`);
  await vscode.commands.executeCommand('hsm.sweep.start', uri);
  return waitUntil(`the sweep of ${file} is over`, () =>
    facade.sweeps().find((sweep) => !known.has(sweep.id) && hasEnded(sweep)),
  );
}

function hasEnded(sweep: SweepSummary | undefined): boolean {
  return sweep !== undefined && isSweepOver(sweep.state);
}

function hsmDiagnostics(): [vscode.Uri, vscode.Diagnostic[]][] {
  return vscode.languages
    .getDiagnostics()
    .map(([uri, all]): [vscode.Uri, vscode.Diagnostic[]] => [
      uri,
      all.filter(({ source }) => source === 'HPC Sweep'),
    ])
    .filter(([, all]) => all.length > 0);
}

function counts(some: { total: number; succeeded: number; failed?: number }): Record<string, number> {
  return { waiting: 0, queued: 0, running: 0, failed: 0, cancelled: 0, lost: 0, ...some };
}
