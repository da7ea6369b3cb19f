import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GitCli } from '../git/gitCli';
import { SYNC_DIR } from './places';

/** Where a pull keeps what it is about to do. It is there from the first change of the workspace to the last. */
export function pendingDir(root: string): string {
  return join(root, SYNC_DIR, 'pending');
}

/** Whether a pull broke off. */
export function isInterruptedHere(root: string): boolean {
  return existsSync(pendingDir(root));
}

/** In one step: a process that dies while it removes must not leave half of what a recovery reads. */
export async function closeBooks(root: string): Promise<void> {
  const over = join(root, SYNC_DIR, 'over');
  await rm(over, { recursive: true, force: true });
  await rename(pendingDir(root), over);
  await rm(over, { recursive: true, force: true });
}

/** The folder of refs by which commits are held that arrive for this project; its repository may have others. */
export async function incomingRefs(root: string): Promise<string> {
  const project = createHash('sha256').update(await realpath(root));
  return `refs/hsm/incoming/${project.digest('hex').slice(0, 16)}`;
}

/** Removes the refs by which commits are held that arrive for a pull. */
export async function dropIncoming(git: GitCli, root: string): Promise<void> {
  const refs = await git.run(['for-each-ref', '--format=delete %(refname)', await incomingRefs(root)]);
  if (refs.stdout.length > 0) await git.run(['update-ref', '--stdin'], refs.stdout);
}

/** The repository's top, from the project's folder, which may be a link into it, and its path in the repository. */
export async function topOf(root: string, prefix: string): Promise<string> {
  return prefix
    .split('/')
    .slice(1)
    .reduce((folder) => dirname(folder), await realpath(root));
}
