import { HsmError } from '../../../core/base/errors';
import type { GitCli } from '../../git/gitCli';
import { joinWords, splitWords } from '../checkout/words';
import type { Places } from '../places';
import { readHasModes } from './workspaceGit';
import { listHere } from './listHere';
import { linkAbove } from './lookHere';

/** The files of a workspace that take part where contents are compared. */
export interface Chosen {
  readonly paths: readonly string[];
  /** Whether the executable bit means something. */
  readonly hasModes: boolean;
  /** What could not be read, each a sentence: nothing is known of it. */
  readonly errors: readonly string[];
  /** Decides about the checkout's paths by the workspace's rules. */
  judge(paths: readonly string[]): Promise<Judged>;
}

export interface Judged {
  readonly isIgnored: (path: string) => boolean;
  /** Links and submodules of the workspace below which the checkout has files. Those are ignored. */
  readonly beyond: readonly string[];
}

/** @throws HsmError `command.failed` when git cannot tell */
export async function chooseHere({ root, git }: Places, hasGit: boolean): Promise<Chosen> {
  if (!hasGit) {
    const { paths, rules, errors } = await listHere(root);
    const judged = { isIgnored: (path: string) => rules.ignores(path), beyond: [] };
    return { paths, hasModes: true, errors, judge: () => Promise.resolve(judged) };
  }
  const tracked = await listing(git, ['ls-files', '-z', '--stage']);
  const others = await listing(git, ['ls-files', '-z', '--others', '--exclude-standard']);
  const submodules = new Set(tracked.filter((word) => word.startsWith('160000 ')).map(pathOf));
  // Files that were deleted are listed as long as the index has them; the look at them says so.
  const paths = [...new Set([...tracked.map(pathOf), ...others])].filter((path) => !path.endsWith('/'));
  return {
    paths,
    hasModes: await readHasModes(git),
    errors: [],
    judge: (theirs) => judge({ root, git, submodules, known: new Set(paths) }, theirs),
  };
}

interface Rules {
  readonly root: string;
  readonly git: GitCli;
  readonly submodules: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
}

/** Git refuses to judge anything at all when one path lies beyond a link or in a submodule. */
async function judge({ root, git, submodules, known }: Rules, paths: readonly string[]): Promise<Judged> {
  const links = new Map<string, Promise<string | undefined>>();
  const foreign: string[] = [];
  const beyond = new Map<string, string>();
  for (const path of paths) {
    if (known.has(path)) continue;
    const above = submoduleAbove(path, submodules) ?? (await linkAbove(root, path, links));
    if (above === undefined) foreign.push(path);
    else beyond.set(path, above);
  }
  // 1: none of them is ignored.
  const ignored = new Set(await listing(git, ['check-ignore', '-z', '--stdin'], joinWords(foreign), 1));
  return {
    isIgnored: (path) => ignored.has(path) || beyond.has(path),
    beyond: [...new Set(beyond.values())].sort(),
  };
}

function submoduleAbove(path: string, submodules: ReadonlySet<string>): string | undefined {
  if (submodules.size === 0) return undefined;
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    if (submodules.has(path.slice(0, end))) return path.slice(0, end);
  }
  return undefined;
}

/** `100644 9daeafb… 0\tsrc/train.py` → the path. */
function pathOf(word: string): string {
  return word.slice(word.indexOf('\t') + 1);
}

async function listing(
  git: GitCli,
  argv: readonly string[],
  input?: Uint8Array,
  maxExit = 0,
): Promise<string[]> {
  const { stdout, stderr, exitCode } = await git.run(argv, input);
  if (exitCode !== null && exitCode <= maxExit) return splitWords(stdout);
  const message = `git ${argv[0] ?? ''} failed here: ${stderr}`;
  throw new HsmError('command.failed', message, {
    argv: ['git', ...argv],
    exitCode: exitCode ?? undefined,
    stderr,
  });
}
