import * as vscode from 'vscode';
import type { Event } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { Change, SweepFacade } from '../../core/facade';
import { FreshComparison } from './freshComparison';
import { SideDocuments } from './sideDocuments';
import { SyncDecorations } from './syncDecorations';
import { SyncStatusBar } from './syncStatusBar';
import { SyncTicks } from './syncTicks';
import { SyncTree } from './syncTree';
import { toSyncTreeItem } from './toSyncTreeItem';

export interface SyncViewParts {
  readonly facade: SweepFacade;
  readonly onDidChange: Event<Change>;
  readonly record: (error: unknown) => void;
}

/** The Sync view and what goes with it: the sides of compared files, badges, status. */
export interface SyncView extends Disposable {
  readonly ticks: SyncTicks;
}

export function registerSyncView({ facade, onDidChange, record }: SyncViewParts): SyncView {
  const store = new DisposableStore();
  const { sync, projectDir } = facade;
  const { l10n, window } = vscode;
  const ticks = store.add(new SyncTicks());
  const tree = store.add(
    new SyncTree({ facade, ticks, l10n, toTreeItem: (item) => toSyncTreeItem(item, projectDir) }),
  );
  const view = store.add(
    window.createTreeView('hsm.checkouts', {
      treeDataProvider: tree,
      canSelectMany: true,
      showCollapseAll: true,
      // A group's box stands for what can be ticked in it, which is not all of its lines.
      manageCheckboxStateManually: true,
    }),
  );
  store.add(
    view.onDidChangeCheckboxState(({ items }) => {
      tree.tick(items.map(([node, state]) => [node, state === vscode.TreeItemCheckboxState.Checked]));
    }),
  );
  store.add(new SideDocuments(sync, record));
  store.add(new SyncDecorations(sync, projectDir));
  store.add(new SyncStatusBar(sync));
  store.add(new FreshComparison(facade, view, record));
  const offerView = (): void => {
    const hasCheckouts = sync.remotes().length > 0;
    void vscode.commands.executeCommand('setContext', 'hsm.hasCheckouts', hasCheckouts);
  };
  store.add(
    onDidChange(({ sources }) => {
      if (!sources) return;
      offerView();
      tree.redraw();
    }),
  );
  offerView();
  return {
    ticks,
    dispose: () => {
      store.dispose();
    },
  };
}
