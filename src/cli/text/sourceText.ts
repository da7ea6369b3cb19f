import { foreignLine } from '../../core/analysis/foreignLine';
import { formatBytes } from '../../core/base/formatBytes';
import type { HealthGpu } from '../../core/compute/computeSource';
import type { ConnectionState } from '../../core/compute/hostConnections';
import { gpuLoadText } from '../../core/compute/gpuLoad';
import { toolText } from '../../core/compute/toolText';
import type { GpuUse, PreflightFinding, SourceSummary } from '../../core/facade';
import { oneLine } from './displayWidth';
import { formatDuration } from './duration';
import type { Palette } from './palette';
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
      slots === undefined ? '-' : String(slots),
      String(active),
      health?.state ?? 'not tested',
    ]),
  );
}

/** What a test of a source found. */
export function formatSourceHealth(
  { name, slots, active, health, gpuUse = [] }: SourceSummary,
  connection?: ConnectionState,
): string[] {
  if (!health) return [`${name}: not tested`];
  const { disk, memory, load, clockOffsetMs, tools } = health;
  return [
    // One that did not answer has no time.
    `${name}: ${health.state}${health.latencyMs !== undefined && health.latencyMs > 0 ? `, answered in ${Math.round(health.latencyMs)} ms` : ''}`,
    ...formatConnection(connection),
    `  slots: ${slots ?? 'not known yet'}, ${active} in use`,
    ...(disk ? [`  disk:  ${formatRoom(disk)}${formatInodes(disk.freeInodes)}`] : []),
    ...(memory ? [`  memory: ${formatRoom(memory)}`] : []),
    ...(load ? [`  load:  ${load.oneMinute.toFixed(1)} on ${load.cores} cores`] : []),
    ...formatClock(clockOffsetMs),
    ...(health.gpus ?? []).map((gpu) => `  ${formatGpu(gpu, gpuUse)}`),
    ...(tools ? [`  tools: ${formatTools(tools)}`] : []),
    ...health.problems.map((problem) => `  ${oneLine(problem)}`),
  ];
}

function formatConnection(connection: ConnectionState | undefined): string[] {
  if (connection?.kind !== 'connected') return [];
  const { transport, because } = connection;
  const words = transport === 'ssh2' ? 'the built-in ssh2' : "the system's ssh";
  return [`  connected by ${words}${because === undefined ? '' : `. ${foreignLine(because)}`}`];
}

/** What was found before a start, and what to do about it. */
export function formatFinding({ source, severity, text, fix }: PreflightFinding, palette: Palette): string[] {
  const word = severity === 'error' ? palette.red('error:') : palette.yellow('warning:');
  return [`${word} ${source}: ${foreignLine(text)}`, ...(fix === undefined ? [] : [`  ${foreignLine(fix)}`])];
}

function formatRoom({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): string {
  return `${formatBytes(freeBytes)} free of ${formatBytes(totalBytes)}`;
}

function formatInodes(free: number | undefined): string {
  return free === undefined ? '' : `, room for ${free} files`;
}

/** Less is hardly measured, and hardly matters. */
const CLOCK_TOLERANCE_MS = 2000;

function formatClock(offsetMs: number | undefined): string[] {
  if (offsetMs === undefined || Math.abs(offsetMs) <= CLOCK_TOLERANCE_MS) return [];
  const by = formatDuration(Math.abs(offsetMs));
  return [`  clock: ${by} ${offsetMs > 0 ? 'ahead' : 'behind'}`];
}

function formatGpu(gpu: HealthGpu, uses: readonly GpuUse[]): string {
  const { index, name, free, users } = gpu;
  const mine = uses
    .filter((use) => use.gpu === index)
    .map(({ sweepId, task }) => `task ${task} of ${sweepId}`);
  const who = mine.length > 0 ? mine : (users ?? []).map(oneLine);
  const state = free && mine.length === 0 ? 'free' : `in use${who.length > 0 ? ` by ${who.join(', ')}` : ''}`;
  const load = gpuLoadText(gpu);
  return `gpu ${index}: ${oneLine(name)}, ${load === undefined ? '' : `${load}, `}${state}`;
}

function formatTools(tools: Readonly<Record<string, string>>): string {
  const found = Object.entries(tools).map(([name, version]) => oneLine(toolText(name, version)));
  return found.length > 0 ? found.join(', ') : 'none found';
}
