import type * as vscode from 'vscode';
import { Emitter } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { SweepFacade } from '../../core/facade';
import type { Comparison } from '../../core/sync/comparison';
import type { SyncSummary } from '../../core/sync/syncFacade';
import type { L10n } from '../text/l10n';
import {
  commitsItem,
  factItem,
  fileItem,
  groupItem,
  remoteItem,
  restItem,
  syncFacts,
  type GroupTicks,
  type SyncItem,
} from './syncItems';
import {
  canTick,
  fileAt,
  filesOf,
  hasCommits,
  nodeId,
  SYNC_GROUPS,
  type SyncGroup,
  type SyncNode,
} from './syncNode';
import type { SyncTicks } from './syncTicks';

export interface SyncTreeOptions {
  readonly facade: Pick<SweepFacade, 'sync'>;
  readonly ticks: SyncTicks;
  readonly l10n: L10n;
  readonly toTreeItem: (item: SyncItem) => vscode.TreeItem;
}

type RemoteNode = Extract<SyncNode, { kind: 'remote' }>;

/** Nobody reads more lines; ticks of the group hold for all. */
const LISTED = 500;

/** The Sync view: every checkout, and how it differs from the workspace by the last comparison. Asks no host. */
export class SyncTree implements vscode.TreeDataProvider<SyncNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<SyncNode | undefined>());
  readonly onDidChangeTreeData = this.changed.event;

  /** Always the same objects, by which VS Code knows what to draw anew. */
  private remotes: readonly RemoteNode[] = [];
  /** How each checkout looked when it was last drawn. */
  private readonly drawn = new Map<string, string>();

  constructor(private readonly options: SyncTreeOptions) {
    const { facade, ticks } = options;
    this.store.add(
      facade.sync.onDidChange((source) => {
        const comparison = facade.sync.remote(source)?.comparison;
        if (comparison) ticks.keepOnly(comparison);
        this.redraw(source);
      }),
    );
    this.store.add(
      ticks.onDidChange((source) => {
        this.redraw(source);
      }),
    );
  }

  /**
   * Draws a checkout anew, or all, where something else is to be seen. The whole tree only when there are others: as
   * long as drawing takes, VS Code does not know which line a menu was opened on.
   */
  redraw(source?: string): void {
    const names = this.options.facade.sync.remotes().map((remote) => remote.source);
    const isSame = names.join('\n') === this.remotes.map((remote) => remote.source).join('\n');
    if (!isSame) this.changed.fire(undefined);
    else
      for (const remote of this.remotes)
        if (source === undefined || remote.source === source) this.redrawChanged(remote);
  }

  private redrawChanged(remote: RemoteNode): void {
    const looks = JSON.stringify(this.looksOf(remote));
    if (this.drawn.get(remote.source) === looks) return;
    this.drawn.set(remote.source, looks);
    this.changed.fire(remote);
  }

  private looksOf(node: SyncNode): unknown {
    return [this.drawnItem(node), this.getChildren(node).map((child) => this.looksOf(child))];
  }

  getChildren(parent?: SyncNode): SyncNode[] {
    if (!parent) {
      const known = new Map(this.remotes.map((remote) => [remote.source, remote]));
      const summaries = this.options.facade.sync.remotes();
      this.remotes = summaries.map(({ source }) => known.get(source) ?? { kind: 'remote', source });
      return [...this.remotes];
    }
    const summary = this.options.facade.sync.remote(parent.source);
    if (!summary) return [];
    if (parent.kind === 'remote') return this.below(summary);
    return parent.kind === 'group' && summary.comparison ? listed(summary.comparison, parent.group) : [];
  }

  getParent(node: SyncNode): SyncNode | undefined {
    const { kind, source } = node;
    if (kind === 'remote') return undefined;
    if (kind === 'group' || kind === 'fact') return this.remotes.find((remote) => remote.source === source);
    return { kind: 'group', source, group: node.group };
  }

  getTreeItem(node: SyncNode): vscode.TreeItem {
    return this.options.toTreeItem(this.drawnItem(node));
  }

  /** When a checkout was compared is told where somebody asks, so that telling it draws nothing anew. */
  resolveTreeItem(item: vscode.TreeItem, node: SyncNode): vscode.TreeItem {
    item.tooltip = this.itemOf(node).tooltip;
    return item;
  }

  /** Takes over what the user ticked; a group stands for everything in it. */
  tick(changes: readonly (readonly [SyncNode, boolean])[]): void {
    for (const [node, isTicked] of changes) {
      const comparison = this.options.facade.sync.remote(node.source)?.comparison;
      if (!comparison) continue;
      const { ticks } = this.options;
      if (node.kind === 'file') ticks.tickFiles(comparison, [node.path], isTicked);
      if (node.kind === 'commits') ticks.tickCommits(comparison, node.group, isTicked);
      if (node.kind !== 'group') continue;
      if (node.group === 'push' || node.group === 'pull') ticks.tickCommits(comparison, node.group, isTicked);
      const paths = filesOf(comparison, node.group).map(({ path }) => path);
      ticks.tickFiles(comparison, paths, isTicked);
    }
    // VS Code shows the box as it was clicked, whether or not that was taken over.
    this.drawn.clear();
    this.redraw();
  }

  dispose(): void {
    this.store.dispose();
  }

  private below(summary: SyncSummary): SyncNode[] {
    const { source, comparison } = summary;
    const told = syncFacts(this.options.l10n, summary).map(({ id }): SyncNode => ({
      kind: 'fact',
      source,
      id,
    }));
    if (!comparison) return told;
    const groups = SYNC_GROUPS.filter(
      (group) =>
        filesOf(comparison, group).length > 0 ||
        ((group === 'push' || group === 'pull') && hasCommits(comparison, group)),
    );
    return [...told, ...groups.map((group): SyncNode => ({ kind: 'group', source, group }))];
  }

  private drawnItem(node: SyncNode): SyncItem {
    const { tooltip, ...item } = this.itemOf(node);
    return node.kind === 'remote' || tooltip === undefined ? item : { ...item, tooltip };
  }

  private itemOf(node: SyncNode): SyncItem {
    const summary = this.options.facade.sync.remote(node.source);
    return (summary && this.known(node, summary)) ?? this.gone(node);
  }

  private known(node: SyncNode, summary: SyncSummary): SyncItem | undefined {
    const { l10n, ticks } = this.options;
    const { comparison } = summary;
    if (node.kind === 'remote') return remoteItem(l10n, summary);
    if (node.kind === 'fact') {
      const fact = syncFacts(l10n, summary).find(({ id }) => id === node.id);
      return fact && factItem(node, fact);
    }
    if (!comparison) return undefined;
    switch (node.kind) {
      case 'group':
        return groupItem(l10n, node, comparison, this.ticksOf(comparison, node.group));
      case 'commits':
        return commitsItem(l10n, node, comparison, ticks.areCommitsTicked(comparison, node.group));
      case 'rest':
        return restItem(l10n, node, filesOf(comparison, node.group).length - LISTED);
      case 'file': {
        const file = fileAt(comparison, node.path);
        if (!file) return undefined;
        return fileItem(l10n, node, file, canTick(file) ? ticks.isTicked(comparison, file) : undefined);
      }
    }
  }

  private ticksOf(comparison: Comparison, group: SyncGroup): GroupTicks {
    const { push, pull, commits } = this.options.ticks.ticked(comparison);
    const all = new Set([...push, ...pull]);
    const tickable = filesOf(comparison, group).filter(canTick);
    const ticked = tickable.filter(({ path }) => all.has(path));
    const withCommits = comparison.offer?.commits === group ? 1 : 0;
    return {
      ticked: ticked.length + (commits === group ? 1 : 0),
      tickable: tickable.length + withCommits,
    };
  }

  private gone(node: SyncNode): SyncItem {
    const label = this.options.l10n.t('No longer there');
    return { id: nodeId(node), label, contextValue: 'gone', accessibleLabel: label, children: 'none' };
  }
}

function listed(comparison: Comparison, group: SyncGroup): SyncNode[] {
  const { source } = comparison;
  const files = filesOf(comparison, group);
  return [
    ...((group === 'push' || group === 'pull') && hasCommits(comparison, group)
      ? [{ kind: 'commits', source, group } as const]
      : []),
    ...files.slice(0, LISTED).map(({ path }): SyncNode => ({ kind: 'file', source, group, path })),
    ...(files.length > LISTED ? [{ kind: 'rest', source, group } as const] : []),
  ];
}
