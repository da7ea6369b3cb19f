import { join } from 'node:path';
import { git, skipUnless } from '../../support/requirement';
import type { ConfiguredRig, SshClientHome } from '../../support/sshd/sshConfig';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd, type SshRigs } from '../../support/sshd/useSshd';
import { useStage, type Stage } from './stage';

/** A stage whose editor can connect to a host, `gpubox`. */
export interface HostStage {
  readonly stage: () => Stage;
  /** A path in the workspace. */
  readonly here: (path: string) => string;
  /** A path in the user's home on the host. */
  readonly atHome: (path: string) => string;
}

/** Sets it for a story about a workspace and its checkouts. @param more - other ways to hosts, each with its own alias */
export function useHostStage(
  workspace: string,
  more: (rigs: SshRigs, gpubox: SshdRig) => Promise<readonly ConfiguredRig[]> = () => Promise.resolve([]),
): HostStage {
  const rigs = useSshd();
  let rig: SshdRig;
  let client: SshClientHome;

  before(async function () {
    skipUnless(this, git);
    rig = await rigs.start({ alias: 'gpubox' });
    client = rigs.client(rig, ...(await more(rigs, rig)));
  });

  const stage = useStage(workspace, { env: () => ({ HOME: client.home, SSH_AUTH_SOCK: '' }) });
  return {
    stage,
    here: (path) => join(stage().workspaceDir, path),
    atHome: (path) => join(rig.home, path),
  };
}
