import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorText, HsmError } from '../../core/base/errors';
import type { Transferred } from '../../core/sync/checkoutPort';
import type { PlannedFile, SyncPlan } from '../../core/sync/plan';
import { ProjectSyncError } from '../../core/sync/projectSyncError';
import type { SyncProgress } from '../../core/sync/syncFacade';

import { GitCli } from '../git/gitCli';
import { backupOf, backupTimeMs } from './backupId';
import { joinWords } from './checkout/words';
import { readCommitParts } from './commitParts';
import { syncFolderOf, writeDurably } from './durable';
import { Incoming } from './incoming';
import { refuseClashes } from './nameClashes';
import { SYNC_DIR, type Places } from './places';
import { differing } from './push';
import { changedError, stoppedError } from './transferErrors';
import { HashCache } from './workspace/hashCache';
import { lookHere } from './workspace/lookHere';
import { pruneBackupsHere } from './workspace/workspaceBackups';
import { mergeHere, takeBack, type MergePlace } from './workspace/mergeHere';
import { hideFromGit, statIfThere, WorkspaceChange } from './workspace/workspaceChange';
import { findWorkspaceGit, type WorkspaceGit } from './workspace/workspaceGit';
import { withLock } from './workspace/workspaceLock';
import { toWriteFailure } from './writeFailure';

/** One transfer and where it works; folders are absolute. */
interface Pull {
  readonly places: Places;
  readonly plan: SyncPlan;
  /** Of the backup. */
  readonly id: string;
  /** Names that the workspace is known to have. */
  readonly present: readonly string[];
  readonly signal: AbortSignal;
  readonly tell: (progress: SyncProgress) => void;
  /** Takes what arrives. Renamed to {@link pendingDir} when the workspace begins to change. */
  readonly staging: string;
  readonly found?: WorkspaceGit;
}

const HERE = 'here';

/** Fetches a plan from the checkout: everything arrives and is checked first, then the workspace changes. */
export async function pullPlan(
  places: Places,
  plan: SyncPlan,
  { id, present, signal, tell }: Pick<Pull, 'id' | 'present' | 'signal' | 'tell'>,
): Promise<Transferred> {
  const stateDir = join(places.root, SYNC_DIR);
  const staging = join(stateDir, 'staging');
  const found = await findWorkspaceGit(places.git);
  const pull: Pull = { places, plan, id, present, signal, tell, staging, ...(found && { found }) };
  try {
    return await withLock(stateDir, async () => {
      if (found) await hideFromGit(found.commonDir);
      if (await statIfThere(pendingDir(places.root))) {
        throw new ProjectSyncError('An earlier sync was interrupted here. Compare again.');
      }
      await rm(staging, { recursive: true, force: true });
      await mkdir(join(staging, 'files'), { recursive: true });
      try {
        await receiveFiles(pull);
        await receiveCommits(pull);
        await refuseClashes(places, plan, present, signal);
        const done = await apply(pull);
        await pruneBackupsHere(places.root, backupTimeMs(id));
        return done;
      } finally {
        await rm(staging, { recursive: true, force: true });
      }
    });
  } catch (error) {
    throw toWriteFailure(error, stateDir);
  }
}

async function receiveFiles({ places, plan, staging, signal, tell }: Pull): Promise<void> {
  const files = plan.files.flatMap(({ path, next }, number) =>
    next.kind === 'file' ? [{ path, ready: readyFile(staging, number), sha256: next.sha256 }] : [],
  );
  if (files.length === 0) return;
  const incoming = new Incoming(files, (received) => {
    tell({ text: `Fetching ${files.length} files`, fraction: received / files.length });
  });
  const input = joinWords(files.map(({ path }) => `./${path}`));
  try {
    await places.there.pour({ name: 'read', input }, (bytes) => incoming.take(bytes), signal);
  } catch (error) {
    await incoming.finish();
    // Of these programs one that fails met a file that has gone meanwhile.
    if (HsmError.is(error, 'command.failed')) throw changedError([], `on ${places.hostLabel}`);
    throw error;
  }
  const wrong = await incoming.finish();
  if (wrong.length > 0) throw changedError(wrong, `on ${places.hostLabel}`);
}

async function receiveCommits({ places, plan, staging, id, signal, found }: Pull): Promise<void> {
  const { commits } = plan;
  if (!commits) return;
  await dropIncoming(places.git, found);
  const bundle = join(staging, 'bundle');
  const bytes = await places.there.bytes({ name: 'bundle', args: [commits.to, commits.from ?? ''] }, signal);
  await writeFile(bundle, bytes);
  const fetched = await places.git.run([
    'fetch',
    '-q',
    '--no-tags',
    '--no-write-fetch-head',
    bundle,
    `+HEAD:refs/hsm/incoming/${id}`,
  ]);
  if (fetched.exitCode !== 0) {
    throw new ProjectSyncError(`git here does not take the commits: ${fetched.stderr}. Nothing was changed.`);
  }
}

async function apply({ places, plan, id, signal, tell, staging, found }: Pull): Promise<Transferred> {
  const { root } = places;
  const paths = plan.files.map(({ path }) => path);
  // Nothing is remembered here: what counts is what is there now.
  const noCache = new HashCache(join(staging, 'none'), places.log);
  const changed = differing(plan.files, await lookHere(root, paths, noCache, signal), 'expected');
  if (changed.length > 0) throw changedError(changed, HERE);
  const pending = pendingDir(root);
  const backupDir = join(root, SYNC_DIR, 'backups', id, 'files');
  await writeDurably(
    join(staging, 'plan.json'),
    JSON.stringify({ files: plan.files, commits: plan.commits }),
  );
  await rename(staging, pending);
  await syncFolderOf(pending);
  // From here on it goes on to its end: an abort would leave some files new and some old.
  try {
    if (plan.commits && found) await mergeCommits(places, plan.commits, id, found, { pending, backupDir });
    tell({ text: `Writing ${plan.files.length} files` });
    const change = new WorkspaceChange(root, backupDir);
    const done = new Set<string>();
    for (const [number, file] of plan.files.entries()) {
      try {
        await applyFile(change, file, readyFile(pending, number), join(pending, 'link'));
        done.add(file.path);
      } catch (error) {
        throw stoppedError(plan, done, { path: file.path, why: errorText(error), where: HERE });
      }
    }
    const wrong = differing(
      plan.files,
      await lookHere(root, paths, noCache, new AbortController().signal),
      'next',
    );
    if (wrong.length > 0) throw changedError(wrong, 'here after the transfer');
    return {
      written: plan.files.filter(({ next }) => next.kind !== 'absent').map(({ path }) => path),
      deleted: plan.files.filter(({ next }) => next.kind === 'absent').map(({ path }) => path),
      ...(change.kept.length > 0 && { backup: backupOf(id, 'local', change.kept) }),
    };
  } finally {
    await closeBooks(root);
  }
}

async function mergeCommits(
  places: Places,
  commits: NonNullable<SyncPlan['commits']>,
  id: string,
  found: WorkspaceGit,
  dirs: Pick<MergePlace, 'pending' | 'backupDir'>,
): Promise<void> {
  const top = topOf(places.root, found.prefix);
  const parts = await readCommitParts(places.git, commits, found.prefix);
  await writeFile(join(dirs.pending, 'touched'), parts.touched);
  const { gitDir, prefix } = found;
  await mergeHere({ git: new GitCli(top), top, prefix, gitDir, ...dirs }, commits, parts);
  await places.git.run(['update-ref', '-d', `refs/hsm/incoming/${id}`]);
}

async function applyFile(
  change: WorkspaceChange,
  { path, next }: PlannedFile,
  ready: string,
  readyLink: string,
): Promise<void> {
  if (next.kind === 'file') await change.place(ready, path, next.isExecutable);
  else if (next.kind === 'link') await change.placeLink(next.target, path, readyLink);
  else await change.drop(path);
}

/**
 * Finishes the books of a pull whose process died.
 *
 * @returns paths with what became of each; undefined when none broke off
 */
export async function recoverHere(
  places: Places,
  backupId: string,
): Promise<readonly { readonly path: string; readonly isNew: boolean }[] | undefined> {
  const { root } = places;
  const pending = pendingDir(root);
  if (!(await statIfThere(pending))) return undefined;
  return withLock(join(root, SYNC_DIR), async () => {
    const plan = JSON.parse(await readFile(join(pending, 'plan.json'), 'utf8')) as Pick<
      SyncPlan,
      'files' | 'commits'
    >;
    const found = await findWorkspaceGit(places.git);
    if (
      plan.commits &&
      found &&
      found.head !== plan.commits.to &&
      (await statIfThere(join(pending, 'merging')))
    ) {
      const top = topOf(root, found.prefix);
      const backupDir = join(root, SYNC_DIR, 'backups', backupId, 'files');
      const { gitDir, prefix } = found;
      const place = { git: new GitCli(top), top, prefix, gitDir, pending, backupDir };
      await takeBack(place, await readFile(join(pending, 'touched')));
    }
    const paths = plan.files.map(({ path }) => path);
    const noCache = new HashCache(join(pending, 'none'), places.log);
    const contents = await lookHere(root, paths, noCache, new AbortController().signal);
    const old = new Set(differing(plan.files, contents, 'next'));
    await dropIncoming(places.git, found);
    await closeBooks(root);
    return paths.map((path) => ({ path, isNew: !old.has(path) }));
  });
}

/** Commits that arrived for a pull which did not come to its end. */
async function dropIncoming(git: GitCli, found: WorkspaceGit | undefined): Promise<void> {
  if (!found) return;
  const refs = await git.run(['for-each-ref', '--format=delete %(refname)', 'refs/hsm/incoming']);
  if (refs.stdout.length > 0) await git.run(['update-ref', '--stdin'], refs.stdout);
}

/** In one step: a process that dies while it removes must not leave half of what a recovery reads. */
async function closeBooks(root: string): Promise<void> {
  const over = join(root, SYNC_DIR, 'over');
  await rm(over, { recursive: true, force: true });
  await rename(pendingDir(root), over);
  await rm(over, { recursive: true, force: true });
}

/** Whether a pull broke off. */
export function isInterruptedHere(root: string): boolean {
  return existsSync(pendingDir(root));
}

/** The repository's top, from the project's folder and its path in the repository. */
function topOf(root: string, prefix: string): string {
  return prefix.split('/').slice(1).reduce(dirname, root);
}

function pendingDir(root: string): string {
  return join(root, SYNC_DIR, 'pending');
}

function readyFile(dir: string, number: number): string {
  return join(dir, 'files', String(number));
}
