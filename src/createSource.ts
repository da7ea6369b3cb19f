import { availableParallelism } from 'node:os';
import { ProcessComputeSource } from './adapters/local/processComputeSource';
import { LocalComputeSource } from './adapters/local/localComputeSource';
import { LocalHost } from './adapters/host/localHost';
import type { StreamHost } from './adapters/host/streamHost';
import type { HostLooks } from './adapters/remote/hostLooks';
import { resolveSshSource } from './adapters/remote/resolveSshSource';
import { SshRootCleaner } from './adapters/remote/sshRootCleaner';
import { SSHComputeSource } from './adapters/remote/sshComputeSource';
import type { TransportChoice } from './adapters/ssh/openTransport';
import type { Clock } from './core/base/clock';
import { HsmError } from './core/base/errors';
import type { Logger } from './core/base/logger';
import type { RootCleaner } from './core/collection/sourceCleaning';
import type { ComputeSource } from './core/compute/computeSource';
import { allowedGpus, NVIDIA_SMI_ARGV, parseNvidiaSmi, planSlots, type Gpu } from './core/compute/gpuSlots';
import type { LocalSourceConfig, SourceConfig, SshSourceConfig } from './core/project/sourceConfig';

/** What sources are made with. */
export interface SourceParts {
  readonly hosts: { host(alias: string, transport: TransportChoice): StreamHost };
  /** On this machine, absolute. */
  readonly projectDir: string;
  /** See `projectIdOf`. */
  readonly projectId: string;
  readonly looks: HostLooks;
  /** Where the sweeps of all projects take turns at this machine's slots. */
  readonly slotsDir: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Makes the source that a configuration describes. Nothing is connected before it is used.
 *
 * @throws HsmError `source.unavailable` when this version or this machine cannot run such a source
 */
export function createSource(name: string, config: SourceConfig, parts: SourceParts): ComputeSource {
  const { log, clock } = parts;
  if (config.type === 'ssh') {
    const gpus = gpusBySlot(name, config);
    return new SSHComputeSource({
      name,
      host: hostOf(config, parts),
      config,
      projectId: config.projectId ?? parts.projectId,
      slots: config.slots ?? Math.max(1, gpus.length),
      gpus,
      looks: parts.looks,
      clock,
      log,
    });
  }
  if (config.type !== 'local') {
    throw new HsmError(
      'source.unavailable',
      `The compute source "${name}" is of the type ${config.type}, which this version cannot run yet.`,
      { source: name, hint: 'Use a source of the type local or ssh.' },
    );
  }
  const gpus = gpusBySlot(name, config);
  const slots = config.slots ?? (gpus.length > 0 ? gpus.length : availableParallelism());
  // Without a POSIX shell there is no runner: the process that drives starts the tasks itself.
  if (process.platform === 'win32') return new ProcessComputeSource({ name, slots, gpus });
  return new LocalComputeSource({
    name,
    slots,
    gpus,
    surroundings: config,
    projectDir: parts.projectDir,
    sharedDir: parts.slotsDir,
    logger: log,
  });
}

/**
 * Fills in what a configuration leaves to the machine: paths, the GPUs that are free now, the number of slots. What comes
 * back is remembered with the sweep, so that it goes on with the same slots in the same place.
 *
 * @throws HsmError `host.unreachable`, `host.refused`, `source.unavailable` when the machine cannot be asked, or has not
 *   what is asked for
 * @param look - whether what the machine told a moment ago will do
 */
export async function resolveSource(
  name: string,
  config: SourceConfig,
  look: 'new' | 'recent',
  parts: SourceParts,
): Promise<SourceConfig> {
  if (config.type === 'ssh') {
    const { signal } = new AbortController();
    const host = hostOf(config, parts);
    const resolved = await resolveSshSource(name, config, (paths) =>
      look === 'new'
        ? parts.looks.ask(host, name, paths, signal)
        : parts.looks.recent(host, name, paths, signal),
    );
    return { ...resolved, projectId: parts.projectId };
  }
  if (config.type !== 'local' || !wantsGpus(config)) return config;
  const detected = await detectGpus();
  // A list is taken at its word where the system does not tell what there is, e.g. GPUs of another maker.
  if (typeof config.gpus === 'object' && detected === undefined) return config;
  return { ...config, gpus: allowedGpus(config.gpus, detected ?? []) };
}

/** Undefined for a source that keeps nothing elsewhere. */
export function createCleaner(
  name: string,
  config: SourceConfig,
  parts: SourceParts,
): RootCleaner | undefined {
  if (config.type !== 'ssh') return undefined;
  const projectId = config.projectId ?? parts.projectId;
  return new SshRootCleaner({ name, config, projectId, host: hostOf(config, parts), log: parts.log });
}

function hostOf(config: SshSourceConfig, { hosts }: SourceParts): StreamHost {
  return hosts.host(config.host, config.transport ?? 'auto');
}

/** Undefined where the tool that tells of GPUs is missing or fails. */
async function detectGpus(): Promise<Gpu[] | undefined> {
  try {
    const answer = await new LocalHost().run(NVIDIA_SMI_ARGV, AbortSignal.timeout(20_000));
    return answer.exitCode === 0 ? parseNvidiaSmi(answer.stdout) : undefined;
  } catch {
    return undefined;
  }
}

function wantsGpus({ gpus, gpusPerTask }: LocalSourceConfig | SshSourceConfig): boolean {
  if (gpusPerTask !== undefined) return gpusPerTask > 0;
  return typeof gpus === 'object' ? gpus.length > 0 : (gpus ?? 0) > 0;
}

/** Empty when tasks get no GPU. */
function gpusBySlot(
  name: string,
  config: LocalSourceConfig | SshSourceConfig,
): readonly (readonly number[])[] {
  if (!wantsGpus(config)) return [];
  const plan = planSlots(typeof config.gpus === 'object' ? config.gpus : [], config.gpusPerTask ?? 1, 1);
  if (plan.kind === 'slots') return plan.slots;
  throw new HsmError('source.unavailable', `The compute source "${name}" cannot run tasks: ${plan.reason}`, {
    source: name,
  });
}
