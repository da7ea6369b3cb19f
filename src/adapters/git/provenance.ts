import type { CodeProvenance } from '../../core/engine/sweepStore';
import { GitCli } from './gitCli';

/** Larger patches are data that somebody forgot to ignore; the manifest then only says that there were changes. */
const MAX_PATCH_BYTES = 20 * 1024 * 1024;

/**
 * Where the code of a project stands: commit, branch, and uncommitted changes of tracked files as a patch. Nothing
 * outside a repository, or without git.
 */
export async function readProvenance(
  projectDir: string,
): Promise<{ readonly code: CodeProvenance; readonly patch?: string }> {
  const git = new GitCli(projectDir);
  if (!(await isRepository(git))) return { code: {} };
  const commit = await git.text(['rev-parse', '--verify', '--quiet', 'HEAD']);
  const branch = (await git.text(['branch', '--show-current'])).trim();
  const dirty = (await git.text(['status', '--porcelain', '-z'])) !== '';
  const patch =
    dirty && commit !== ''
      ? await git.text(['diff', '--binary', '--no-ext-diff', '--no-textconv', 'HEAD'])
      : '';
  const code = {
    ...(commit.trim() === '' ? {} : { commit: commit.trim() }),
    ...(branch === '' ? {} : { branch }),
    dirty,
  };
  return patch === '' || patch.length > MAX_PATCH_BYTES ? { code } : { code, patch };
}

/** False also where there is no git at all. */
async function isRepository(git: GitCli): Promise<boolean> {
  try {
    return await git.succeeds(['rev-parse', '--is-inside-work-tree']);
  } catch {
    return false;
  }
}
