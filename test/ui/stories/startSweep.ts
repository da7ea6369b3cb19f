import type { Workbench } from '../pages/workbench';

/** Right-clicks a file of the folder `sweeps` in the explorer and starts it; resolves when its line in Sweeps is open. */
export async function startSweep(workbench: Workbench, file: string): Promise<void> {
  await workbench.openExplorer();
  await workbench.explorer.expand(/^sweeps/);
  await workbench.explorer.chooseFromMenu(file, 'Start Sweep');
  await workbench.openSweepViews();
  await workbench.sweeps.expand(/^Sweep /);
}
