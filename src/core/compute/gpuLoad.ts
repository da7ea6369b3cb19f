import { formatBytes } from '../base/formatBytes';
import type { HealthGpu } from './computeSource';

const MIB = 1024 ** 2;

/** How busy a card is, as far as it tells: `37 GiB of 40 GiB, 97 % busy`; undefined: it tells nothing. */
export function gpuLoadText({ usedMiB, totalMiB, utilization }: HealthGpu): string | undefined {
  const parts = [
    usedMiB !== undefined && totalMiB !== undefined
      ? `${formatBytes(usedMiB * MIB)} of ${formatBytes(totalMiB * MIB)}`
      : undefined,
    utilization === undefined ? undefined : `${utilization} % busy`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** What a health check tells of a card: what is known of it. */
export function toHealthGpu(gpu: HealthGpu): HealthGpu {
  const { index, name, free, usedMiB, totalMiB, utilization, users } = gpu;
  return {
    ...{ index, name, free },
    ...(totalMiB !== undefined && { totalMiB }),
    ...(usedMiB !== undefined && { usedMiB }),
    ...(utilization !== undefined && { utilization }),
    ...(users !== undefined && { users }),
  };
}
