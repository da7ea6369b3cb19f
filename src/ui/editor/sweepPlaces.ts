/** Where sweep files are kept; others are found when they are opened. */
export const USUAL_PLACES = '**/sweeps/**/*.{yml,yaml}';

/** What is not searched for them. */
export const NEVER = '{**/node_modules/**,**/outputs/**,**/.git/**,**/.hsm/code/**,**/.hsm/sync/**}';

/** Whether a file is one of the copies that this product keeps of the project. A watcher cannot be told to leave them out. */
export function isKeptCopy(path: string): boolean {
  return /[\\/]\.hsm[\\/](code|sync)[\\/]/.test(path);
}
