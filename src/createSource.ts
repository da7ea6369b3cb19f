import { availableParallelism } from 'node:os';
import { ProcessComputeSource } from './adapters/local/processComputeSource';
import { LocalComputeSource } from './adapters/local/localComputeSource';
import { LocalHost } from './adapters/host/localHost';
import { HsmError } from './core/base/errors';
import type { Logger } from './core/base/logger';
import type { ComputeSource } from './core/compute/computeSource';
import { allowedGpus, NVIDIA_SMI_ARGV, parseNvidiaSmi, planSlots, type Gpu } from './core/compute/gpuSlots';
import type { LocalSourceConfig, SourceConfig } from './core/project/sourceConfig';

/**
 * Makes the source that a configuration describes.
 *
 * @throws HsmError `source.unavailable` when this version or this machine cannot run such a source
 */
export function createSource(name: string, config: SourceConfig, log: Logger): ComputeSource {
  if (config.type !== 'local') {
    throw new HsmError(
      'source.unavailable',
      `The compute source "${name}" is of the type ${config.type}, which this version cannot run yet.`,
      { source: name, hint: 'Use a source of the type local.' },
    );
  }
  const gpus = gpusBySlot(name, config);
  const slots = config.slots ?? (gpus.length > 0 ? gpus.length : availableParallelism());
  // Without a POSIX shell there is no runner: the process that drives starts the tasks itself.
  if (process.platform === 'win32') return new ProcessComputeSource({ name, slots, gpus });
  return new LocalComputeSource({ name, slots, gpus, logger: log });
}

/**
 * Fills in what a configuration leaves to the machine: the GPUs that are free now, and the number of slots. What comes
 * back is remembered with the sweep, so that it goes on with the same slots.
 */
export async function resolveSource(config: SourceConfig): Promise<SourceConfig> {
  if (config.type !== 'local' || !wantsGpus(config)) return config;
  const detected = await detectGpus();
  // A list is taken at its word where the system does not tell what there is, e.g. GPUs of another maker.
  if (typeof config.gpus === 'object' && detected === undefined) return config;
  return { ...config, gpus: allowedGpus(config.gpus, detected ?? []) };
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

function wantsGpus({ gpus, gpusPerTask }: LocalSourceConfig): boolean {
  if (gpusPerTask !== undefined) return gpusPerTask > 0;
  return typeof gpus === 'object' ? gpus.length > 0 : (gpus ?? 0) > 0;
}

/** Empty when tasks get no GPU. */
function gpusBySlot(name: string, config: LocalSourceConfig): readonly (readonly number[])[] {
  if (!wantsGpus(config)) return [];
  const plan = planSlots(typeof config.gpus === 'object' ? config.gpus : [], config.gpusPerTask ?? 1, 1);
  if (plan.kind === 'slots') return plan.slots;
  throw new HsmError('source.unavailable', `The compute source "${name}" cannot run tasks: ${plan.reason}`, {
    source: name,
  });
}
