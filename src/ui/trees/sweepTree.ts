import type * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock';
import { Emitter, type Event } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import { isSweepOver } from '../../core/engine/taskState';
import type { Change, SweepFacade, SweepSummary } from '../../core/facade';
import { findTask } from '../state/taskLookup';
import type { L10n } from '../text/l10n';
import type { ItemData } from './itemData';
import { groupItem, sweepItem } from './sweepItems';
import { nodeId, parentOf, TASK_FILES, type SweepNode, type TaskNode } from './sweepNode';
import { countOf, isFailure, statesOf, TASK_GROUPS, type TaskGroup } from './taskGroup';
import { fileItem, hasStarted, moreItem, taskItem, taskTooltip } from './taskItems';

/** Tasks of a group that are shown before "Show More", and with each use of it. */
export const PAGE_SIZE = 100;

/** How often lines of active sweeps are looked at again for times that passed: age of news, time left. */
const AGE_CHECK_MS = 30_000;

type Facade = Pick<SweepFacade, 'sweeps' | 'sweep' | 'tasks' | 'task'>;

export interface SweepTreeOptions {
  readonly facade: Facade;
  /** The engine's changes, already gathered. */
  readonly onDidChange: Event<Change>;
  readonly l10n: L10n;
  readonly clock: Clock;
  readonly toTreeItem: (data: ItemData) => vscode.TreeItem;
}

/** The Sweeps view: sweep → groups → tasks → files. Holds how many pages are open, and asks the engine for the rest. */
export class SweepTree implements vscode.TreeDataProvider<SweepNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<SweepNode | undefined>());
  /** VS Code knows a line by its object, so equal lines must be the same object. */
  private nodes = new Map<string, SweepNode>();
  private readonly pages = new Map<string, number>();
  /** What each sweep's line and groups said when they were last drawn. */
  private readonly drawn = new Map<string, string>();
  private ageTimer: Disposable | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly options: SweepTreeOptions) {
    this.store.add(
      options.onDidChange((change) => {
        this.refresh(change);
      }),
    );
    this.checkAgesLater();
  }

  getChildren(parent?: SweepNode): SweepNode[] {
    switch (parent?.kind) {
      case undefined:
        return this.options.facade.sweeps().map(({ id }) => this.intern({ kind: 'sweep', sweepId: id }));
      case 'sweep':
        return TASK_GROUPS.map((group) => this.intern({ kind: 'group', sweepId: parent.sweepId, group }));
      case 'group':
        return this.tasksOf(parent.sweepId, parent.group);
      case 'task':
        return this.filesOf(parent);
      case 'file':
      case 'more':
        return [];
    }
  }

  getParent(node: SweepNode): SweepNode | undefined {
    const parent = parentOf(node);
    return parent && this.intern(parent);
  }

  getTreeItem(node: SweepNode): vscode.TreeItem {
    return this.options.toTreeItem(this.itemOf(node));
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    node: SweepNode,
    token?: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    if (node.kind !== 'task') return item;
    const details = await this.options.facade.task(node.sweepId, node.task);
    if (!token?.isCancellationRequested) item.tooltip = taskTooltip(this.options.l10n, details);
    return item;
  }

  /** Shows the next page of a group. */
  showMore(sweepId: string, group: TaskGroup): void {
    const node: SweepNode = { kind: 'group', sweepId, group };
    this.pages.set(nodeId(node), this.pagesOf(sweepId, group) + 1);
    this.changed.fire(this.intern(node));
  }

  /** Draws everything anew, without waiting for the gathered changes. */
  redraw(): void {
    this.nodes = new Map();
    this.changed.fire(undefined);
  }

  /** The line of a sweep, to reveal it. */
  sweepNode(sweepId: string): SweepNode {
    return this.intern({ kind: 'sweep', sweepId });
  }

  dispose(): void {
    this.ageTimer?.dispose();
    this.store.dispose();
  }

  private tasksOf(sweepId: string, group: TaskGroup): SweepNode[] {
    const { facade } = this.options;
    const limit = this.pagesOf(sweepId, group) * PAGE_SIZE;
    const tasks = facade.tasks(sweepId, { states: statesOf(group), limit, withParameters: true });
    const nodes = tasks.map((task) => this.intern({ kind: 'task', sweepId, group, task: task.number }));
    const sweep = this.sweep(sweepId);
    const hasMore = sweep !== undefined && this.hiddenIn(sweep, group) > 0;
    return hasMore ? [...nodes, this.intern({ kind: 'more', sweepId, group })] : nodes;
  }

  private filesOf({ sweepId, group, task }: TaskNode): SweepNode[] {
    const summary = findTask(this.options.facade, sweepId, task);
    if (!summary || !hasStarted(summary)) return [];
    return TASK_FILES.filter((file) => file !== 'summary' || isFailure(summary.state)).map((file) =>
      this.intern({ kind: 'file', sweepId, group, task, file }),
    );
  }

  private itemOf(node: SweepNode): ItemData {
    const { l10n, clock } = this.options;
    const sweep = this.sweep(node.sweepId);
    if (!sweep) return goneItem(l10n, node);
    switch (node.kind) {
      case 'sweep':
        this.drawn.set(sweep.id, this.drawing(sweep));
        return sweepItem(l10n, sweep, clock.now());
      case 'group':
        return groupItem(l10n, sweep, node.group);
      case 'task': {
        const task = findTask(this.options.facade, sweep.id, node.task);
        return task ? taskItem(l10n, node, task) : goneItem(l10n, node);
      }
      case 'file':
        return fileItem(l10n, node);
      case 'more':
        return moreItem(l10n, node, this.hiddenIn(sweep, node.group));
    }
  }

  private refresh(change: Change): void {
    if (change.sweepList) {
      this.redraw();
      return;
    }
    for (const [sweepId, tasks] of change.sweeps ?? []) {
      for (const node of this.changedNodes(sweepId, tasks)) this.changed.fire(node);
    }
  }

  /** VS Code redraws what is below a line with it, so a sweep's line stands for all of it. */
  private changedNodes(sweepId: string, tasks: readonly number[] | undefined): SweepNode[] {
    const sweep = this.sweep(sweepId);
    if (!sweep) return [];
    if (!tasks || this.looksDifferent(sweep)) return [this.sweepNode(sweepId)];
    return tasks.flatMap((task) => this.knownTaskNodes(sweepId, task));
  }

  private looksDifferent(sweep: SweepSummary): boolean {
    return this.drawn.get(sweep.id) !== this.drawing(sweep);
  }

  /** Everything that the lines of a sweep and its groups say. */
  private drawing(sweep: SweepSummary): string {
    const { l10n, clock } = this.options;
    const groups = TASK_GROUPS.map((group) => groupItem(l10n, sweep, group));
    return JSON.stringify([sweepItem(l10n, sweep, clock.now()), groups]);
  }

  private knownTaskNodes(sweepId: string, task: number): SweepNode[] {
    return TASK_GROUPS.flatMap((group) => {
      const node = this.nodes.get(nodeId({ kind: 'task', sweepId, group, task }));
      return node ? [node] : [];
    });
  }

  private checkAgesLater(): void {
    this.ageTimer = this.options.clock.after(AGE_CHECK_MS, () => {
      for (const sweep of this.options.facade.sweeps()) {
        if (isSweepOver(sweep.state) || !this.drawn.has(sweep.id)) continue;
        if (this.looksDifferent(sweep)) this.changed.fire(this.sweepNode(sweep.id));
      }
      this.checkAgesLater();
    });
  }

  private sweep(sweepId: string): SweepSummary | undefined {
    return this.options.facade.sweep(sweepId);
  }

  private hiddenIn({ id, counts }: SweepSummary, group: TaskGroup): number {
    return countOf(group, counts) - this.pagesOf(id, group) * PAGE_SIZE;
  }

  private pagesOf(sweepId: string, group: TaskGroup): number {
    return this.pages.get(nodeId({ kind: 'group', sweepId, group })) ?? 1;
  }

  private intern(node: SweepNode): SweepNode {
    const id = nodeId(node);
    const known = this.nodes.get(id);
    if (known) return known;
    this.nodes.set(id, node);
    return node;
  }
}

/** A line whose sweep or task vanished between two questions of VS Code; the next redraw takes it away. */
function goneItem(l10n: L10n, node: SweepNode): ItemData {
  const label = l10n.t('No longer there');
  return { id: nodeId(node), label, contextValue: 'gone', accessibleLabel: label, children: 'none' };
}
