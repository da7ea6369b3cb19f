import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from './stage';
import { startSweep } from './startSweep';

/** The sweep of `test/fixtures/gated`: twelve tasks, three at a time, that end only when they are let go. */
export const gatedWorkspace = 'test/fixtures/gated';

/** Starts it and waits until it is in full swing: three tasks run, none can end. */
export async function startGatedSweep({ workbench }: Stage): Promise<void> {
  await startSweep(workbench, 'gated.yaml');
  await workbench.sweeps.row(/^Running: 3 tasks/).waitFor();
}

export async function letTasksEnd({ workspaceDir }: Stage): Promise<void> {
  await writeFile(join(workspaceDir, 'gate'), '');
}

/** Waits until the tree says that the sweep is over, and looks at what the tasks themselves wrote. */
export async function checkEveryTaskRanOnce({ workbench, workspaceDir }: Stage): Promise<void> {
  await workbench.openSweepViews();
  await workbench.sweeps.row(/^Sweep .*, succeeded, 12\/12/).waitFor();
  await workbench.sweeps.expand(/^Sweep /);
  await workbench.sweeps.row(/^Done: 12 tasks$/).waitFor();
  const started = (await readFile(join(workspaceDir, 'started'), 'utf8')).trim().split('\n').map(Number);
  assert.deepEqual(
    started.sort((a, b) => a - b),
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
}
