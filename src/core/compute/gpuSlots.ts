/** A graphics card as `nvidia-smi` tells it. */
export interface Gpu {
  /** In the order of the PCI bus, as with `CUDA_DEVICE_ORDER=PCI_BUS_ID`. */
  readonly index: number;
  readonly name: string;
  /** This and the next two: absent where it does not tell, e.g. in MIG mode. */
  readonly usedMiB?: number;
  readonly totalMiB?: number;
  /** Percent. */
  readonly utilization?: number;
  /** It is known that nobody works on it: below 5 % and 500 MiB. */
  readonly free: boolean;
}

/** The GPUs of each slot (empty: a slot without GPU), or why tasks could not run as asked. */
export type SlotPlan =
  | { readonly kind: 'slots'; readonly slots: readonly (readonly number[])[] }
  | { readonly kind: 'impossible'; readonly reason: string };

/** What {@link parseNvidiaSmi} reads. */
export const NVIDIA_SMI_ARGV: readonly string[] = [
  'nvidia-smi',
  '--query-gpu=index,name,memory.used,memory.total,utilization.gpu',
  '--format=csv,noheader,nounits',
];

/**
 * Reads rows like `0, NVIDIA A100-SXM4-40GB, 38200, 40960, 97`; MiB and percent. A card may say `[N/A]` or, in trouble,
 * `[Unknown Error]` in their place. Other lines (messages of the driver) are left out.
 *
 * @see https://docs.nvidia.com/deploy/nvidia-smi/
 */
export function parseNvidiaSmi(csv: string): Gpu[] {
  return csv.split('\n').flatMap((line) => parseRow(line) ?? []);
}

/**
 * The GPUs that tasks may use. A list is taken at its word, in its order, without those that are not there; without
 * one, GPUs that somebody works on are passed over. A number means so many of those.
 */
export function allowedGpus(
  configured: readonly number[] | number | undefined,
  detected: readonly Pick<Gpu, 'index' | 'free'>[],
): number[] {
  if (typeof configured === 'object') {
    const present = new Set(detected.map((gpu) => gpu.index));
    return [...new Set(configured)].filter((index) => present.has(index));
  }
  const free = detected.filter((gpu) => gpu.free).map((gpu) => gpu.index);
  return configured === undefined ? free : free.slice(0, configured);
}

/**
 * Cuts the allowed GPUs into groups of `gpusPerTask`, one group per slot; left-over GPUs stay unused. Tasks that need
 * none get `cpuSlots` slots. Tasks that need one never run without: then no slot is possible.
 *
 * @param found - how many GPUs there are, free or not, as far as that is known
 */
export function planSlots(
  allowed: readonly number[],
  gpusPerTask: number,
  cpuSlots: number,
  found?: number,
): SlotPlan {
  if (gpusPerTask === 0)
    return { kind: 'slots', slots: Array.from({ length: Math.max(1, cpuSlots) }, () => []) };
  const count = Math.floor(allowed.length / gpusPerTask);
  if (count === 0) return { kind: 'impossible', reason: shortage(allowed.length, gpusPerTask, found) };
  const slots = Array.from({ length: count }, (_, slot) =>
    allowed.slice(slot * gpusPerTask, (slot + 1) * gpusPerTask),
  );
  return { kind: 'slots', slots };
}

function shortage(allowed: number, needed: number, found: number | undefined): string {
  const each = `Each task needs ${needed} GPU${needed === 1 ? '' : 's'}`;
  return `${each}, but ${allowed === 0 ? noneText(found) : `only ${allowed} may be used`}. Tasks are not run without.`;
}

function noneText(found: number | undefined): string {
  if (found === undefined) return 'no GPU was found that is free to use';
  return found === 0 ? 'no GPU was found' : 'no GPU is free to use';
}

function parseRow(line: string): Gpu | undefined {
  const cells = line.split(',').map((cell) => cell.trim());
  const index = wholeNumber(cells[0] ?? '');
  const numbers = cells.slice(-3);
  if (cells.length < 5 || index === undefined) return undefined;
  if (numbers.some((cell) => wholeNumber(cell) === undefined && !/^(\[.+\]|N\/A)$/.test(cell)))
    return undefined;
  const [usedMiB, totalMiB, utilization] = numbers.map(wholeNumber);
  return {
    index,
    // A name may have commas of its own.
    name: cells.slice(1, -3).join(', '),
    ...(usedMiB !== undefined && { usedMiB }),
    ...(totalMiB !== undefined && { totalMiB }),
    ...(utilization !== undefined && { utilization }),
    free: utilization !== undefined && utilization < 5 && usedMiB !== undefined && usedMiB < 500,
  };
}

function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
