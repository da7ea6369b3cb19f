import type { CleanPlan } from '../facade';
import { isRemovable, reasonToKeep } from './removalGate';

/** A directory of this project under a source's root. */
export interface RootEntry {
  readonly kind: 'sweep' | 'code';
  /** The sweep's id, or the name of a copy of the code. */
  readonly name: string;
  /** Absolute there. */
  readonly path: string;
  readonly bytes: number;
  /** Processes of its tasks and runner that live there. */
  readonly active: number;
  /** The directory of the code that a sweep runs. */
  readonly codePath?: string;
}

/** What this product keeps of one project under a source's root. */
export interface SourceRoot {
  /** Absolute there. */
  readonly root: string;
  readonly projectId: string;
  readonly entries: readonly RootEntry[];
}

/** Something of a sweep's tasks that is there and not here. */
export interface NotHere {
  /** What, and in which way, e.g. `task_0001/model.ckpt (missing here)`. */
  readonly text: string;
  /** What brings it: a collection, a change of the source's `collect` before one, or only the user. */
  readonly by: 'collection' | 'rules' | 'hand';
}

/** Looks at, compares and removes what the product keeps on a host. */
export interface RootCleaner {
  /** @throws HsmError `host.unreachable`, `host.refused` */
  look(signal: AbortSignal): Promise<SourceRoot>;
  /**
   * Files and symbolic links of a sweep's tasks there that are not the same in the sweep's directory here, by size and
   * content, or where they lead: with the tasks or, of those that went on elsewhere, where earlier attempts are kept (`earlierTasksDir`).
   * @throws HsmError when that cannot be told
   */
  differences(entry: RootEntry, localSweepDir: string, signal: AbortSignal): Promise<readonly NotHere[]>;
  /**
   * Removes directories; one that is not there is fine.
   *
   * @returns those that stay, because a sweep began to use them since they were looked at
   * @throws HsmError `command.failed` when one could not be removed
   */
  remove(root: SourceRoot, paths: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
}

/** What is known here of a sweep that a host has files of. */
export interface SweepHere {
  /** Of its tasks there, so many are not over. */
  readonly active: number;
  readonly anyNotSucceeded: boolean;
  readonly localSweepDir: string;
}

/** How careful a removal is. */
export interface CleanWish {
  /** By itself at the end of a sweep, or because the user asked for it. */
  readonly isRequested: boolean;
  /** Only this sweep, and no code. Default: everything of the project. */
  readonly sweepId?: string;
}

/**
 * Finds what can go from a source's root: directories of sweeps that are over and whose files are all here, compared
 * now, and copies of code that no remaining sweep runs. Removes nothing.
 *
 * @param sweepHere - undefined for a sweep that is not in this project's outputs
 */
export async function planCleaning(
  source: string,
  cleaner: RootCleaner,
  sweepHere: (sweepId: string) => SweepHere | undefined,
  wish: CleanWish,
  signal: AbortSignal,
): Promise<{ readonly plan: CleanPlan; readonly root: SourceRoot }> {
  const root = await cleaner.look(signal);
  const remove: CleanPlan['remove'][number][] = [];
  const keep: CleanPlan['keep'][number][] = [];
  const codeInUse = new Set<string>();
  for (const entry of root.entries.filter(({ kind }) => kind === 'sweep')) {
    if (wish.sweepId !== undefined && entry.name !== wish.sweepId) continue;
    const { name: sweepId, path, bytes } = entry;
    const reason = await reasonFor(cleaner, root, entry, sweepHere(sweepId), wish, signal);
    if (reason === undefined) remove.push({ sweepId, path, bytes });
    else {
      keep.push({ sweepId, path, reason });
      if (entry.codePath !== undefined) codeInUse.add(entry.codePath);
    }
  }
  if (wish.sweepId === undefined) {
    for (const { path, bytes } of root.entries.filter(
      ({ kind, path: own }) => kind === 'code' && !codeInUse.has(own),
    ))
      if (isRemovable(root.root, root.projectId, path)) remove.push({ sweepId: '', path, bytes });
  }
  return { root, plan: { source, remove, keep } };
}

/**
 * Removes what is in both plans: the one that the user saw, and one made now.
 *
 * @returns what was removed, and what was kept with the reasons
 */
export async function carryOutCleaning(
  cleaner: RootCleaner,
  root: SourceRoot,
  seen: CleanPlan,
  now: CleanPlan,
  signal: AbortSignal,
): Promise<CleanPlan> {
  const agreed = new Set(seen.remove.map(({ path }) => path));
  const remove = now.remove.filter(({ path }) => agreed.has(path));
  if (remove.length === 0) return { source: now.source, remove, keep: now.keep };
  const kept = await cleaner.remove(
    root,
    remove.map(({ path }) => path),
    signal,
  );
  const reason = 'A sweep that has just started runs it.';
  return {
    source: now.source,
    remove: remove.filter(({ path }) => !kept.includes(path)),
    keep: [...now.keep, ...kept.map((path) => ({ sweepId: '', path, reason }))],
  };
}

async function reasonFor(
  cleaner: RootCleaner,
  root: SourceRoot,
  entry: RootEntry,
  here: SweepHere | undefined,
  wish: CleanWish,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!isRemovable(root.root, root.projectId, entry.path))
    return 'Its path is not one that this product makes.';
  if (!here) return 'It is not among the sweeps of this project here.';
  const question = {
    keep: false,
    active: Math.max(entry.active, here.active),
    anyNotSucceeded: here.anyNotSucceeded,
    isRequested: wish.isRequested,
  };
  const early = reasonToKeep({ ...question, isVerified: true });
  if (early !== undefined) return early;
  const missing = await cleaner.differences(entry, here.localSweepDir, signal);
  return missing.length === 0
    ? reasonToKeep({ ...question, isVerified: true })
    : notHereText(missing, entry.path);
}

/** What a collection does not bring decides on the advice. */
function notHereText(missing: readonly NotHere[], path: string): string {
  const first = (['hand', 'rules', 'collection'] as const)
    .map((by) => missing.find((each) => each.by === by))
    .find((each) => each !== undefined);
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
  return `Not all of it is here: ${first?.text ?? ''}${more}. ${ADVICE[first?.by ?? 'collection'](path)}`;
}

const ADVICE: Readonly<Record<NotHere['by'], (path: string) => string>> = {
  collection: () => 'Collect the sweep, or copy what you need.',
  rules: (path) =>
    `Change \`collect\` of the source and collect the sweep, or remove ${path} there yourself.`,
  hand: (path) => `A collection does not bring that: copy what you need, and remove ${path} there yourself.`,
};
