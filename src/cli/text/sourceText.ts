import { formatBytes } from '../../core/base/formatBytes';
import type { SourceSummary } from '../../core/facade';
import { oneLine } from './displayWidth';
import { formatTable } from './table';

const COLUMNS = [
  { title: 'SOURCE', align: 'left' },
  { title: 'TYPE', align: 'left' },
  { title: 'HOST', align: 'left' },
  { title: 'SLOTS', align: 'right' },
  { title: 'ACTIVE', align: 'right' },
  { title: 'STATE', align: 'left' },
] as const;

/** The configured sources, one line each. */
export function formatSourceList(sources: readonly SourceSummary[]): string[] {
  return formatTable(
    COLUMNS,
    sources.map(({ name, type, host, slots, active, health }) => [
      name,
      type,
      host ?? 'this machine',
      String(slots),
      String(active),
      health?.state ?? 'not tested',
    ]),
  );
}

/** What a test of a source found. */
export function formatSourceHealth({ name, slots, active, health }: SourceSummary): string[] {
  if (!health) return [`${name}: not tested`];
  const { disk, gpus, load } = health;
  return [
    `${name}: ${health.state}, answered in ${Math.round(health.latencyMs)} ms`,
    `  slots: ${slots}, ${active} in use`,
    ...(disk ? [`  disk:  ${formatBytes(disk.freeBytes)} free of ${formatBytes(disk.totalBytes)}`] : []),
    ...(load ? [`  load:  ${load.oneMinute.toFixed(1)} on ${load.cores} cores`] : []),
    ...(gpus ?? []).map((gpu) => `  gpu ${gpu.index}: ${oneLine(gpu.name)}, ${gpu.free ? 'free' : 'in use'}`),
    ...health.problems.map((problem) => `  ${oneLine(problem)}`),
  ];
}
