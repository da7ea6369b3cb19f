import { HsmError } from '../../core/base/errors';
import { allowedGpus, planSlots } from '../../core/compute/gpuSlots';
import type { SshSourceConfig } from '../../core/project/sourceConfig';
import type { ConfiguredPaths, HostFacts, KnownHost, UsedGpu } from './hostFacts';

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
  const { facts } = known;
  const gpusPerTask = gpusPerTaskOf(config, facts);
  const { gpus, missing } = gpusPerTask === 0 ? { gpus: [], missing: [] } : gpusOf(name, config, facts);
  const plan = planSlots(gpus, gpusPerTask, facts.cores, facts.gpus.length);
  if (plan.kind === 'impossible') {
    const advice = `${noticed(facts)}Name GPUs in \`gpus\` to use them in any case, or set \`gpus_per_task: 0\` for tasks that need none.`;
    throw unusable(name, plan.reason, `${usersText(facts.gpus)}${advice}`);
  }
  return {
    ...config,
    root: known.root,
    ...(known.checkout !== undefined && { checkout: known.checkout }),
    gpus,
    gpusPerTask,
    ...(missing.length > 0 && { missingGpus: missing }),
    slots: config.slots ?? plan.slots.length,
  };
}

/** Where the GPUs cannot be seen, tasks could need them: only the user's word says that they do not. */
function gpusPerTaskOf({ gpus, gpusPerTask }: SshSourceConfig, facts: HostFacts): number {
  if (gpusPerTask !== undefined) return gpusPerTask;
  const named = typeof gpus === 'object' ? gpus.length : gpus;
  return facts.gpuTrouble !== undefined && named === undefined ? 1 : Math.min(1, named ?? facts.gpus.length);
}

/** A list is taken at its word where the system does not tell what there is, e.g. GPUs of another maker. */
function gpusOf(
  name: string,
  { gpus }: SshSourceConfig,
  { gpus: found, gpuTrouble, tools }: HostFacts,
): { readonly gpus: readonly number[]; readonly missing: readonly number[] } {
  if (typeof gpus === 'object' && !tools.has('nvidia-smi')) return { gpus, missing: [] };
  if (gpuTrouble !== undefined) {
    const advice =
      'Repair its driver (often a restart does), or set `gpus_per_task: 0` for tasks that need none.';
    throw unusable(name, `its GPUs cannot be used. ${gpuTrouble} Tasks are not run without.`, advice);
  }
  const allowed = allowedGpus(gpus, found);
  if (typeof gpus !== 'object') return { gpus: allowed, missing: [] };
  const missing = gpus.filter((index) => !allowed.includes(index));
  if (allowed.length > 0) return { gpus: allowed, missing };
  const there = found.map(({ index }) => index).join(', ');
  const reason = `\`gpus\` names ${gpus.join(', ')}, but nvidia-smi shows only ${there}. Tasks are not run without.`;
  throw unusable(name, reason, 'Correct `gpus` of the source.');
}

/** Why there may be more GPUs than were found. */
function noticed({ gpus, tools }: HostFacts): string {
  if (gpus.length > 0 || tools.has('nvidia-smi')) return '';
  return 'nvidia-smi, which tells of them, is not in the PATH of commands there. ';
}

function unusable(source: string, reason: string, hint: string): HsmError<'source.unavailable'> {
  return new HsmError('source.unavailable', `The compute source "${source}" cannot run tasks: ${reason}`, {
    source,
    hint,
  });
}

function usersText(gpus: readonly UsedGpu[]): string {
  return gpus
    .filter(({ free }) => !free)
    .map(({ index, users, utilization, usedMiB }) => {
      const tells = users.length > 0 || (utilization !== undefined && usedMiB !== undefined);
      if (!tells) return `GPU ${index} does not tell whether it is in use. `;
      return `GPU ${index} is in use${users.length > 0 ? ` by ${users.join(', ')}` : ''}. `;
    })
    .join('');
}
