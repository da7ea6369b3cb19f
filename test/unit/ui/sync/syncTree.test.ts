import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { Comparison } from '../../../../src/core/sync/comparison';
import type { History } from '../../../../src/core/sync/sideState';
import type { SyncSummary } from '../../../../src/core/sync/syncFacade';
import type { SyncItem } from '../../../../src/ui/sync/syncItems';
import type { SyncNode } from '../../../../src/ui/sync/syncNode';
import { SyncTicks } from '../../../../src/ui/sync/syncTicks';
import { SyncTree } from '../../../../src/ui/sync/syncTree';
import { FakeFacade } from '../../../support/fakeFacade';
import { plainL10n } from '../../../support/plainL10n';
import { compare, gitSide, sameCommit } from '../../core/sync/sides';

const HEAD = {
  'train.py': '1',
  'model.py': '1',
  'conf/lr.yaml': '1',
  'both.py': '1',
  'old.py': '1',
  'gone.py': '1',
};

/** Something of every group. */
const MIXED = sameCommit(
  HEAD,
  { 'train.py': '2', 'src/new.py': 'new', 'both.py': '2', 'old.py': undefined },
  { 'model.py': '3', 'conf/lr.yaml': '3', 'both.py': '3', 'gone.py': undefined },
);

interface SetUp {
  readonly facade: FakeFacade;
  readonly ticks: SyncTicks;
  readonly tree: SyncTree;
}

function setUp(summary: Partial<SyncSummary>): SetUp {
  const facade = new FakeFacade();
  facade.sync.set({ source: 'gpubox', ...summary });
  const ticks = new SyncTicks();
  const toTreeItem = (item: SyncItem): vscode.TreeItem => item as unknown as vscode.TreeItem;
  return { facade, ticks, tree: new SyncTree({ facade, ticks, l10n: plainL10n, toTreeItem }) };
}

function itemOf(tree: SyncTree, node: SyncNode): SyncItem {
  return tree.getTreeItem(node) as unknown as SyncItem;
}

/** All lines, as `[x] To Push | 2 files · selected`, those below others indented. */
function lines(tree: SyncTree, parent?: SyncNode, indent = ''): string[] {
  return tree.getChildren(parent).flatMap((node) => {
    const { label, description, isTicked } = itemOf(tree, node);
    const box = isTicked === undefined ? '' : isTicked ? '[x] ' : '[ ] ';
    const line = indent + box + [label, description].filter(Boolean).join(' | ');
    return [line, ...lines(tree, node, `${indent}  `)];
  });
}

const group = (name: 'push' | 'pull' | 'conflicts' | 'deleted'): SyncNode => ({
  kind: 'group',
  source: 'gpubox',
  group: name,
});

describe('the Sync view', () => {
  it('offers to compare a checkout of which nothing is known', () => {
    const { tree } = setUp({});
    assert.deepEqual(lines(tree), ['gpubox | not compared yet', '  Not compared yet | click to compare']);
    const [remote] = tree.getChildren();
    const [fact] = tree.getChildren(remote);
    assert.deepEqual(fact && itemOf(tree, fact).command, {
      id: 'hsm.sync.compare',
      args: [{ source: 'gpubox' }],
    });
  });

  it('groups what differs, with boxes for what goes one way, deletes and code edited there unticked', () => {
    assert.deepEqual(lines(setUp({ comparison: MIXED }).tree), [
      `gpubox | ${MIXED.verdict}`,
      '  [x] To Push | 2 files · selected',
      '    [x] new.py | src · new here',
      '    [x] train.py',
      '  [ ] To Pull | 2 files · 1 selected',
      '    [x] lr.yaml | conf · config',
      '    [ ] model.py',
      '  Conflicts | 1 file',
      '    both.py',
      '  [ ] Deleted | 2 files · not selected',
      '    [ ] gone.py | deleted there',
      '    [ ] old.py | deleted here',
    ]);
  });

  it('takes the user’s ticks, also of a whole group', () => {
    const { tree, ticks } = setUp({ comparison: MIXED });
    tree.tick([
      [group('pull'), true],
      [{ kind: 'file', source: 'gpubox', group: 'push', path: 'train.py' }, false],
      [group('conflicts'), true],
    ]);
    assert.deepEqual(ticks.ticked(MIXED), {
      push: ['src/new.py'],
      pull: ['conf/lr.yaml', 'model.py'],
    });
  });

  it('keeps a tick only for the state that it was given in', () => {
    const { tree, ticks } = setUp({ comparison: MIXED });
    tree.tick([[{ kind: 'file', source: 'gpubox', group: 'deleted', path: 'old.py' }, true]]);
    assert.deepEqual(ticks.ticked(MIXED).push, ['old.py', 'src/new.py', 'train.py']);
    const later = sameCommit(HEAD, { 'old.py': undefined }, { 'old.py': '9' });
    assert.deepEqual(
      later.files.map(({ verdict }) => verdict),
      ['conflict'],
    );
    assert.deepEqual(ticks.ticked(later).push, []);
  });

  it('lists commits before the files that go with them, which have no box', () => {
    const ahead: History = {
      relation: 'ahead',
      ahead: 2,
      behind: 0,
      localChanges: new Map([
        ['model.py', { before: { kind: 'absent' }, after: { kind: 'object', oid: 'a', mode: '100644' } }],
      ]),
      remoteChanges: new Map(),
    };
    const comparison: Comparison = compare({
      local: gitSide({ 'model.py': '2' }, {}, [], { head: 'b'.repeat(40) }),
      remote: gitSide({}, {}, []),
      history: ahead,
    });
    const { tree, ticks } = setUp({ comparison });
    assert.deepEqual(lines(tree).slice(1), [
      '  [x] To Push | 2 commits · 1 file · selected',
      '    [x] 2 commits | with the files that they change',
      '    model.py | new here · goes with the commits',
    ]);
    tree.tick([[{ kind: 'commits', source: 'gpubox', group: 'push' }, false]]);
    assert.deepEqual(ticks.ticked(comparison), { push: [], pull: [] });
  });

  it('says what is under way, what went wrong, and which tasks run there', () => {
    const busy = setUp({ phase: 'pushing', progress: { text: 'Sending 2 files' } });
    assert.deepEqual(lines(busy.tree), ['gpubox | Sending 2 files…']);
    const broken = setUp({ error: 'box does not answer.\u001b[31m', runningTasks: 3 });
    assert.deepEqual(lines(broken.tree).slice(1), [
      '  box does not answer. | click to compare again',
      '  3 tasks run from this checkout',
    ]);
  });

  it('lets nothing in a name of the host reach the screen but text', () => {
    const name = 'a\u202etxt.\u001b[31mpy';
    const { tree } = setUp({ comparison: sameCommit({}, {}, { [name]: 'x' }) });
    const item = itemOf(tree, { kind: 'file', source: 'gpubox', group: 'pull', path: name });
    assert.equal(item.label, 'atxt.py');
    assert.doesNotMatch(
      JSON.stringify([item.description, item.tooltip, item.accessibleLabel]),
      /u202e|u001b/,
    );
  });

  it('says to a screen reader where a file is and what became of it', () => {
    const { tree } = setUp({ comparison: MIXED });
    const item = itemOf(tree, { kind: 'file', source: 'gpubox', group: 'push', path: 'src/new.py' });
    assert.equal(item.accessibleLabel, 'src/new.py, to push, src, new here');
  });

  it('lists at most 500 files of a group, and ticks all of them', () => {
    const many = Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`f${i}.py`, 'x']));
    const comparison = sameCommit({}, many, {});
    const { tree, ticks } = setUp({ comparison });
    assert.equal(tree.getChildren(group('push')).length, 501);
    assert.match(lines(tree).at(-1) ?? '', /^ {4}and 200 files more/);
    tree.tick([[group('push'), false]]);
    assert.deepEqual(ticks.ticked(comparison).push, []);
    tree.tick([[group('push'), true]]);
    assert.equal(ticks.ticked(comparison).push.length, 700);
  });

  it('draws only the checkout anew that changed, by the object that VS Code knows, and all when there are others', () => {
    const { tree, facade } = setUp({ comparison: MIXED });
    facade.sync.set({ source: 'other' });
    const [gpubox, other] = tree.getChildren();
    const drawn: (SyncNode | undefined)[] = [];
    tree.onDidChangeTreeData((node) => drawn.push(node));
    facade.sync.set({ source: 'other', phase: 'comparing' });
    assert.equal(drawn.length, 1);
    assert.equal(drawn[0], other);
    assert.equal(tree.getChildren()[0], gpubox);
    facade.sync.set({ source: 'other', phase: 'comparing', comparedAtMs: 1 });
    assert.equal(drawn.length, 1, 'nothing else is to be seen');
    facade.sync.set({ source: 'third' });
    assert.deepEqual(drawn.slice(1), [undefined]);
  });
});
