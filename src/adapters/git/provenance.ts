import { simpleGit } from 'simple-git';
import type { CodeProvenance } from '../../core/engine/sweepStore';

/** Larger patches are data that somebody forgot to ignore; the manifest then only says that there were changes. */
const MAX_PATCH_BYTES = 20 * 1024 * 1024;

/**
 * Where the code of a project stands: commit, branch, and uncommitted changes of tracked files as a patch. Nothing
 * outside a repository, or without git.
 */
export async function readProvenance(
  projectDir: string,
): Promise<{ readonly code: CodeProvenance; readonly patch?: string }> {
  // Optional locks off: looking at a repository must not touch its index, which the user's editor may be writing.
  const git = simpleGit({ baseDir: projectDir }).env({ ...process.env, GIT_OPTIONAL_LOCKS: '0' });
  if (!(await isRepository(() => git.checkIsRepo()))) return { code: {} };
  const [commit] = await Promise.all([git.raw('rev-parse', '--verify', '--quiet', 'HEAD').catch(() => '')]);
  const branch = (await git.raw('branch', '--show-current')).trim();
  const dirty = (await git.raw('status', '--porcelain', '-z')) !== '';
  const patch = dirty && commit !== '' ? await git.raw('diff', '--binary', 'HEAD') : '';
  const code = {
    ...(commit.trim() === '' ? {} : { commit: commit.trim() }),
    ...(branch === '' ? {} : { branch }),
    dirty,
  };
  return patch === '' || patch.length > MAX_PATCH_BYTES ? { code } : { code, patch };
}

/** False also where there is no git at all. */
async function isRepository(check: () => Promise<boolean>): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}
