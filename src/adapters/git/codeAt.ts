import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { GitCli } from './gitCli';

/**
 * A tracked file as it was at a commit with a patch of uncommitted changes on top, as `git diff HEAD` makes it. Undefined
 * when git cannot tell: there is no git, the commit is gone, the file was not tracked.
 *
 * @param projectDir - a folder of the repository, absolute
 * @param file - absolute, inside of it
 */
export async function readCodeAt(
  projectDir: string,
  commit: string,
  patch: string | undefined,
  file: string,
): Promise<{ readonly text: string; readonly dirty: boolean } | undefined> {
  const path = relative(projectDir, file).replaceAll('\\', '/');
  if (path === '' || path.startsWith('../')) return undefined;
  try {
    const git = new GitCli(projectDir);
    const prefix = (await git.text(['rev-parse', '--show-prefix'])).trim();
    const shown = await git.run(['show', '--no-textconv', `${commit}:${prefix}${path}`]);
    const committed = shown.exitCode === 0 ? shown.stdout : undefined;
    const patched = patch === undefined ? undefined : await applyPatch(patch, `${prefix}${path}`, committed);
    const text = (patched ?? committed)?.toString('utf8');
    return text === undefined ? undefined : { text, dirty: patched !== undefined };
  } catch {
    // Without git nobody knows, and nothing is claimed.
    return undefined;
  }
}

/** The file with its part of the patch applied; undefined when the patch does not touch it, or does not fit. */
async function applyPatch(
  patch: string,
  path: string,
  committed: Buffer | undefined,
): Promise<Buffer | undefined> {
  if (!patch.includes(` b/${path}\n`)) return undefined;
  const dir = await mkdtemp(join(tmpdir(), 'hsm-code-'));
  try {
    const copy = join(dir, path);
    await mkdir(dirname(copy), { recursive: true });
    if (committed) await writeFile(copy, committed);
    const args = ['apply', `--include=${path.replaceAll(/[*?[\]\\]/gu, '\\$&')}`, '-'];
    // A repository around the folder for temporary files must not be meant.
    const { exitCode } = await new GitCli(dir).run(args, Buffer.from(patch), {
      GIT_CEILING_DIRECTORIES: dirname(dir),
    });
    return exitCode === 0 ? await readFile(copy) : undefined;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
