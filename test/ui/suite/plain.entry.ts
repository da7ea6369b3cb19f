import { runMocha } from './runMocha';

/** What holds in a window on a folder without sweeps. */
export function run(): Promise<void> {
  return runMocha(() => import('./idle.suite'));
}
