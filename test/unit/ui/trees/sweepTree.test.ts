import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { FailureGroup } from '../../../../src/core/analysis/failure';
import { FailureCauses } from '../../../../src/ui/state/failureCauses';
import type { ItemData } from '../../../../src/ui/trees/itemData';
import { nodeId, type SweepNode } from '../../../../src/ui/trees/sweepNode';
import { SweepTree } from '../../../../src/ui/trees/sweepTree';
import { FakeFacade } from '../../../support/fakeFacade';
import { ManualClock } from '../../../support/manualClock';
import { plainL10n } from '../../../support/plainL10n';

function setUp(): { facade: FakeFacade; tree: SweepTree; fired: (string | undefined)[]; clock: ManualClock } {
  const facade = new FakeFacade();
  const clock = new ManualClock();
  const tree = new SweepTree({
    facade,
    onDidChange: facade.onDidChange,
    l10n: plainL10n,
    clock,
    causes: new FailureCauses(facade, facade.onDidChange, clock, (error) => {
      throw error;
    }),
    // The tests look at the data; only `tooltip` is set later.
    toTreeItem: (data: ItemData) => ({ ...data }) as unknown as vscode.TreeItem,
  });
  const fired: (string | undefined)[] = [];
  tree.onDidChangeTreeData((node) => fired.push(node && nodeId(node)));
  return { facade, tree, fired, clock };
}

/** Asks for everything, as a view with all lines open does, and gives the ids. */
function draw(tree: SweepTree, parent?: SweepNode): string[] {
  return tree.getChildren(parent).flatMap((node) => {
    tree.getTreeItem(node);
    return [nodeId(node), ...draw(tree, node)];
  });
}

function find(tree: SweepTree, id: string, parent?: SweepNode): SweepNode {
  for (const node of tree.getChildren(parent)) {
    if (nodeId(node) === id) return node;
    if (id.startsWith(`${nodeId(node)}/`)) return find(tree, id, node);
  }
  throw new Error(`There is no line ${id}.`);
}

describe('the Sweeps view', () => {
  it('shows sweeps, then all four groups, then tasks, then files', () => {
    const { facade, tree } = setUp();
    facade.addSweep({ tasks: { failed: 1, running: 1, waiting: 1 } });
    assert.deepEqual(draw(tree), [
      'lr_1',
      'lr_1/failed',
      'lr_1/failed/3',
      'lr_1/failed/3/summary',
      'lr_1/failed/3/stdout',
      'lr_1/failed/3/stderr',
      'lr_1/failed/3/params',
      'lr_1/running',
      'lr_1/running/2',
      'lr_1/running/2/stdout',
      'lr_1/running/2/stderr',
      'lr_1/running/2/params',
      'lr_1/queued',
      'lr_1/queued/1',
      'lr_1/done',
    ]);
  });

  it('gives no id twice, even while a task changes between two groups', () => {
    const { facade, tree } = setUp();
    facade.addSweep({ tasks: { running: 1 } });
    const before = tree.getChildren(find(tree, 'lr_1/running')).map(nodeId);
    facade.setTask('lr_1', 1, { state: 'failed' });
    const after = tree.getChildren(find(tree, 'lr_1/failed')).map(nodeId);
    assert.deepEqual([before, after], [['lr_1/running/1'], ['lr_1/failed/1']]);
  });

  it('gives the same object for the same line, which VS Code needs to redraw it', () => {
    const { facade, tree } = setUp();
    facade.addSweep({ tasks: { running: 1 } });
    const task = find(tree, 'lr_1/running/1');
    assert.equal(find(tree, 'lr_1/running/1'), task);
    assert.equal(tree.getParent(task), find(tree, 'lr_1/running'));
  });

  it('shows a hundred tasks of a group and the rest on demand', () => {
    const { facade, tree, fired } = setUp();
    facade.addSweep({ tasks: { succeeded: 250 } });
    const group = find(tree, 'lr_1/done');
    assert.equal(tree.getChildren(group).length, 101);
    const more = find(tree, 'lr_1/done/more');
    assert.equal((tree.getTreeItem(more) as unknown as ItemData).description, '150 not shown');

    tree.showMore({ sweepId: 'lr_1', group: 'done' });
    assert.equal(fired.at(-1), 'lr_1/done');
    tree.showMore({ sweepId: 'lr_1', group: 'done' });
    assert.equal(tree.getChildren(group).length, 250);
  });

  it('offers no more when a page is exactly full', () => {
    const { facade, tree } = setUp();
    facade.addSweep({ tasks: { succeeded: 100 } });
    assert.equal(tree.getChildren(find(tree, 'lr_1/done')).length, 100);
  });

  it('redraws everything when sweeps come or go', () => {
    const { facade, tree, fired } = setUp();
    facade.addSweep();
    draw(tree);
    facade.removeSweep('lr_1');
    assert.deepEqual(fired, [undefined, undefined]);
    assert.deepEqual(draw(tree), []);
  });

  it('redraws only the sweep whose counts changed', () => {
    const { facade, tree, fired } = setUp();
    facade.addSweep({ id: 'a', tasks: { running: 1 } });
    facade.addSweep({ id: 'b', tasks: { running: 1 } });
    draw(tree);
    fired.length = 0;
    facade.setTask('a', 1, { state: 'succeeded' });
    assert.deepEqual(fired, ['a']);
  });

  it('redraws only the task when the lines above it stay as they are', () => {
    const { facade, tree, fired } = setUp();
    facade.addSweep({ tasks: { running: 2 } });
    draw(tree);
    fired.length = 0;
    facade.setTask('lr_1', 2, { attempt: 2 });
    assert.deepEqual(fired, ['lr_1/running/2']);
  });

  it('redraws nothing for a task that is not shown', () => {
    const { facade, tree, fired } = setUp();
    facade.addSweep({ tasks: { succeeded: 150 } });
    draw(tree);
    fired.length = 0;
    facade.setTask('lr_1', 140, { source: 'elsewhere' });
    assert.deepEqual(fired, []);
  });

  it('redraws the sweep when too many tasks changed to name them', () => {
    const { facade, tree, fired } = setUp();
    facade.addSweep({ tasks: { running: 2 } });
    draw(tree);
    fired.length = 0;
    facade.fire({ sweeps: new Map([['lr_1', undefined]]) });
    assert.deepEqual(fired, ['lr_1']);
  });

  it('redraws an active sweep when its news grow old, with no change from the engine', async () => {
    const { facade, tree, fired, clock } = setUp();
    facade.addSweep({ tasks: { running: 1 }, more: { lastNewsAtMs: clock.now() } });
    draw(tree);
    fired.length = 0;
    await clock.advance(90_000);
    assert.deepEqual(fired, []);
    await clock.advance(60_000);
    assert.equal(fired[0], 'lr_1');
    tree.dispose();
  });

  it('says of a line whose task vanished that it is no longer there', () => {
    const { facade, tree } = setUp();
    facade.addSweep({ tasks: { running: 1 } });
    const task = find(tree, 'lr_1/running/1');
    facade.removeSweep('lr_1');
    assert.equal((tree.getTreeItem(task) as unknown as ItemData).label, 'No longer there');
  });

  it('finds the parameters of a task when its tooltip is asked for', async () => {
    const { facade, tree } = setUp();
    facade.addSweep({ tasks: { running: 1 } });
    const task = find(tree, 'lr_1/running/1');
    const item = await tree.resolveTreeItem(tree.getTreeItem(task), task);
    assert.match(item.tooltip as string, /lr: 0\.1/);
  });

  it('asks the engine for no more tasks than it shows', () => {
    const { facade, tree } = setUp();
    facade.addSweep({ tasks: { succeeded: 1000 } });
    const group = find(tree, 'lr_1/done');
    const answers: number[] = [];
    const ask = facade.tasks.bind(facade);
    facade.tasks = (...query) => {
      const answer = ask(...query);
      answers.push(answer.length);
      return answer;
    };
    for (const node of tree.getChildren(group)) tree.getTreeItem(node);
    assert.equal(Math.max(...answers), 100);
  });

  describe('with the causes of failures', () => {
    const group = (signature: string, tasks: readonly number[]): FailureGroup => ({
      signature,
      title: `ValueError: ${signature}`,
      tasks,
    });

    async function setUpCauses(groups: readonly FailureGroup[]): Promise<ReturnType<typeof setUp>> {
      const parts = setUp();
      parts.facade.groups = groups;
      parts.facade.addSweep({ tasks: { failed: 5, running: 1 } });
      // Asked for, then known.
      parts.tree.getChildren(find(parts.tree, 'lr_1/failed'));
      parts.fired.length = 0;
      await parts.clock.advance(0);
      return parts;
    }

    it('puts failed tasks below their causes, the biggest first', async () => {
      const { tree, fired } = await setUpCauses([group('a', [2, 3, 4]), group('b', [5, 6])]);
      assert.deepEqual(fired, ['lr_1/failed']);
      const ids = draw(tree, find(tree, 'lr_1/failed')).filter((id) => !/summary|std|params/.test(id));
      assert.deepEqual(ids, [
        'lr_1/failed/cause a',
        'lr_1/failed/cause a/2',
        'lr_1/failed/cause a/3',
        'lr_1/failed/cause a/4',
        'lr_1/failed/cause b',
        'lr_1/failed/cause b/5',
        'lr_1/failed/cause b/6',
      ]);
      for (const id of ['lr_1/failed/cause a', 'lr_1/failed/cause a/3', 'lr_1/failed/cause a/3/stderr']) {
        assert.equal(
          nodeId(tree.getParent(find(tree, id)) ?? { kind: 'sweep', sweepId: '' }),
          id.slice(0, id.lastIndexOf('/')),
        );
      }
      const { label, description, contextValue } = tree.getTreeItem(
        find(tree, 'lr_1/failed/cause b'),
      ) as unknown as ItemData;
      assert.deepEqual([label, description, contextValue], ['ValueError: b', '2 tasks', 'cause']);
    });

    it('finds the causes when the line above them is drawn, before it is opened', async () => {
      const { facade, tree, fired, clock } = setUp();
      facade.groups = [group('a', [2, 3]), group('b', [4])];
      facade.addSweep({ tasks: { failed: 3, running: 1 } });
      tree.getTreeItem(find(tree, 'lr_1/failed'));
      fired.length = 0;
      await clock.advance(0);
      assert.deepEqual(fired, ['lr_1/failed']);
    });

    it('leaves out what is failed no more, and redraws a task where it stands', async () => {
      const { facade, tree, fired } = await setUpCauses([
        group('a', [2, 3, 4]),
        group('b', [5]),
        group('c', [6]),
      ]);
      draw(tree);
      facade.setTask('lr_1', 6, { state: 'running' });
      const ids = tree.getChildren(find(tree, 'lr_1/failed')).map(nodeId);
      assert.deepEqual(ids, ['lr_1/failed/cause a', 'lr_1/failed/cause b']);
      draw(tree);
      fired.length = 0;
      facade.setTask('lr_1', 3, { state: 'failed', reason: 'exit code 4' });
      assert.ok(fired.includes('lr_1/failed/cause a/3'), fired.join());
    });

    it('shows a single cause as the tasks themselves', async () => {
      const { tree } = await setUpCauses([group('a', [2, 3, 4, 5, 6])]);
      assert.deepEqual(tree.getChildren(find(tree, 'lr_1/failed')).map(nodeId).slice(0, 2), [
        'lr_1/failed/2',
        'lr_1/failed/3',
      ]);
    });
  });
});
