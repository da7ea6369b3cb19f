import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText, HsmError } from '../../core/base/errors';
import type { Transferred } from '../../core/sync/checkoutPort';
import type { Content } from '../../core/sync/content';
import type { PlannedFile, SyncPlan } from '../../core/sync/plan';
import { ProjectSyncError } from '../../core/sync/projectSyncError';
import type { SyncProgress } from '../../core/sync/syncFacade';
import { GitCli } from '../git/gitCli';
import { prepareStaging } from './arrivedHere';
import { backupOf, backupTimeMs } from './backupId';
import { joinWords } from './checkout/words';
import { readCommitParts, type CommitParts } from './commitParts';
import { syncFolderOf, writeDurably } from './durable';
import { deletesOf, foldersInTheWay, foldersToGo } from './foldersToGo';
import { Incoming, writeWhole, type Awaited } from './incoming';
import { mergeRefusedError } from './mergeRefusal';
import { refuseClashes } from './nameClashes';
import { closeBooks, dropIncoming, incomingRefs, pendingDir, topOf } from './pendingHere';
import { SYNC_DIR, type Places } from './places';
import { differing } from './push';
import type { StoredPull } from './recoverHere';
import { changedError, folderError, stoppedError } from './transferErrors';
import { TransferTeller } from './transferTeller';
import { HashCache } from './workspace/hashCache';
import { lookHere } from './workspace/lookHere';
import { pruneBackupsHere } from './workspace/workspaceBackups';
import { mergeHere } from './workspace/mergeHere';
import { hideFromGit, statIfThere, WorkspaceChange } from './workspace/workspaceChange';
import { findWorkspaceGit, headOf, readHasModes, type WorkspaceGit } from './workspace/workspaceGit';
import { withLock } from './workspace/workspaceLock';
import { toWriteFailure } from './writeFailure';

/** One transfer and where it works; folders are absolute. */
interface Pull {
  readonly places: Places;
  /** Ends with the signal: for what comes before the workspace changes. */
  readonly git: GitCli;
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
  const git = places.git.until(signal);
  const stateDir = join(places.root, SYNC_DIR);
  const staging = join(stateDir, 'staging');
  const found = await findWorkspaceGit(git);
  const pull: Pull = { places, git, plan, id, present, signal, tell, staging, ...(found && { found }) };
  try {
    return await withLock(stateDir, places.log, async () => {
      if (found) await hideFromGit(found.commonDir);
      if (await statIfThere(pendingDir(places.root))) {
        throw new ProjectSyncError('An earlier sync was interrupted here. Compare again.');
      }
      try {
        await receive(pull);
        await refuseClashes({ ...places, git }, plan, present, signal);
        const done = await apply(pull);
        await pruneBackupsHere(places.root, backupTimeMs(id));
        return done;
      } catch (error) {
        // What breaks off while it arrives stays for the next pull.
        if (!HsmError.is(error, 'host.unreachable')) await rm(staging, { recursive: true, force: true });
        throw error;
      } finally {
        if (plan.commits && found) await dropIncoming(places.git, places.root);
      }
    });
  } catch (error) {
    throw toWriteFailure(error, stateDir);
  }
}

async function receive(pull: Pull): Promise<void> {
  const { plan, staging } = pull;
  const awaited = plan.files.flatMap(({ path, next }, number) =>
    next.kind === 'file' ? [{ path, ready: readyFile(staging, number), sha256: next.sha256 }] : [],
  );
  await receiveFiles(pull, await prepareStaging(staging, awaited));
  await receiveCommits(pull);
}

async function receiveFiles({ places, signal, tell }: Pull, files: readonly Awaited[]): Promise<void> {
  if (files.length === 0) return;
  const incoming = new Incoming(files, (bytes) => {
    const teller = new TransferTeller('Fetching', { files: files.length, bytes }, tell);
    return (done) => {
      teller.add(done);
    };
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

async function receiveCommits({ places, git, plan, staging, id, signal, tell, found }: Pull): Promise<void> {
  const { commits } = plan;
  if (!commits) return;
  if (found) await dropIncoming(places.git, places.root);
  const bundle = join(staging, 'bundle');
  const call = { name: 'bundle', args: [commits.to, commits.from ?? ''] } as const;
  const file = await open(bundle, 'wx');
  // How much there is of it is known when it is all there.
  tell({ text: 'Fetching commits' });
  try {
    await places.there.pour(call, (bytes) => writeWhole(file, bytes), signal);
  } finally {
    await file.close();
  }
  const fetched = await git.run([
    'fetch',
    '-q',
    // Else git asks the servers of submodules for the commits that these name.
    '--no-recurse-submodules',
    '--no-tags',
    '--no-write-fetch-head',
    bundle,
    `+HEAD:${await incomingRefs(places.root)}/${id}`,
  ]);
  if (fetched.exitCode !== 0) {
    throw new ProjectSyncError(`git here does not take the commits: ${fetched.stderr}. Nothing was changed.`);
  }
}

async function apply(pull: Pull): Promise<Transferred> {
  const { places, plan, id, signal, tell, staging, found } = pull;
  const { root } = places;
  const folder = { root, hasModes: found && (await readHasModes(places.git)) };
  const paths = plan.files.map(({ path }) => path);
  // Nothing is remembered here: what counts is what is there now.
  const noCache = new HashCache(join(staging, 'none'), places.log);
  const present = await lookHere(folder, paths, noCache, signal);
  const changed = differing(plan.files, present, 'expected');
  if (changed.length > 0) throw changedError(changed, HERE);
  await refuseFolders(pull, present);
  const pending = pendingDir(root);
  const backupDir = join(root, SYNC_DIR, 'backups', id, 'files');
  const parts = await noteCommits(pull);
  const stored: StoredPull = { id, files: plan.files, ...(plan.commits && { commits: plan.commits }) };
  await writeDurably(join(staging, 'plan.json'), JSON.stringify(stored));
  await rename(staging, pending);
  await syncFolderOf(pending);
  // From here on it goes on to its end: an abort would leave some files new and some old.
  try {
    if (parts) await mergeCommits(pull, parts);
    const teller = new TransferTeller('Writing', { files: plan.files.length, bytes: 0 }, tell);
    const change = new WorkspaceChange(root, backupDir, folder.hasModes);
    const done = new Set<string>();
    for (const [number, file] of plan.files.entries()) {
      try {
        await applyFile(change, file, readyFile(pending, number), join(pending, 'link'));
        done.add(file.path);
        teller.add({ files: 1, bytes: 0 });
      } catch (error) {
        throw stoppedError(plan, done, { path: file.path, why: errorText(error), where: HERE });
      }
    }
    const wrong = differing(
      plan.files,
      await lookHere(folder, paths, noCache, new AbortController().signal),
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

/** @throws ProjectSyncError when a file is to take the place of a folder that has more than what the plan deletes */
async function refuseFolders({ places, plan }: Pull, found: ReadonlyMap<string, Content>): Promise<void> {
  const unknown = foldersInTheWay(plan.files, found);
  if (unknown.length > 0) throw folderError(unknown, HERE);
  const deletes = new Set(deletesOf(plan.files));
  const inside: string[] = [];
  for (const folder of foldersToGo(plan.files)) {
    for (const path of await filesIn(places.root, folder)) if (!deletes.has(path)) inside.push(path);
  }
  if (inside.length > 0) throw folderError(inside, HERE);
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const nested = entries.map((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(root, path) : Promise.resolve([path]);
  });
  return (await Promise.all(nested)).flat();
}

/** What a merge goes by, and a recovery of it. @throws ProjectSyncError when the workspace went to another commit */
async function noteCommits({ git, plan, staging, found }: Pull): Promise<CommitParts | undefined> {
  const { commits } = plan;
  if (!commits || !found) return undefined;
  if ((await headOf(git)) !== (commits.from ?? ''))
    throw new ProjectSyncError('The workspace went to another commit since the comparison.', [
      { text: 'Nothing was changed.', action: 'Compare again.', blocks: true, about: 'everything' },
    ]);
  const parts = await readCommitParts(git, commits, found.prefix);
  await writeDurably(join(staging, 'touched'), parts.touched);
  await writeDurably(join(staging, 'added'), parts.added);
  return parts;
}

async function mergeCommits({ places, plan, id, found }: Pull, parts: CommitParts): Promise<void> {
  if (!plan.commits || !found) return;
  const { gitDir, prefix } = found;
  const top = await topOf(places.root, prefix);
  const place = { git: new GitCli(top), top, gitDir, pending: pendingDir(places.root), id };
  const refusal = await mergeHere(place, plan.commits, parts);
  if (refusal) throw mergeRefusedError(refusal, { ...places, prefix }, HERE);
}

async function applyFile(
  change: WorkspaceChange,
  { path, expected, next }: PlannedFile,
  ready: string,
  readyLink: string,
): Promise<void> {
  if (next.kind === 'file')
    await change.place(
      ready,
      path,
      next.isExecutable ?? (expected.kind === 'file' ? undefined : next.isTrackedExecutable),
    );
  else if (next.kind === 'link') await change.placeLink(next.target, path, readyLink);
  else await change.drop(path);
}

function readyFile(dir: string, number: number): string {
  return join(dir, 'files', String(number));
}
