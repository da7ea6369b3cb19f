import type { CodePlace } from '../../core/compute/computeSource';
import type { Host } from '../../core/compute/host';

/** Where the user's copy on a host stands. */
export interface CheckoutState {
  readonly code: Extract<CodePlace, { kind: 'checkout' }>;
  /** Its uncommitted changes to tracked files, perhaps none; absent where they are too many to keep. */
  readonly patch?: string;
}

/** Optional locks off: looking must not touch the index of a repository that the user may be working in. */
const GIT = 'git -c core.fsmonitor=false -c core.quotepath=off';
/** Characters of changes that are kept, so that what ran can be told later. */
const PATCH_LENGTH = 1024 * 1024;
/** The commit, a line that says whether anything differs, and what. Programs of the repository's own are not run. */
const LOOK = [
  'cd "$1" && export GIT_OPTIONAL_LOCKS=0',
  `${GIT} rev-parse --verify --quiet HEAD`,
  `{ ${GIT} status --porcelain | head -n 1 | grep . || echo; }`,
  `${GIT} diff --no-color --no-ext-diff --no-textconv --binary --src-prefix=a/ --dst-prefix=b/ HEAD | head -c ${PATCH_LENGTH + 1}`,
].join(' && ');

/** Where the user's copy on a host stands. Without git there only that it is a checkout. */
export async function readCheckout(host: Host, dir: string, signal: AbortSignal): Promise<CheckoutState> {
  const { stdout } = await host.run(['sh', '-c', LOOK, 'sh', dir], signal);
  const [commit = '', change = '', ...rest] = stdout.split('\n');
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return { code: { kind: 'checkout' } };
  const patch = rest.join('\n');
  return {
    code: { kind: 'checkout', commit, dirty: change !== '' },
    ...(patch.length <= PATCH_LENGTH ? { patch } : {}),
  };
}
