/** A graphics card as `nvidia-smi` tells it. */
export interface Gpu {
  readonly index: number;
  readonly name: string;
  readonly usedMiB: number;
  readonly totalMiB: number;
  /** Percent. */
  readonly utilization: number;
  /** Nobody works on it: below 5 % and 500 MiB. */
  readonly free: boolean;
}

/** The fields that {@link parseNvidiaSmi} expects of `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`. */
export const NVIDIA_SMI_FIELDS = 'index,name,memory.used,memory.total,utilization.gpu';

/** Reads the rows that can be read; others (`[N/A]`, driver messages) are left out. */
export function parseNvidiaSmi(csv: string): Gpu[] {
  throw new Error(`not written yet: ${csv}`);
}
