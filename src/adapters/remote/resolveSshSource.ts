import { HsmError } from '../../core/base/errors';
import { allowedGpus, planSlots } from '../../core/compute/gpuSlots';
import type { SshSourceConfig } from '../../core/project/sourceConfig';
import type { ConfiguredPaths, KnownHost, UsedGpu } from './hostFacts';

/**
 * Fills in what the configuration of a source leaves to its host: the paths as they are there, the GPUs that nobody works
 * on, and how many tasks run at one time, one for each GPU (or group of GPUs), else one for each core.
 *
 * Where there are GPUs and nothing is said of them, each task gets one: tasks that could use a GPU are not run without
 * one unless `gpus: []` or `gpus_per_task: 0` says so.
 *
 * @param ask - asks the host, see `askHost`
 * @throws HsmError `host.unreachable`, `host.refused`; `source.unavailable` when tasks could not get their GPUs;
 *   `input.invalid` when a path cannot be expanded there
 */
export async function resolveSshSource(
  name: string,
  config: SshSourceConfig,
  ask: (paths: ConfiguredPaths) => Promise<KnownHost>,
): Promise<SshSourceConfig> {
  const { root, checkout } = config;
  const known = await ask({ root, ...(checkout !== undefined && { checkout }) });
  const gpusPerTask = gpusPerTaskOf(config, known.facts.gpus);
  const gpus = gpusPerTask === 0 ? [] : gpusOf(config, known.facts.gpus, known.facts.tools.has('nvidia-smi'));
  const plan = planSlots(gpus, gpusPerTask, known.facts.cores);
  if (plan.kind === 'impossible') {
    throw new HsmError(
      'source.unavailable',
      `The compute source "${name}" cannot run tasks: ${plan.reason}`,
      {
        source: name,
        hint: `${usersText(known.facts.gpus)}Name GPUs in \`gpus\` to use them in any case, or set \`gpus_per_task: 0\` for tasks that need none.`,
      },
    );
  }
  return {
    ...config,
    root: known.root,
    ...(known.checkout !== undefined && { checkout: known.checkout }),
    gpus,
    gpusPerTask,
    slots: config.slots ?? plan.slots.length,
  };
}

function gpusPerTaskOf({ gpus, gpusPerTask }: SshSourceConfig, found: readonly UsedGpu[]): number {
  if (gpusPerTask !== undefined) return gpusPerTask;
  const named = typeof gpus === 'object' ? gpus.length : gpus;
  return (named ?? found.length) > 0 ? 1 : 0;
}

/** A list is taken at its word where the system does not tell what there is, e.g. GPUs of another maker. */
function gpusOf({ gpus }: SshSourceConfig, found: readonly UsedGpu[], canTell: boolean): readonly number[] {
  return typeof gpus === 'object' && !canTell ? gpus : allowedGpus(gpus, found);
}

function usersText(gpus: readonly UsedGpu[]): string {
  const busy = gpus.filter(({ free }) => !free);
  const texts = busy.map(
    ({ index, users }) => `GPU ${index} is in use${users.length > 0 ? ` by ${users.join(', ')}` : ''}. `,
  );
  return texts.join('');
}
