import type { SourceType } from '../../core/compute/computeSource';
import type { SourceSummary } from '../../core/facade';
import type { L10n } from '../text/l10n';
import { facts, words, type IconData, type ItemData } from './itemData';

/** A line of the Compute view: a source, or something that its last test found. */
export type SourceNode =
  | { readonly kind: 'source'; readonly name: string }
  | { readonly kind: 'fact'; readonly name: string; readonly index: number };

const ICONS: Readonly<Record<SourceType, string>> = {
  local: 'vm',
  ssh: 'server',
  slurm: 'server-environment',
  pbs: 'server-environment',
};

export function sourceItem(l10n: L10n, source: SourceSummary): ItemData {
  const description = sourceDescription(l10n, source);
  return {
    id: source.name,
    label: source.name,
    description,
    icon: sourceIcon(source),
    contextValue: words('source', source.type, source.health?.state ?? 'untested'),
    accessibleLabel: l10n.t('Compute source {0}, {1}', source.name, description.replaceAll(' · ', ', ')),
    children: sourceFacts(l10n, source).length > 0 ? 'expanded' : 'none',
  };
}

function sourceDescription(l10n: L10n, { name, type, host, slots, active, health }: SourceSummary): string {
  return facts(
    // The source that is there without any configuration is named after its type.
    host ? `${type} ${host}` : type !== name && type,
    l10n.t('{0} of {1} slots in use', active, slots),
    health && healthWord(l10n, health.state),
    health && l10n.t('answered in {0} ms', Math.round(health.latencyMs)),
  );
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

function sourceIcon({ type, health }: SourceSummary): IconData {
  if (health?.state === 'unhealthy') return { id: 'error', color: 'testing.iconFailed' };
  if (health?.state === 'degraded') return { id: 'warning', color: 'list.warningForeground' };
  return { id: ICONS[type] };
}

interface Fact {
  readonly text: string;
  readonly icon: IconData;
}

/** What the last test of a source found, problems first. */
export function sourceFacts(l10n: L10n, { health }: SourceSummary): readonly Fact[] {
  if (!health) return [];
  const problems = health.problems.map((text) => ({ text, icon: { id: 'warning' } }));
  const gpus = (health.gpus ?? []).map(({ index, name, free }) => ({
    text: free ? l10n.t('GPU {0}: {1}, free', index, name) : l10n.t('GPU {0}: {1}, in use', index, name),
    icon: { id: 'circuit-board' },
  }));
  return [...problems, ...gpus, ...loadFact(l10n, health.load), ...diskFact(l10n, health.disk)];
}

type Health = NonNullable<SourceSummary['health']>;

function loadFact(l10n: L10n, load: Health['load']): Fact[] {
  if (!load) return [];
  return [{ text: l10n.t('Load {0} on {1} cores', load.oneMinute, load.cores), icon: { id: 'pulse' } }];
}

function diskFact(l10n: L10n, disk: Health['disk']): Fact[] {
  if (!disk) return [];
  const text = l10n.t('{0} GiB of {1} GiB disk free', toGiB(disk.freeBytes), toGiB(disk.totalBytes));
  return [{ text, icon: { id: 'database' } }];
}

function toGiB(bytes: number): number {
  return Math.round(bytes / 2 ** 30);
}

export function factItem(node: Extract<SourceNode, { kind: 'fact' }>, { text, icon }: Fact): ItemData {
  return {
    id: `${node.name}/${node.index}`,
    label: text,
    tooltip: text,
    icon,
    contextValue: 'fact',
    accessibleLabel: text,
    children: 'none',
  };
}
