import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL_FOLDED, clashingNames, type NameFolding } from '../../core/sync/foldedNames';
import type { SyncPlan } from '../../core/sync/plan';
import { ProjectSyncError } from '../../core/sync/projectSyncError';
import { refusalError, refusalOf } from './checkout/answers';
import { splitWords } from './checkout/words';
import { EMPTY_TREE } from './history';
import { SYNC_DIR, type Places } from './places';
import { statIfThere } from './workspace/workspaceChange';

/**
 * Refuses a transfer to a file system that takes two of its names for one, where a file would take another's place.
 * The receiving side is asked only when there are such names at all.
 *
 * @param present - what the receiving side is known to have; what git tracks here is added to it
 * @throws ProjectSyncError with the names
 */
export async function refuseClashes(
  places: Places,
  plan: SyncPlan,
  present: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const [tracked, brought] = await Promise.all([trackedNames(places, plan), broughtNames(places, plan)]);
  const files = plan.files.flatMap(({ path, next }) => (next.kind === 'absent' ? [] : [path]));
  const arriving = [...files, ...brought];
  const all = [...present, ...tracked];
  if (clashingNames(arriving, all, ALL_FOLDED).length === 0) return;
  const folding =
    plan.direction === 'push' ? await foldingThere(places, signal) : await foldingHere(places.root);
  const clashes = clashingNames(arriving, all, folding);
  if (clashes.length === 0) return;
  const where = plan.direction === 'push' ? `on ${places.hostLabel}` : 'here';
  throw new ProjectSyncError(
    'Nothing was transferred.',
    clashes.slice(0, 10).map((names) => ({
      text: `${names.join(' and ')} are the same name for the file system ${where}.`,
      action: 'Rename one of them on the side where both are, or rename it with git on both sides.',
      blocks: true,
      about: 'files',
    })),
  );
}

/** Relative to the project; of the commits that a pull brings once they have arrived. */
async function trackedNames({ git }: Places, { direction, commits }: SyncPlan): Promise<string[]> {
  const args =
    direction === 'pull' && commits ? ['ls-tree', '-r', '-z', '--name-only', commits.to] : ['ls-files', '-z'];
  const { exitCode, stdout } = await git.run(args);
  return exitCode === 0 ? splitWords(stdout) : [];
}

/** What commits add or change. */
async function broughtNames({ git }: Places, { commits }: SyncPlan): Promise<string[]> {
  if (!commits) return [];
  const [from, to] = [commits.from ?? EMPTY_TREE, commits.to];
  const names = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', '--diff-filter=d', '--relative'];
  return splitWords(Buffer.from(await git.text([...names, from, to])));
}

async function foldingThere(places: Places, signal: AbortSignal): Promise<NameFolding> {
  const sections = await places.there.ask({ name: 'folds' }, signal);
  const refusal = refusalOf(sections);
  if (refusal) throw refusalError(refusal, places);
  const folds = sections.get('folds') ?? [];
  return { case: folds.includes('case'), unicode: folds.includes('unicode') };
}

/** Tried, because no system tells it of a folder. */
export async function foldingHere(root: string): Promise<NameFolding> {
  const dir = join(root, SYNC_DIR, 'names');
  await mkdir(dir, { recursive: true });
  try {
    await writeFile(join(dir, 'probe'), '');
    await writeFile(join(dir, '\u00e9'), '');
    const [byCase, byForm] = await Promise.all([
      statIfThere(join(dir, 'PROBE')),
      statIfThere(join(dir, 'e\u0301')),
    ]);
    return { case: byCase !== undefined, unicode: byForm !== undefined };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
