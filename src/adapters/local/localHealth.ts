import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { HealthReport } from '../../core/compute/computeSource';
import { toHealthGpu } from '../../core/compute/gpuLoad';
import { NVIDIA_SMI_ARGV, parseNvidiaSmi, type Gpu } from '../../core/compute/gpuSlots';
import type { Host } from '../../core/compute/host';

/** Below this, results are likely to be cut off. */
const SCARCE_BYTES = 500 * 1024 * 1024;

/**
 * Adds to the answer of this machine's shell what the machine tells of itself: disk, memory, load, GPUs.
 *
 * @param resultsDir - where results go; of a directory that is not there yet, its nearest parent is asked
 * @param gpus - the GPUs that the source is to use, by slot
 */
export async function checkLocalHealth(
  shell: HealthReport,
  host: Host,
  resultsDir: string,
  gpus: readonly (readonly number[])[],
  signal: AbortSignal,
): Promise<HealthReport> {
  const [disk, cards] = await Promise.all([readDisk(resultsDir), readGpus(host, signal)]);
  const load = { oneMinute: loadavg()[0] ?? 0, cores: availableParallelism() };
  const concerns = [...diskProblems(disk, resultsDir), ...gpuProblems(gpus.flat(), cards)];
  const isFull = disk.freeBytes === 0;
  return {
    ...shell,
    state: shell.state !== 'healthy' || isFull ? 'unhealthy' : concerns.length > 0 ? 'degraded' : 'healthy',
    problems: [...shell.problems, ...concerns],
    disk,
    memory: { freeBytes: freemem(), totalBytes: totalmem() },
    load,
    ...(cards.length > 0 && {
      gpus: cards.map(toHealthGpu),
    }),
  };
}

async function readDisk(path: string): Promise<{ freeBytes: number; totalBytes: number }> {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const { bavail, blocks, bsize } = await statfs(there);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** Empty without the tool: a machine without such cards has none. */
async function readGpus(host: Host, signal: AbortSignal): Promise<Gpu[]> {
  try {
    const { stdout, exitCode } = await host.run(NVIDIA_SMI_ARGV, signal, { timeoutMs: 10_000 });
    return exitCode === 0 ? parseNvidiaSmi(stdout) : [];
  } catch {
    // Not there, or, with a directory in PATH that this user may not enter, not allowed to look for it.
    signal.throwIfAborted();
    return [];
  }
}

function diskProblems(disk: { freeBytes: number }, path: string): string[] {
  if (disk.freeBytes >= SCARCE_BYTES) return [];
  const free = Math.floor(disk.freeBytes / 1024 / 1024);
  return [`Only ${free} MiB are free under ${path}: make room before the results need it.`];
}

function gpuProblems(wanted: readonly number[], cards: readonly Gpu[]): string[] {
  const missing = wanted.filter((index) => !cards.some((card) => card.index === index));
  if (missing.length === 0) return [];
  return [
    `GPU ${missing.join(', ')} is configured but nvidia-smi does not show it: correct the source's gpus.`,
  ];
}
