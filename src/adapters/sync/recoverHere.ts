import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HsmError } from '../../core/base/errors';
import type { SyncPlan } from '../../core/sync/plan';
import { GitCli } from '../git/gitCli';
import type { CommitParts } from './commitParts';
import { closeBooks, dropIncoming, pendingDir, topOf } from './pendingHere';
import { SYNC_DIR, type Places } from './places';
import { differing } from './push';
import type { Recovered } from './recovered';
import { gitAtWork } from './workspace/gitAtWork';
import { HashCache } from './workspace/hashCache';
import { IndexCopy } from './workspace/indexCopy';
import { lookHere } from './workspace/lookHere';
import { putBack } from './workspace/putBack';
import { statIfThere } from './workspace/workspaceChange';
import { findWorkspaceGit, headOf, readHasModes, type WorkspaceGit } from './workspace/workspaceGit';
import { withLock } from './workspace/workspaceLock';

/** `plan.json` of a pull. */
export interface StoredPull extends Pick<SyncPlan, 'files' | 'commits'> {
  readonly id: string;
}

/** Finishes the books of a pull whose process died. Undefined when none broke off. */
export async function recoverHere(places: Places): Promise<Recovered | undefined> {
  const { root } = places;
  const pending = pendingDir(root);
  if (!(await statIfThere(pending))) return undefined;
  return withLock(join(root, SYNC_DIR), places.log, async () => {
    const plan = JSON.parse(await readFile(join(pending, 'plan.json'), 'utf8')) as StoredPull;
    const found = await findWorkspaceGit(places.git);
    const isMerging = (await statIfThere(join(pending, 'merging'))) !== undefined;
    const commits = plan.commits && found && isMerging ? await recoverMerge(places, plan, found) : undefined;
    const paths = plan.files.map(({ path }) => path);
    const noCache = new HashCache(join(pending, 'none'), places.log);
    const contents = await lookHere(
      { root, hasModes: found && (await readHasModes(places.git)) },
      paths,
      noCache,
      new AbortController().signal,
    );
    const old = differing(plan.files, contents, 'next');
    if (found) await dropIncoming(places.git, root);
    await closeBooks(root);
    return { fresh: paths.filter((path) => !old.includes(path)), old, ...(commits && { commits }) };
  });
}

/** As `recover_merge` of `merge.sh`: forward where the branch has moved, back where it has not, else nowhere. */
async function recoverMerge(
  { root }: Places,
  { id, commits }: StoredPull,
  { gitDir, prefix }: WorkspaceGit,
): Promise<NonNullable<Recovered['commits']>> {
  const pending = pendingDir(root);
  await waitForGit(pending);
  const top = await topOf(root, prefix);
  const git = new GitCli(top);
  const copy = new IndexCopy(gitDir, id);
  const head = await headOf(git);
  if (head === commits?.to) {
    if (await copy.isLocked()) await copy.install();
    else if (await copy.isThere()) {
      // Somebody removed the lock. If nobody wrote the index since, it is still to be replaced.
      const isOld = await copy.isUnchangedSince(join(pending, 'index.before'));
      if (!isOld || !(await copy.lock())) {
        await copy.drop();
        return { state: 'new', left: [], isIndexLeft: true };
      }
      await copy.install();
    }
    return { state: 'new', left: [] };
  }
  const isOld = head === (commits?.from ?? '');
  const hasBegun = (await statIfThere(join(pending, 'begun'))) !== undefined;
  const left =
    isOld && hasBegun && commits ? await putBack({ git, top }, commits.to, await readParts(pending)) : [];
  await copy.drop();
  return { state: isOld ? 'old' : 'moved', left };
}

async function readParts(pending: string): Promise<Pick<CommitParts, 'touched' | 'added'>> {
  const [touched, added] = await Promise.all(
    ['touched', 'added'].map((name) => readFile(join(pending, name))),
  );
  return { touched: touched ?? Buffer.alloc(0), added: added ?? Buffer.alloc(0) };
}

/** Git may have outlived the process that started it. */
async function waitForGit(pending: string): Promise<void> {
  for (let second = 0; ; second += 1) {
    const pid = await gitAtWork(pending);
    if (pid === undefined) return;
    if (second === 5) {
      throw new HsmError('sync.refused', `Git, process ${pid}, is still at work here. Nothing was changed.`, {
        reasons: [],
        hint: 'Wait until it is over, then compare again.',
      });
    }
    await delay(1000);
  }
}
