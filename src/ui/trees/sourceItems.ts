import { foreignLine } from '../../core/analysis/foreignLine';
import type { SourceType } from '../../core/compute/computeSource';
import type { GpuUse, SourceSummary } from '../../core/facade';
import { connectionWord } from '../text/connectionWords';
import type { L10n } from '../text/l10n';
import { slotsText } from '../text/slotsText';
import { facts, words, type IconData, type ItemData } from './itemData';
import type { ShownSource, SourceFact } from './sourceFacts';

/** A line of the Compute view: a source, something that is known of it, or a task on one of its graphics cards. */
export type SourceNode =
  | { readonly kind: 'source'; readonly name: string }
  | { readonly kind: 'fact'; readonly name: string; readonly id: string }
  | ({ readonly kind: 'gpuTask'; readonly name: string } & GpuUse);

const ICONS: Readonly<Record<SourceType, string>> = {
  local: 'vm',
  ssh: 'server',
  slurm: 'server-environment',
  pbs: 'server-environment',
};

export function sourceItem(l10n: L10n, shown: ShownSource): ItemData {
  const { source, connection } = shown;
  const description = sourceDescription(l10n, shown);
  return {
    id: source.name,
    label: source.name,
    description,
    tooltip: sourceTooltip(l10n, shown, description),
    icon: sourceIcon(shown),
    contextValue: words('source', source.type, source.health?.state ?? 'untested', connection?.kind),
    accessibleLabel: l10n.t('Compute source {0}, {1}', source.name, description.replaceAll(' · ', ', ')),
    children: 'expanded',
  };
}

function sourceDescription(l10n: L10n, { source, connection }: ShownSource): string {
  const { name, type, host, health } = source;
  return facts(
    // Often a source is named after its host, and the one that is there without any configuration after its type.
    host !== undefined && host !== name ? `${type} ${host}` : type !== name && type,
    connection && connectionWord(l10n, connection),
    slotsText(l10n, source),
    health && healthWord(l10n, health.state),
    // One that did not answer has no time.
    health?.latencyMs !== undefined &&
      health.latencyMs > 0 &&
      l10n.t('answered in {0} ms', Math.round(health.latencyMs)),
  );
}

function sourceTooltip(l10n: L10n, { source, connection }: ShownSource, description: string): string {
  const because = connection?.kind === 'connected' && connection.because;
  const transport = connection?.kind === 'connected' && l10n.t('Connected by {0}.', connection.transport);
  const lines = [`${source.name}: ${description}`, transport, because && foreignLine(because)];
  return lines.filter(Boolean).join('\n');
}

function healthWord(l10n: L10n, state: NonNullable<SourceSummary['health']>['state']): string {
  switch (state) {
    case 'healthy':
      return l10n.t('healthy');
    case 'degraded':
      return l10n.t('degraded');
    case 'unhealthy':
      return l10n.t('unhealthy');
  }
}

/** The connection comes first: without one, what the last test found is of the past. */
function sourceIcon({ source: { type, health }, connection }: ShownSource): IconData {
  if (connection?.kind === 'connecting') return { id: 'loading~spin' };
  if (connection?.kind === 'refused') return { id: 'error', color: 'testing.iconFailed' };
  if (connection?.kind === 'waiting') return { id: 'debug-disconnect', color: 'list.warningForeground' };
  if (health?.state === 'unhealthy') return { id: 'error', color: 'testing.iconFailed' };
  if (health?.state === 'degraded') return { id: 'warning', color: 'list.warningForeground' };
  if (connection?.kind === 'connected') return { id: ICONS[type], color: 'testing.iconPassed' };
  return { id: ICONS[type] };
}

export function factItem(node: Extract<SourceNode, { kind: 'fact' }>, fact: SourceFact): ItemData {
  const { text, description, icon, contextValue, uses = [], command } = fact;
  return {
    id: `${node.name}/${node.id}`,
    label: text,
    ...(description !== undefined && { description }),
    tooltip: fact.tooltip ?? text,
    icon,
    contextValue,
    accessibleLabel: facts(text, description).replaceAll(' · ', ', '),
    children: uses.length > 0 ? 'expanded' : 'none',
    ...(command && { command }),
  };
}

/** A task of ours on a graphics card; a click shows what it prints. */
export function gpuTaskItem(
  l10n: L10n,
  node: Extract<SourceNode, { kind: 'gpuTask' }>,
  sweepLabel: string,
): ItemData {
  const { name, gpu, sweepId, task } = node;
  const label = l10n.t('Task {0}', task);
  return {
    id: `${name}/gpu/${gpu}/${sweepId}/${task}`,
    label,
    description: sweepLabel,
    icon: { id: 'play-circle', color: 'charts.blue' },
    contextValue: 'gpuTask',
    accessibleLabel: l10n.t('Task {0} of {1} on GPU {2}', task, sweepLabel, gpu),
    children: 'none',
    command: { id: 'hsm.task.openStdout', args: [{ kind: 'task', sweepId, group: 'running', task }] },
  };
}
