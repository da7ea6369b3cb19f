import type * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock';
import { Emitter, type Event } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import { isSweepOver } from '../../core/engine/taskState';
import type { Change, SweepFacade, SweepSummary } from '../../core/facade';
import { findTask } from '../state/taskLookup';
import type { FailureCauses } from '../state/failureCauses';
import type { L10n } from '../text/l10n';
import type { ItemData } from './itemData';
import { groupItem, sweepItem } from './sweepItems';
import { causeItem, shownCauses, type ShownCause } from './causeItems';
import {
  nodeId,
  parentOf,
  placeNode,
  TASK_FILES,
  taskNode,
  type SweepNode,
  type TaskNode,
  type TaskPlace,
} from './sweepNode';
import { countOf, isFailure, statesOf, TASK_GROUPS } from './taskGroup';
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
  /** Why tasks failed. Without them failed tasks stand below each other. */
  readonly causes?: Pick<FailureCauses, 'groupsOf' | 'onDidChange'>;
}

/** The Sweeps view: sweep → groups → causes of failures → tasks → files. Holds how many pages are open, and asks the engine for the rest. */
export class SweepTree implements vscode.TreeDataProvider<SweepNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<SweepNode | undefined>());
  /** VS Code knows a line by its object, so equal lines must be the same object. */
  private nodes = new Map<string, SweepNode>();
  private readonly pages = new Map<string, number>();
  /** What each sweep's line and groups said when they were last drawn. */
  private readonly drawn = new Map<string, string>();
  /** Signatures of the causes that a sweep's failed tasks stood below when they were drawn. */
  private readonly causesShown = new Map<string, readonly string[]>();
  private ageTimer: Disposable | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly options: SweepTreeOptions) {
    this.store.add(
      options.onDidChange((change) => {
        this.refresh(change);
      }),
    );
    if (options.causes) {
      this.store.add(
        options.causes.onDidChange((sweepId) => {
          this.changed.fire(this.intern({ kind: 'group', sweepId, group: 'failed' }));
        }),
      );
    }
    this.checkAgesLater();
  }

  getChildren(parent?: SweepNode): SweepNode[] {
    switch (parent?.kind) {
      case undefined:
        return this.options.facade.sweeps().map(({ id }) => this.intern({ kind: 'sweep', sweepId: id }));
      case 'sweep':
        return TASK_GROUPS.map((group) => this.intern({ kind: 'group', sweepId: parent.sweepId, group }));
      case 'group':
        return this.causesOf(parent) ?? this.tasksOf(parent);
      case 'cause':
        return this.tasksOf(parent);
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
  showMore(place: TaskPlace): void {
    const node = placeNode(place);
    this.pages.set(nodeId(node), this.pagesOf(place) + 1);
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

  /** Undefined when the group's tasks stand in it themselves. */
  private causesOf({ sweepId, group }: TaskPlace): SweepNode[] | undefined {
    if (group !== 'failed') return undefined;
    const causes = this.causes(sweepId);
    this.causesShown.set(
      sweepId,
      causes.map((cause) => cause.group.signature),
    );
    if (causes.length === 0) return undefined;
    return causes.map((cause) =>
      this.intern({ kind: 'cause', sweepId, group: 'failed', cause: cause.group.signature }),
    );
  }

  private tasksOf(place: TaskPlace): SweepNode[] {
    const { sweepId, group, cause } = place;
    const limit = this.pagesOf(place) * PAGE_SIZE;
    const tasks =
      cause === undefined
        ? this.options.facade.tasks(sweepId, { states: statesOf(group), limit }).map(({ number }) => number)
        : (this.cause(place)?.tasks.slice(0, limit) ?? []);
    const nodes = tasks.map((task) => this.intern(taskNode(place, task)));
    const more: SweepNode = { ...placeOf(place), kind: 'more' };
    return this.hiddenIn(place) > 0 ? [...nodes, this.intern(more)] : nodes;
  }

  private causes(sweepId: string): readonly ShownCause[] {
    return shownCauses(this.options.facade, this.options.causes, sweepId);
  }

  private cause({ sweepId, cause }: TaskPlace): ShownCause | undefined {
    return this.causes(sweepId).find(({ group }) => group.signature === cause);
  }

  private filesOf(node: TaskNode): SweepNode[] {
    const summary = findTask(this.options.facade, node.sweepId, node.task);
    if (!summary || !hasStarted(summary)) return [];
    return TASK_FILES.filter((file) => file !== 'summary' || isFailure(summary.state)).map((file) =>
      this.intern({ ...node, kind: 'file', file }),
    );
  }

  private itemOf(node: SweepNode): ItemData {
    const { l10n, clock, causes } = this.options;
    const sweep = this.sweep(node.sweepId);
    if (!sweep) return goneItem(l10n, node);
    switch (node.kind) {
      case 'sweep':
        this.drawn.set(sweep.id, this.drawing(sweep));
        return sweepItem(l10n, sweep, clock.now());
      case 'group':
        // Asked for before the line is opened: VS Code loses a change that comes while it fetches what is below.
        if (node.group === 'failed' && countOf('failed', sweep.counts) > 0) causes?.groupsOf(sweep.id);
        return groupItem(l10n, sweep, node.group);
      case 'cause': {
        const cause = this.cause(node);
        return cause ? causeItem(l10n, node, cause) : goneItem(l10n, node);
      }
      case 'task': {
        const task = findTask(this.options.facade, sweep.id, node.task);
        return task ? taskItem(l10n, node, task) : goneItem(l10n, node);
      }
      case 'file':
        return fileItem(l10n, node);
      case 'more':
        return moreItem(l10n, node, this.hiddenIn(node));
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
    const inGroups = TASK_GROUPS.map((group) => taskNode({ sweepId, group }, task));
    const inCauses = (this.causesShown.get(sweepId) ?? []).map((cause) =>
      taskNode({ sweepId, group: 'failed', cause }, task),
    );
    return [...inGroups, ...inCauses].flatMap((node) => this.nodes.get(nodeId(node)) ?? []);
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

  private hiddenIn(place: TaskPlace): number {
    const counts = this.sweep(place.sweepId)?.counts;
    if (!counts) return 0;
    const count =
      place.cause === undefined ? countOf(place.group, counts) : (this.cause(place)?.tasks.length ?? 0);
    return count - this.pagesOf(place) * PAGE_SIZE;
  }

  private pagesOf(place: TaskPlace): number {
    return this.pages.get(nodeId(placeNode(place))) ?? 1;
  }

  private intern(node: SweepNode): SweepNode {
    const id = nodeId(node);
    const known = this.nodes.get(id);
    if (known) return known;
    this.nodes.set(id, node);
    return node;
  }
}

function placeOf({ sweepId, group, cause }: TaskPlace): TaskPlace {
  return { sweepId, group, ...(cause !== undefined && { cause }) };
}

/** A line whose sweep or task vanished between two questions of VS Code; the next redraw takes it away. */
function goneItem(l10n: L10n, node: SweepNode): ItemData {
  const label = l10n.t('No longer there');
  return { id: nodeId(node), label, contextValue: 'gone', accessibleLabel: label, children: 'none' };
}
