import type * as vscode from 'vscode';
import { Emitter, type Event } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { Change, SourceSummary, SweepFacade } from '../../core/facade';
import type { L10n } from '../text/l10n';
import type { ItemData } from './itemData';
import { factItem, sourceFacts, sourceItem, type SourceNode } from './sourceItems';

export interface SourceTreeOptions {
  readonly facade: Pick<SweepFacade, 'sources'>;
  readonly onDidChange: Event<Change>;
  readonly l10n: L10n;
  readonly toTreeItem: (data: ItemData) => vscode.TreeItem;
}

/** The Compute view: every source, and what its last test found. */
export class SourceTree implements vscode.TreeDataProvider<SourceNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<SourceNode | undefined>());

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly options: SourceTreeOptions) {
    // The few sources of a project are drawn together.
    this.store.add(
      options.onDidChange(({ sources }) => {
        if (sources) this.changed.fire(undefined);
      }),
    );
  }

  getChildren(parent?: SourceNode): SourceNode[] {
    if (!parent) return this.options.facade.sources().map(({ name }) => ({ kind: 'source', name }));
    const source = parent.kind === 'source' ? this.source(parent.name) : undefined;
    if (!source) return [];
    return sourceFacts(this.options.l10n, source).map((_, index) => ({
      kind: 'fact',
      name: source.name,
      index,
    }));
  }

  getTreeItem(node: SourceNode): vscode.TreeItem {
    return this.options.toTreeItem(this.itemOf(node));
  }

  dispose(): void {
    this.store.dispose();
  }

  private itemOf(node: SourceNode): ItemData {
    const { l10n } = this.options;
    const source = this.source(node.name);
    const fact = source && node.kind === 'fact' ? sourceFacts(l10n, source)[node.index] : undefined;
    if (node.kind === 'fact' && fact) return factItem(node, fact);
    if (node.kind === 'source' && source) return sourceItem(l10n, source);
    const label = l10n.t('No longer there');
    const id = node.kind === 'source' ? node.name : `${node.name}/${node.index}`;
    return { id, label, contextValue: 'gone', accessibleLabel: label, children: 'none' };
  }

  private source(name: string): SourceSummary | undefined {
    return this.options.facade.sources().find((source) => source.name === name);
  }
}
