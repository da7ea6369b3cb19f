import { runMocha } from './runMocha';

/** What holds in a window on a project with sweeps. */
export function run(): Promise<void> {
  return runMocha(async () => {
    await import('./manifest.suite');
    await import('./activation.suite');
    await import('./sweep.suite');
  });
}
