import type { SshTarget } from '../../../../src/adapters/ssh/sshTarget';

/** A host that is reached directly, with nothing configured. */
export function madeUpTarget(changes: Partial<SshTarget> = {}): SshTarget {
  return {
    alias: 'gpubox',
    hostName: 'gpu.example',
    port: 22,
    user: 'ada',
    identityFiles: [],
    certificateFiles: [],
    identitiesOnly: false,
    jumps: [],
    knownHosts: { files: [], hash: false, policy: 'ask' },
    connectTimeoutMs: 15_000,
    aliveIntervalMs: 0,
    preferredAuthentications: [],
    needsOpenSsh: [],
    forbidsSsh2: [],
    ...changes,
  };
}
