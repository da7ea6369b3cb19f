import type { HealthFinding, HealthReport } from '../../core/compute/computeSource';
import { toHealthGpu } from '../../core/compute/gpuLoad';
import type { HostFacts, TimedHost } from './hostFacts';

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
  /** What is wrong with what prepares the environment of tasks. */
  readonly surroundings?: readonly HealthFinding[];
}

/** Weighs what a host tells of itself. */
export function judgeHost(
  { facts, root, latencyMs, clockOffsetMs }: TimedHost,
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
  const findings: HealthFinding[] = [
    ...fatal.map((each) => ({ ...each, severity: 'error' as const })),
    ...(needs.surroundings ?? []),
    ...concerns.map((each) => ({ ...each, severity: 'warning' as const })),
  ];
  const isFatal = findings.some(({ severity }) => severity === 'error');
  return {
    state: isFatal ? 'unhealthy' : findings.length > 0 ? 'degraded' : 'healthy',
    problems: findings.map(({ text, fix }) => (fix === undefined ? text : `${text} ${fix}`)),
    findings,
    latencyMs,
    clockOffsetMs: Math.round(clockOffsetMs),
    load: { oneMinute: facts.loadOneMinute ?? 0, cores: facts.cores },
    ...(facts.disk && { disk: { ...facts.disk, ...(facts.inodes && { freeInodes: facts.inodes.free }) } }),
    ...(facts.memory && { memory: facts.memory }),
    ...(facts.gpus.length > 0 && {
      gpus: facts.gpus.map(toHealthGpu),
    }),
    // Of what every host must have, only the absence is worth a word.
    tools: Object.fromEntries(
      [...facts.tools]
        .filter(([name]) => !REQUIRED.includes(name))
        .map(([name, path]) => [name, facts.versions.get(name) ?? path]),
    ),
  };
}

/** What is wrong, and what to do about it. */
type Flaw = Pick<HealthFinding, 'text' | 'fix'>;

function missingTools({ tools }: HostFacts): Flaw[] {
  const missing = REQUIRED.filter((name) => !tools.has(name));
  const flaws = missing.map((name) => ({
    text: `The program ${name} is missing there, and tasks cannot be run without it.`,
    fix: 'Install coreutils, grep and awk, or correct the PATH of commands there.',
  }));
  if (['setsid', 'perl', 'nohup'].some((name) => tools.has(name))) return flaws;
  const text = 'Neither setsid nor nohup is there, so tasks would end with the connection.';
  return [...flaws, { text, fix: 'Install util-linux or coreutils.' }];
}

function fullDisk({ disk, inodes, readOnlyDir }: HostFacts, root: string): Flaw[] {
  const flaws: Flaw[] = [];
  if (readOnlyDir !== undefined)
    flaws.push({
      text: `You may not write in ${readOnlyDir}.`,
      fix: 'Choose another `root` for the source.',
    });
  if (disk && disk.freeBytes < FULL_BYTES) {
    const text = `Only ${Math.floor(disk.freeBytes / MIB)} MiB are free under ${root}; nothing is started there.`;
    flaws.push({ text, fix: 'Make room.' });
  }
  if (inodes && inodes.free < FULL_INODES) {
    const text = `Only ${inodes.free} more files fit under ${root} (inodes); nothing is started there.`;
    flaws.push({ text, fix: 'Remove some.' });
  }
  return flaws;
}

function missingCheckout({ hasCheckout }: HostFacts, { checkout }: HealthNeeds): Flaw[] {
  if (checkout === undefined || hasCheckout) return [];
  const fix = 'Clone your project to it, or use `code: snapshot`.';
  return [{ text: `There is no directory ${checkout} there.`, fix }];
}

function scarceDisk({ disk, inodes }: HostFacts, root: string): Flaw[] {
  const isScarce = disk && (disk.freeBytes < SCARCE_BYTES || disk.freeBytes < disk.totalBytes * SCARCE_SHARE);
  const flaws: Flaw[] = [];
  if (isScarce && disk.freeBytes >= FULL_BYTES) {
    const text = `Only ${(disk.freeBytes / GIB).toFixed(1)} GiB are free under ${root}.`;
    flaws.push({ text, fix: 'Make room before the results need it.' });
  }
  if (inodes && inodes.free >= FULL_INODES && inodes.free < SCARCE_INODES) {
    const text = `Only ${inodes.free} more files fit under ${root} (inodes).`;
    flaws.push({ text, fix: 'Remove some before the results need them.' });
  }
  return flaws;
}

/** What is missing, and what is done in its place. */
function limits({ tools }: HostFacts): Flaw[] {
  const flaws: Flaw[] = [];
  if (!tools.has('setsid') && !tools.has('perl') && tools.has('nohup')) {
    const text =
      'setsid is missing there: cancelling a task may leave programs of it that went into the background.';
    flaws.push({ text, fix: 'Install util-linux.' });
  }
  if (!tools.has('rsync') && !tools.has('tar')) {
    const text = 'Neither rsync nor tar is there, so code and results cannot be brought.';
    flaws.push({ text, fix: 'Install one of them.' });
  }
  return flaws;
}

/** Tasks would fail, or silently do without. */
function blindGpus({ gpuTrouble }: HostFacts, needs: HealthNeeds): Flaw[] {
  if (gpuTrouble === undefined || needs.gpus.length === 0) return [];
  const fix = 'Repair its driver (often a restart does), or set `gpus_per_task: 0` for tasks that need none.';
  return [{ text: `The GPUs of the source cannot be used. ${gpuTrouble}`, fix }];
}

function gpuConcerns({ gpus, gpuTrouble, tools }: HostFacts, needs: HealthNeeds): Flaw[] {
  if (needs.gpus.length === 0 || gpuTrouble !== undefined) return [];
  if (!tools.has('nvidia-smi')) {
    const text = 'nvidia-smi is missing there, so it cannot be seen whether the GPUs of the source are free.';
    return [{ text, fix: 'Install it, or put it into the PATH of commands there.' }];
  }
  const absent = needs.gpus.filter((index) => !gpus.some((gpu) => gpu.index === index));
  return absent.map((index) => ({
    text: `GPU ${index} is configured but nvidia-smi does not show it.`,
    fix: "Correct the source's `gpus`.",
  }));
}

function clock(offsetMs: number): Flaw[] {
  if (Math.abs(offsetMs) < CLOCK_OFF_MS) return [];
  const minutes = (Math.abs(offsetMs) / 60_000).toFixed(0);
  const side = offsetMs > 0 ? 'ahead of' : 'behind';
  const text = `Its clock is ${minutes} minutes ${side} this machine's: times of tasks are those of its clock.`;
  return [{ text, fix: 'Let the clocks of both be set from the network (NTP).' }];
}
