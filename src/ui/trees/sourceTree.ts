import type * as vscode from 'vscode';
import { Emitter, type Event } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { Change, SweepFacade } from '../../core/facade';
import type { L10n } from '../text/l10n';
import { sweepName } from '../text/sweepName';
import type { ItemData } from './itemData';
import { sourceFacts, type ShownSource, type SourceFact } from './sourceFacts';
import { factItem, gpuTaskItem, sourceItem, type SourceNode } from './sourceItems';

export interface SourceTreeOptions {
  readonly facade: Pick<SweepFacade, 'sources' | 'sweep' | 'hosts'>;
  readonly onDidChange: Event<Change>;
  readonly l10n: L10n;
  readonly toTreeItem: (data: ItemData) => vscode.TreeItem;
}

/**
 * The Compute view: every source, how it is reached, and what its last test found. All of it is known already: drawing
 * asks no host for anything.
 */
export class SourceTree implements vscode.TreeDataProvider<SourceNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<SourceNode | undefined>());
  /** As they were when the view was drawn last. */
  private shown: readonly ShownSource[] = [];

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly options: SourceTreeOptions) {
    // The few sources of a project are drawn together.
    this.store.add(
      options.onDidChange(({ sources }) => {
        if (sources) this.changed.fire(undefined);
      }),
    );
    this.store.add(
      options.facade.hosts.onDidChange(() => {
        this.changed.fire(undefined);
      }),
    );
  }

  getChildren(parent?: SourceNode): SourceNode[] {
    switch (parent?.kind) {
      case undefined:
        this.shown = this.look();
        return this.shown.map(({ source }) => ({ kind: 'source', name: source.name }));
      case 'source':
        return this.facts(parent.name).map(({ id }) => ({ kind: 'fact', name: parent.name, id }));
      case 'fact':
        return (this.fact(parent)?.uses ?? []).map((use) => ({
          kind: 'gpuTask',
          name: parent.name,
          ...use,
        }));
      case 'gpuTask':
        return [];
    }
  }

  getTreeItem(node: SourceNode): vscode.TreeItem {
    return this.options.toTreeItem(this.itemOf(node));
  }

  dispose(): void {
    this.store.dispose();
  }

  private look(): ShownSource[] {
    const { facade } = this.options;
    const connections = new Map(facade.hosts.hosts().map(({ host, state }) => [host, state]));
    return facade.sources().map((source) => {
      if (source.host === undefined) return { source };
      return { source, connection: connections.get(source.host) ?? { kind: 'disconnected' } };
    });
  }

  private itemOf(node: SourceNode): ItemData {
    const { l10n, facade } = this.options;
    if (node.kind === 'gpuTask') {
      const sweep = facade.sweep(node.sweepId);
      return gpuTaskItem(l10n, node, sweep ? sweepName(sweep) : node.sweepId);
    }
    const fact = node.kind === 'fact' ? this.fact(node) : undefined;
    if (node.kind === 'fact' && fact) return factItem(node, fact);
    const shown = this.find(node.name);
    if (node.kind === 'source' && shown) return sourceItem(l10n, shown);
    const label = l10n.t('No longer there');
    const id = node.kind === 'source' ? node.name : `${node.name}/${node.id}`;
    return { id, label, contextValue: 'gone', accessibleLabel: label, children: 'none' };
  }

  private facts(name: string): readonly SourceFact[] {
    const shown = this.find(name);
    return shown ? sourceFacts(this.options.l10n, shown) : [];
  }

  private fact({ name, id }: { readonly name: string; readonly id: string }): SourceFact | undefined {
    return this.facts(name).find((fact) => fact.id === id);
  }

  private find(name: string): ShownSource | undefined {
    return this.shown.find(({ source }) => source.name === name);
  }
}
