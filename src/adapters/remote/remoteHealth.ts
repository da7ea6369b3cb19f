import type { HealthReport } from '../../core/compute/computeSource';
import type { HostFacts, KnownHost } from './hostFacts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Below these results are likely to be cut off: a warning. */
const SCARCE_BYTES = 5 * GIB;
const SCARCE_SHARE = 0.05;
/** Below these nothing is started. */
const FULL_BYTES = 100 * MIB;
const FULL_INODES = 1_000;
const SCARCE_INODES = 50_000;
/** A clock that is further off makes times of tasks misleading. */
const CLOCK_OFF_MS = 60_000;

/** What the runner is made of; see its `prepare`. */
const REQUIRED = 'awk cat date grep head ln ls mkdir mv rm sleep sort tail wc'.split(' ');

/** What a source on the host needs of it. */
export interface HealthNeeds {
  /** GPUs of the slots, and those that were named and were not there. */
  readonly gpus: readonly number[];
  readonly checkout?: string;
}

/** Weighs what a host tells of itself. */
export function judgeHost(
  { facts, root, latencyMs, clockOffsetMs }: KnownHost,
  needs: HealthNeeds,
): HealthReport {
  const fatal = [
    ...missingTools(facts),
    ...fullDisk(facts, root),
    ...missingCheckout(facts, needs),
    ...blindGpus(facts, needs),
  ];
  const concerns = [
    ...scarceDisk(facts, root),
    ...limits(facts),
    ...gpuConcerns(facts, needs),
    ...clock(clockOffsetMs),
  ];
  return {
    state: fatal.length > 0 ? 'unhealthy' : concerns.length > 0 ? 'degraded' : 'healthy',
    problems: [...fatal, ...concerns],
    latencyMs,
    clockOffsetMs: Math.round(clockOffsetMs),
    load: { oneMinute: facts.loadOneMinute ?? 0, cores: facts.cores },
    ...(facts.disk && { disk: { ...facts.disk, ...(facts.inodes && { freeInodes: facts.inodes.free }) } }),
    ...(facts.memory && { memory: facts.memory }),
    ...(facts.gpus.length > 0 && {
      gpus: facts.gpus.map(({ index, name, free, users }) => ({ index, name, free, users })),
    }),
    // Of what every host must have, only the absence is worth a word.
    tools: Object.fromEntries(
      [...facts.tools]
        .filter(([name]) => !REQUIRED.includes(name))
        .map(([name, path]) => [name, facts.versions.get(name) ?? path]),
    ),
  };
}

function missingTools({ tools }: HostFacts): string[] {
  const missing = REQUIRED.filter((name) => !tools.has(name));
  const sentences = missing.map(
    (name) => `The program ${name} is missing there, and tasks cannot be run without it.`,
  );
  if (['setsid', 'perl', 'nohup'].some((name) => tools.has(name))) return sentences;
  return [
    ...sentences,
    'Neither setsid nor nohup is there, so tasks would end with the connection: install util-linux or coreutils.',
  ];
}

function fullDisk({ disk, inodes, readOnlyDir }: HostFacts, root: string): string[] {
  return [
    ...(readOnlyDir === undefined
      ? []
      : [`You may not write in ${readOnlyDir}: choose another \`root\` for the source.`]),
    ...(disk && disk.freeBytes < FULL_BYTES
      ? [
          `Only ${Math.floor(disk.freeBytes / MIB)} MiB are free under ${root}: make room, nothing is started before.`,
        ]
      : []),
    ...(inodes && inodes.free < FULL_INODES
      ? [`Only ${inodes.free} more files fit under ${root} (inodes): remove some, nothing is started before.`]
      : []),
  ];
}

function missingCheckout({ hasCheckout }: HostFacts, { checkout }: HealthNeeds): string[] {
  if (checkout === undefined || hasCheckout) return [];
  return [`There is no directory ${checkout} there: clone your project to it, or use \`code: snapshot\`.`];
}

function scarceDisk({ disk, inodes }: HostFacts, root: string): string[] {
  const isScarce = disk && (disk.freeBytes < SCARCE_BYTES || disk.freeBytes < disk.totalBytes * SCARCE_SHARE);
  return [
    ...(isScarce && disk.freeBytes >= FULL_BYTES
      ? [
          `Only ${(disk.freeBytes / GIB).toFixed(1)} GiB are free under ${root}: make room before the results need it.`,
        ]
      : []),
    ...(inodes && inodes.free >= FULL_INODES && inodes.free < SCARCE_INODES
      ? [`Only ${inodes.free} more files fit under ${root} (inodes).`]
      : []),
  ];
}

/** What is missing, and what is done in its place. */
function limits({ tools }: HostFacts): string[] {
  const canSession = tools.has('setsid') || tools.has('perl');
  return [
    ...(canSession || !tools.has('nohup')
      ? []
      : [
          'setsid is missing there: cancelling a task may leave programs of it that went into the background.',
        ]),
    ...(tools.has('rsync') || tools.has('tar')
      ? []
      : ['Neither rsync nor tar is there, so code and results cannot be brought: install one of them.']),
  ];
}

/** Tasks would fail, or silently do without. */
function blindGpus({ gpuTrouble }: HostFacts, needs: HealthNeeds): string[] {
  if (gpuTrouble === undefined || needs.gpus.length === 0) return [];
  return [
    `The GPUs of the source cannot be used. ${gpuTrouble} Repair its driver (often a restart does), or set \`gpus_per_task: 0\` for tasks that need none.`,
  ];
}

function gpuConcerns({ gpus, gpuTrouble, tools }: HostFacts, needs: HealthNeeds): string[] {
  if (needs.gpus.length === 0 || gpuTrouble !== undefined) return [];
  if (!tools.has('nvidia-smi')) {
    return ['nvidia-smi is missing there, so it cannot be seen whether the GPUs of the source are free.'];
  }
  return needs.gpus.flatMap((index) => {
    const gpu = gpus.find((each) => each.index === index);
    return gpu === undefined
      ? [`GPU ${index} is configured but nvidia-smi does not show it: correct the source's \`gpus\`.`]
      : [];
  });
}

function clock(offsetMs: number): string[] {
  if (Math.abs(offsetMs) < CLOCK_OFF_MS) return [];
  const minutes = (Math.abs(offsetMs) / 60_000).toFixed(0);
  const side = offsetMs > 0 ? 'ahead of' : 'behind';
  return [`Its clock is ${minutes} minutes ${side} this machine's: times of tasks are those of its clock.`];
}
