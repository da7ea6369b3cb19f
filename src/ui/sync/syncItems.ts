import { foreignLine } from '../../core/analysis/foreignLine';
import type { Comparison, Direction, FileComparison } from '../../core/sync/comparison';
import type { SyncSummary } from '../../core/sync/syncFacade';
import { formatTimeOfDay } from '../text/duration';
import type { L10n } from '../text/l10n';
import { facts, words, type IconData, type ItemData } from '../trees/itemData';
import { filesOf, hasCommits, nodeId, type SyncGroup, type SyncNode } from './syncNode';
import { commitCount, fileCount } from './syncWords';

/** A line of the Sync view. */
export interface SyncItem extends ItemData {
  /** Absent: it has no box. */
  readonly isTicked?: boolean;
  /** The file of the workspace that it is about, relative to the project: gives icon and colours. */
  readonly file?: string;
}

/** Something to know of a checkout, in its own line. */
export interface SyncFact {
  readonly id: string;
  readonly text: string;
  readonly description?: string;
  readonly icon: IconData;
  readonly command?: NonNullable<ItemData['command']>;
}

const WARNING: IconData = { id: 'warning', color: 'list.warningForeground' };

export function remoteItem(l10n: L10n, summary: SyncSummary): SyncItem {
  const { source, host, checkout, comparison, comparedAtMs } = summary;
  const description = headLine(l10n, summary);
  const compared = comparedAtMs !== undefined && l10n.t('Compared at {0}', formatTimeOfDay(comparedAtMs));
  const method =
    comparison && (comparison.method === 'git' ? l10n.t('by git') : l10n.t('by content, without git'));
  return {
    id: nodeId({ kind: 'remote', source }),
    label: source,
    description,
    tooltip: [`${host}:${checkout}`, description, facts(compared, method)].filter(Boolean).join('\n'),
    icon: remoteIcon(summary),
    contextValue: words('remote', isBusy(summary) ? 'busy' : 'idle', stateWord(comparison)),
    accessibleLabel: l10n.t('Checkout on {0}, {1}', source, description),
    children: 'expanded',
  };
}

/** A comparison keeps nobody from the next step: it may be one that nobody asked for, and gives way. */
function isBusy({ phase }: SyncSummary): boolean {
  return phase !== 'idle' && phase !== 'comparing';
}

function headLine(l10n: L10n, { phase, progress, comparison }: SyncSummary): string {
  switch (phase) {
    case 'comparing':
      return l10n.t('comparing…');
    case 'pushing':
    case 'pulling':
    case 'restoring':
      if (progress) return `${foreignLine(progress.text)}…`;
      if (phase === 'restoring') return l10n.t('restoring…');
      return phase === 'pushing' ? l10n.t('pushing…') : l10n.t('pulling…');
    case 'idle':
      return comparison ? foreignLine(comparison.verdict) : l10n.t('not compared yet');
  }
}

function stateWord(comparison: Comparison | undefined): string {
  if (!comparison) return 'unknown';
  return comparison.inSync ? 'inSync' : 'differs';
}

function remoteIcon({ phase, comparison, error }: SyncSummary): IconData {
  if (phase !== 'idle') return { id: 'loading~spin' };
  if (error !== undefined) return { id: 'error', color: 'testing.iconFailed' };
  if (!comparison) return { id: 'server' };
  if (comparison.inSync) return { id: 'pass', color: 'testing.iconPassed' };
  const hasConflict = comparison.files.some(({ verdict }) => verdict === 'conflict');
  return hasConflict ? WARNING : { id: 'sync', color: 'charts.blue' };
}

/** What there is to say of a checkout beside its files, troubles first. */
export function syncFacts(l10n: L10n, summary: SyncSummary): readonly SyncFact[] {
  const { source, phase, comparison, error, runningTasks } = summary;
  const compare = { id: 'hsm.sync.compare', args: [{ source }] };
  const facts: SyncFact[] = [];
  if (error !== undefined && phase === 'idle')
    facts.push({
      id: 'error',
      text: foreignLine(error),
      description: l10n.t('click to compare again'),
      icon: { id: 'error', color: 'testing.iconFailed' },
      command: compare,
    });
  if (!comparison && error === undefined && phase === 'idle')
    facts.push({
      id: 'compare',
      text: l10n.t('Not compared yet'),
      description: l10n.t('click to compare'),
      icon: { id: 'git-compare' },
      command: compare,
    });
  for (const [index, text] of (comparison?.errors ?? []).entries())
    facts.push({
      id: `error/${index}`,
      text: foreignLine(text),
      icon: { id: 'error', color: 'testing.iconFailed' },
    });
  for (const [index, text] of (comparison?.warnings ?? []).entries())
    facts.push({ id: `warning/${index}`, text: foreignLine(text), icon: WARNING });
  if (runningTasks > 0)
    facts.push({
      id: 'running',
      text:
        runningTasks === 1
          ? l10n.t('1 task runs from this checkout')
          : l10n.t('{0} tasks run from this checkout', runningTasks),
      icon: { id: 'play-circle', color: 'charts.blue' },
    });
  return facts;
}

export function factItem(node: Extract<SyncNode, { kind: 'fact' }>, fact: SyncFact): SyncItem {
  const { text, description, icon, command } = fact;
  return {
    id: nodeId(node),
    label: text,
    ...(description !== undefined && { description }),
    tooltip: text,
    icon,
    contextValue: words('fact', node.id.split('/')[0]),
    accessibleLabel: facts(text, description).replaceAll(' · ', ', '),
    children: 'none',
    ...(command && { command }),
  };
}

/** What is ticked below a group. */
export interface GroupTicks {
  readonly ticked: number;
  readonly tickable: number;
}

export function groupItem(
  l10n: L10n,
  node: Extract<SyncNode, { kind: 'group' }>,
  comparison: Comparison,
  { ticked, tickable }: GroupTicks,
): SyncItem {
  const { group } = node;
  const files = filesOf(comparison, group).length;
  const name = groupName(l10n, group);
  const commits = (group === 'push' || group === 'pull') && hasCommits(comparison, group);
  const count = facts(
    commits && commitCount(l10n, group === 'push' ? comparison.ahead : comparison.behind),
    files > 0 && fileCount(l10n, files),
  );
  const selected = group !== 'conflicts' && tickable > 0 && selectedText(l10n, ticked, tickable);
  const description = facts(count, selected);
  return {
    id: nodeId(node),
    label: name,
    description,
    icon: groupIcon(group),
    contextValue: words('group', group),
    accessibleLabel: `${name}, ${description.replaceAll(' · ', ', ')}`,
    children: 'expanded',
    ...(group !== 'conflicts' && tickable > 0 && { isTicked: ticked === tickable }),
  };
}

function selectedText(l10n: L10n, ticked: number, tickable: number): string {
  if (ticked === 0) return l10n.t('not selected');
  return ticked === tickable ? l10n.t('selected') : l10n.t('{0} selected', ticked);
}

function groupName(l10n: L10n, group: SyncGroup): string {
  switch (group) {
    case 'push':
      return l10n.t('To Push');
    case 'pull':
      return l10n.t('To Pull');
    case 'conflicts':
      return l10n.t('Conflicts');
    case 'deleted':
      return l10n.t('Deleted');
  }
}

function groupIcon(group: SyncGroup): IconData {
  switch (group) {
    case 'push':
      return { id: 'cloud-upload' };
    case 'pull':
      return { id: 'cloud-download' };
    case 'conflicts':
      return WARNING;
    case 'deleted':
      return { id: 'trash' };
  }
}

export function commitsItem(
  l10n: L10n,
  node: Extract<SyncNode, { kind: 'commits' }>,
  comparison: Comparison,
  isTicked: boolean,
): SyncItem {
  const { group } = node;
  const label = commitCount(l10n, group === 'push' ? comparison.ahead : comparison.behind);
  const reason = commitTrouble(comparison, group);
  const description = reason ?? l10n.t('with the files that they change');
  return {
    id: nodeId(node),
    label,
    description,
    tooltip: description,
    icon: reason === undefined ? { id: 'git-commit' } : WARNING,
    contextValue: words('commits', group, reason !== undefined && 'blocked'),
    accessibleLabel: `${label}, ${description}`,
    children: 'none',
    ...(reason === undefined && comparison.offer?.commits === group && { isTicked }),
  };
}

function commitTrouble({ safe }: Comparison, direction: Direction): string | undefined {
  const safety = safe[direction];
  if (safety.safe) return undefined;
  const found = safety.reasons.find(({ about }) => about !== 'files');
  return found && foreignLine([found.text, found.action].filter(Boolean).join(' '));
}

export function fileItem(
  l10n: L10n,
  node: Extract<SyncNode, { kind: 'file' }>,
  file: FileComparison,
  isTicked: boolean | undefined,
): SyncItem {
  const path = foreignLine(file.path);
  const cut = path.lastIndexOf('/') + 1;
  const about = facts(
    cut > 0 && path.slice(0, cut - 1),
    file.kind === 'config' && l10n.t('config'),
    whatBecame(l10n, file),
    file.via === 'commit' && l10n.t('goes with the commits'),
    file.renamedFrom !== undefined && l10n.t('was {0}', foreignLine(file.renamedFrom)),
  );
  const why = [file.blocked, file.note].filter((text) => text !== undefined).map((text) => foreignLine(text));
  return {
    id: nodeId(node),
    label: path.slice(cut),
    description: facts(about, ...why),
    tooltip: [path, ...why].join('\n'),
    contextValue: words('file', file.verdict, file.blocked === undefined ? file.via : 'blocked'),
    accessibleLabel: facts(path, fileWord(l10n, file), about, ...why).replaceAll(' · ', ', '),
    children: 'none',
    file: file.path,
    command: { id: 'hsm.sync.openDiff', args: [node] },
    ...(isTicked !== undefined && { isTicked }),
  };
}

function whatBecame(l10n: L10n, { verdict, local, remote }: FileComparison): string | false {
  switch (verdict) {
    case 'push':
      return remote.kind === 'absent' && l10n.t('new here');
    case 'pull':
      return local.kind === 'absent' && l10n.t('new there');
    case 'deletedHere':
      return l10n.t('deleted here');
    case 'deletedThere':
      return l10n.t('deleted there');
    case 'conflict':
      if (local.kind === 'absent') return l10n.t('deleted here, changed there');
      return remote.kind === 'absent' && l10n.t('changed here, deleted there');
  }
}

/** What a badge on the file says in words. */
export function fileWord(l10n: L10n, { verdict }: Pick<FileComparison, 'verdict'>): string {
  switch (verdict) {
    case 'push':
      return l10n.t('to push');
    case 'pull':
      return l10n.t('to pull');
    case 'conflict':
      return l10n.t('changed on both sides');
    case 'deletedHere':
      return l10n.t('deleted here');
    case 'deletedThere':
      return l10n.t('deleted there');
  }
}

export function restItem(l10n: L10n, node: Extract<SyncNode, { kind: 'rest' }>, count: number): SyncItem {
  const label = l10n.t('and {0} more, which the group stands for', fileCount(l10n, count));
  return { id: nodeId(node), label, contextValue: 'rest', accessibleLabel: label, children: 'none' };
}
