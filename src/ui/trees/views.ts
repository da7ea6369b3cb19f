import * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock';
import type { Event } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { Change, SweepFacade } from '../../core/facade';
import type { FailureCauses } from '../state/failureCauses';
import type { FailureMarks } from '../state/failureMarks';
import { SourceTree } from './sourceTree';
import type { SweepNode } from './sweepNode';
import { SweepTree } from './sweepTree';
import { toTreeItem } from './toTreeItem';

export interface ViewParts {
  readonly facade: SweepFacade;
  readonly marks: FailureMarks;
  readonly causes: FailureCauses;
  readonly onDidChange: Event<Change>;
  readonly clock: Clock;
  readonly record: (error: unknown) => void;
}

/** The Sweeps and the Compute view. */
export interface Views extends Disposable {
  readonly sweepTree: SweepTree;
  readonly sourceTree: SourceTree;
  readonly sweepView: vscode.TreeView<SweepNode>;
  /** Shows the view and opens a sweep's line in it. Only on something that the user did. */
  readonly revealSweep: (sweepId: string) => Promise<void>;
}

export function registerViews({ facade, marks, causes, onDidChange, clock, record }: ViewParts): Views {
  const store = new DisposableStore();
  const { l10n, window } = vscode;
  const sweepTree = store.add(new SweepTree({ facade, onDidChange, causes, l10n, clock, toTreeItem }));
  const sourceTree = store.add(new SourceTree({ facade, onDidChange, l10n, toTreeItem }));
  const sweepView = store.add(
    window.createTreeView('hsm.sweeps', {
      treeDataProvider: sweepTree,
      canSelectMany: true,
      showCollapseAll: true,
    }),
  );
  store.add(window.createTreeView('hsm.sources', { treeDataProvider: sourceTree }));
  const updateBadge = (): void => {
    sweepView.badge = badge(marks.unseenCount());
  };
  store.add(onDidChange(updateBadge));
  store.add(marks.onDidChange(updateBadge));
  updateBadge();
  return {
    sweepTree,
    sourceTree,
    sweepView,
    revealSweep: (sweepId) => revealSweep(sweepTree, sweepView, sweepId, record),
    dispose: () => {
      store.dispose();
    },
  };
}

/** Views without a project, which show their welcome. */
export function registerEmptyViews(): Disposable {
  const store = new DisposableStore();
  const treeDataProvider: vscode.TreeDataProvider<never> = {
    getChildren: () => [],
    getTreeItem: (element) => element,
  };
  for (const id of ['hsm.sweeps', 'hsm.sources', 'hsm.checkouts']) {
    store.add(vscode.window.createTreeView(id, { treeDataProvider }));
  }
  return store;
}

function badge(unseen: number): vscode.ViewBadge | undefined {
  if (unseen === 0) return undefined;
  return { value: unseen, tooltip: vscode.l10n.t('Failed tasks not looked at yet: {0}', unseen) };
}

async function revealSweep(
  tree: SweepTree,
  view: vscode.TreeView<SweepNode>,
  sweepId: string,
  record: (error: unknown) => void,
): Promise<void> {
  // A sweep that was just started may not be drawn yet, and only what is drawn can be revealed.
  tree.redraw();
  try {
    await view.reveal(tree.sweepNode(sweepId), { select: true, focus: false, expand: true });
  } catch (error) {
    // The line can be redrawn in that moment; then the view itself is what the user gets to see.
    record(error);
    await vscode.commands.executeCommand('hsm.sweeps.focus');
  }
}
