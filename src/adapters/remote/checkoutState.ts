import type { CodePlace } from '../../core/compute/computeSource';
import type { Host } from '../../core/compute/host';

/** Optional locks off: looking must not touch the index of a repository that the user may be working in. */
const LOOK =
  'cd "$1" && export GIT_OPTIONAL_LOCKS=0 && git -c core.fsmonitor=false rev-parse --verify --quiet HEAD && git -c core.fsmonitor=false status --porcelain | head -n 1';

/** Where the user's copy on a host stands. Without git there only that it is a checkout. */
export async function readCheckout(host: Host, dir: string, signal: AbortSignal): Promise<CodePlace> {
  const { stdout } = await host.run(['sh', '-c', LOOK, 'sh', dir], signal);
  const [commit = '', change = ''] = stdout.split('\n');
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return { kind: 'checkout' };
  return { kind: 'checkout', commit, dirty: change !== '' };
}
