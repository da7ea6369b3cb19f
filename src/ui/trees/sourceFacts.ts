import { foreignLine } from '../../core/analysis/foreignLine';
import { formatBytes } from '../../core/base/formatBytes';
import type { HealthGpu, HealthReport } from '../../core/compute/computeSource';
import { toolText } from '../../core/compute/toolText';
import type { ConnectionState } from '../../core/compute/hostConnections';
import type { GpuUse, SourceSummary } from '../../core/facade';
import { formatDuration, formatTimeOfDay } from '../text/duration';
import type { L10n } from '../text/l10n';
import { facts, type IconData, type ItemData } from './itemData';

/** A source, and how it is reached; no connection for one on this machine. */
export interface ShownSource {
  readonly source: SourceSummary;
  readonly connection?: ConnectionState;
}

/** One line below a source. */
export interface SourceFact {
  /** Unique among the facts of the source, and stable. */
  readonly id: string;
  readonly text: string;
  readonly description?: string;
  /** Default: the text. */
  readonly tooltip?: string;
  readonly icon: IconData;
  readonly contextValue: string;
  /** Tasks to show below it. */
  readonly uses?: readonly GpuUse[];
  readonly command?: NonNullable<ItemData['command']>;
}

/** Clocks that differ by less hardly matter, and are hardly measured. */
const CLOCK_TOLERANCE_MS = 2000;

/** What is known of a source, troubles first: of its connection as it is now, and what its last test found. */
export function sourceFacts(l10n: L10n, { source, connection }: ShownSource): readonly SourceFact[] {
  const { health } = source;
  const trouble = connectionFact(l10n, source, connection);
  return [
    ...trouble,
    ...problemFacts(source),
    ...gpuFacts(l10n, source),
    ...(health ? healthFacts(l10n, health) : trouble.length > 0 ? [] : [untestedFact(l10n, source)]),
  ];
}

/** Something to open the line for: VS Code does not open a line that gets its first children later. */
function untestedFact(l10n: L10n, { name }: SourceSummary): SourceFact {
  return {
    id: 'untested',
    text: l10n.t('Not tested yet'),
    description: l10n.t('click to test'),
    icon: { id: 'beaker' },
    contextValue: 'untested',
    command: { id: 'hsm.source.test', args: [{ name }] },
  };
}

/** A connection that needs the user, or that was lost: a click tries again. */
function connectionFact(
  l10n: L10n,
  { name }: SourceSummary,
  connection: ConnectionState | undefined,
): SourceFact[] {
  if (connection?.kind !== 'refused' && connection?.kind !== 'waiting') return [];
  const isRefused = connection.kind === 'refused';
  const text = foreignLine(connection.reason);
  const hint = isRefused ? connection.hint : undefined;
  const next = isRefused
    ? l10n.t('click to try again')
    : l10n.t('next try at {0}', formatTimeOfDay(connection.retryAtMs));
  return [
    {
      id: 'connection',
      text,
      description: facts(hint && foreignLine(hint), next),
      tooltip: [text, hint && foreignLine(hint)].filter(Boolean).join('\n'),
      icon: isRefused
        ? { id: 'error', color: 'testing.iconFailed' }
        : { id: 'debug-disconnect', color: 'list.warningForeground' },
      contextValue: `trouble ${connection.kind}`,
      command: { id: 'hsm.source.retry', args: [{ name }] },
    },
  ];
}

function problemFacts({ health }: SourceSummary): SourceFact[] {
  return (health?.problems ?? []).map((problem, index) => ({
    id: `problem/${index}`,
    text: foreignLine(problem),
    icon: { id: 'warning', color: 'list.warningForeground' },
    contextValue: 'trouble problem',
  }));
}

/** The cards that the last test found, and those that tasks of ours hold. */
function gpuFacts(l10n: L10n, { health, gpuUse = [] }: SourceSummary): SourceFact[] {
  const found = health?.gpus ?? [];
  const indices = new Set([...found.map(({ index }) => index), ...gpuUse.map(({ gpu }) => gpu)]);
  return [...indices]
    .sort((a, b) => a - b)
    .map((index) => {
      const gpu = found.find((each) => each.index === index);
      const uses = gpuUse.filter((use) => use.gpu === index);
      const name = gpu && foreignLine(gpu.name);
      const description = gpuDescription(l10n, gpu, uses.length);
      return {
        id: `gpu/${index}`,
        text: name ? l10n.t('GPU {0}: {1}', index, name) : l10n.t('GPU {0}', index),
        ...(description && { description }),
        icon: { id: 'circuit-board' },
        contextValue: 'gpu',
        uses,
      };
    });
}

const MIB = 1024 ** 2;

function gpuDescription(l10n: L10n, gpu: HealthGpu | undefined, mine: number): string {
  const { usedMiB, totalMiB, utilization } = gpu ?? {};
  const hasMemory = usedMiB !== undefined && totalMiB !== undefined;
  return facts(
    hasMemory && l10n.t('{0} of {1}', formatBytes(usedMiB * MIB), formatBytes(totalMiB * MIB)),
    utilization !== undefined && l10n.t('{0} % busy', utilization),
    gpuUserText(l10n, gpu, mine),
  );
}

function gpuUserText(l10n: L10n, gpu: HealthGpu | undefined, mine: number): string {
  if (mine > 0)
    return mine === 1 ? l10n.t('1 task of this project') : l10n.t('{0} tasks of this project', mine);
  if (!gpu) return '';
  if (gpu.free) return l10n.t('free');
  const users = (gpu.users ?? []).map((user) => foreignLine(user));
  return users.length > 0 ? l10n.t('in use by {0}', users.join(', ')) : l10n.t('in use');
}

function healthFacts(l10n: L10n, health: HealthReport): SourceFact[] {
  const { load, memory, disk, clockOffsetMs, tools } = health;
  const plain = (id: string, icon: string, text: string | undefined): SourceFact[] =>
    text === undefined ? [] : [{ id, text, icon: { id: icon }, contextValue: 'fact' }];
  return [
    ...plain('load', 'pulse', load && l10n.t('Load {0} on {1} cores', load.oneMinute, load.cores)),
    ...plain('memory', 'chip', memory && freeText(l10n, memory, l10n.t('memory'))),
    ...plain('disk', 'database', disk && diskText(l10n, disk)),
    ...plain('clock', 'watch', clockText(l10n, clockOffsetMs)),
    ...toolFact(l10n, tools),
  ];
}

function freeText(l10n: L10n, room: { freeBytes: number; totalBytes: number }, what: string): string {
  return l10n.t('{0} of {1} {2} free', formatBytes(room.freeBytes), formatBytes(room.totalBytes), what);
}

function diskText(l10n: L10n, disk: NonNullable<HealthReport['disk']>): string {
  const text = freeText(l10n, disk, l10n.t('disk'));
  if (disk.freeInodes === undefined) return text;
  return l10n.t('{0}, room for {1} files', text, disk.freeInodes.toLocaleString());
}

function clockText(l10n: L10n, offsetMs: number | undefined): string | undefined {
  if (offsetMs === undefined || Math.abs(offsetMs) <= CLOCK_TOLERANCE_MS) return undefined;
  const by = formatDuration(l10n, Math.abs(offsetMs));
  return offsetMs > 0
    ? l10n.t('The clock there is {0} ahead', by)
    : l10n.t('The clock there is {0} behind', by);
}

function toolFact(l10n: L10n, tools: HealthReport['tools']): SourceFact[] {
  if (!tools) return [];
  const entries = Object.entries(tools).map(
    ([name, said]) => [foreignLine(name), foreignLine(said)] as const,
  );
  const names = entries.map(([name, said]) => toolText(name, said)).join(', ');
  return [
    {
      id: 'tools',
      text: names === '' ? l10n.t('No tools were found') : l10n.t('Tools: {0}', names),
      tooltip: entries.map((entry) => entry.join(': ')).join('\n'),
      icon: { id: 'tools' },
      contextValue: 'fact',
    },
  ];
}
