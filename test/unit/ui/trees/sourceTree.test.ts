import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { ConnectionState } from '../../../../src/core/compute/hostConnections';
import type { SourceSummary } from '../../../../src/core/facade';
import type { ItemData } from '../../../../src/ui/trees/itemData';
import type { SourceNode } from '../../../../src/ui/trees/sourceItems';
import { SourceTree } from '../../../../src/ui/trees/sourceTree';
import { FakeFacade } from '../../../support/fakeFacade';
import { plainL10n } from '../../../support/plainL10n';

function setUp(source: Partial<SourceSummary>): { facade: FakeFacade; tree: SourceTree } {
  const facade = new FakeFacade();
  facade.sourceList.splice(0, 1, { name: 'gpubox', type: 'ssh', slots: 2, active: 1, ...source });
  const tree = new SourceTree({
    facade,
    onDidChange: facade.onDidChange,
    l10n: plainL10n,
    toTreeItem: (data: ItemData) => data as unknown as vscode.TreeItem,
  });
  return { facade, tree };
}

function itemsOf(tree: SourceTree, parent?: SourceNode): ItemData[] {
  return tree.getChildren(parent).map((node) => tree.getTreeItem(node) as unknown as ItemData);
}

/** The lines below the only source: what each says. */
function factsOf(tree: SourceTree): string[] {
  return itemsOf(tree, tree.getChildren()[0]).map(({ label, description }) =>
    description === undefined ? label : `${label} | ${description}`,
  );
}

const SICK = {
  state: 'unhealthy',
  problems: ['python3 was not found.'],
  latencyMs: 4.4,
  disk: { freeBytes: 2 ** 30, totalBytes: 4 * 2 ** 30 },
  gpus: [{ index: 0, name: 'A100', free: false }],
  load: { oneMinute: 1.5, cores: 8 },
} as const;

describe('the Compute view', () => {
  it('shows a source with its host and how full it is', () => {
    const [item] = itemsOf(setUp({ host: 'gpu01' }).tree);
    assert.equal(item?.description, 'ssh gpu01 · not connected · 1 of 2 slots in use');
    assert.equal(item.contextValue, 'source ssh untested disconnected');
    assert.equal(item.children, 'expanded');
  });

  it('does not say twice that a source is on the host that it is named after', () => {
    const [item] = itemsOf(setUp({ host: 'gpubox' }).tree);
    assert.equal(item?.description, 'ssh · not connected · 1 of 2 slots in use');
  });

  it('says in words that the slots are not known before a look at the host', () => {
    const describe = (active: number): string | undefined => {
      const { facade, tree } = setUp({});
      facade.sourceList.splice(0, 1, { name: 'gpubox', type: 'ssh', active });
      return itemsOf(tree)[0]?.description;
    };
    assert.equal(describe(0), 'ssh · slots not known yet');
    assert.equal(describe(2), 'ssh · 2 in use, slots not known yet');
  });

  it('does not say twice that the local source is local', () => {
    const [item] = itemsOf(setUp({ name: 'local', type: 'local' }).tree);
    assert.equal(item?.description, '1 of 2 slots in use');
    assert.equal(item.contextValue, 'source local untested');
  });

  it('offers to test a source that was not tested yet', () => {
    const { tree } = setUp({});
    assert.deepEqual(factsOf(tree), ['Not tested yet | click to test']);
    const [item] = itemsOf(tree, tree.getChildren()[0]);
    assert.deepEqual(item?.command, { id: 'hsm.source.test', args: [{ name: 'gpubox' }] });
  });

  it('shows what the last test found, problems first', () => {
    assert.deepEqual(factsOf(setUp({ health: SICK }).tree), [
      'python3 was not found.',
      'GPU 0: A100 | in use',
      'Load 1.5 on 8 cores',
      '1.0 GiB of 4.0 GiB disk free',
    ]);
  });

  it('shows everything else that a test can find', () => {
    const health = {
      ...SICK,
      problems: [],
      gpus: [
        { index: 0, name: 'A100', free: true },
        {
          ...{ index: 1, name: 'A100', free: false, users: ['ada: python (4711)'] },
          ...{ usedMiB: 38_200, totalMiB: 40_960, utilization: 97 },
        },
      ],
      memory: { freeBytes: 3 * 2 ** 30, totalBytes: 8 * 2 ** 30 },
      disk: { ...SICK.disk, freeInodes: 500 },
      clockOffsetMs: -3_000,
      tools: { rsync: 'rsync  version 3.2.7  protocol version 31', git: '/opt/git-2.1/git' },
    } as const;
    assert.deepEqual(factsOf(setUp({ health }).tree), [
      'GPU 0: A100 | free',
      'GPU 1: A100 | 37 GiB of 40 GiB · 97 % busy · in use by ada: python (4711)',
      'Load 1.5 on 8 cores',
      '3.0 GiB of 8.0 GiB memory free',
      '1.0 GiB of 4.0 GiB disk free, room for 500 files',
      'The clock there is 3 s behind',
      'Tools: rsync 3.2.7, git',
    ]);
  });

  it('says nothing of a clock that is nearly right', () => {
    const health = { state: 'healthy', problems: [], latencyMs: 1, clockOffsetMs: 1_999 } as const;
    assert.deepEqual(factsOf(setUp({ health }).tree), []);
  });

  it('shows which tasks of the project hold which graphics card, also before a test', () => {
    const { facade, tree } = setUp({ gpuUse: [{ gpu: 3, sweepId: 'lr_1', task: 12 }] });
    facade.addSweep();
    assert.deepEqual(factsOf(tree), ['GPU 3 | 1 task of this project', 'Not tested yet | click to test']);
    const [gpu] = tree.getChildren(tree.getChildren()[0]);
    const [task] = itemsOf(tree, gpu);
    assert.equal(task?.accessibleLabel, 'Task 12 of lr on GPU 3');
    assert.equal(task.command?.id, 'hsm.task.openStdout');
  });

  it('says health in words besides the icon', () => {
    const [item] = itemsOf(setUp({ health: SICK }).tree);
    assert.equal(item?.description, 'ssh · 1 of 2 slots in use · unhealthy · answered in 4 ms');
    assert.equal(item.contextValue, 'source ssh unhealthy');
  });

  it('keeps out of its lines what a terminal would obey', () => {
    const health = { ...SICK, gpus: [], problems: ['bad\u001b[31m \u202etxet'] };
    assert.equal(factsOf(setUp({ health }).tree)[0], 'bad txet');
  });

  it('is drawn again only when sources or connections change', () => {
    const { facade, tree } = setUp({});
    let count = 0;
    tree.onDidChangeTreeData(() => count++);
    facade.addSweep();
    assert.equal(count, 0);
    facade.fire({ sources: true });
    assert.equal(count, 1);
    facade.hosts.set('gpu01', { kind: 'connecting' });
    assert.equal(count, 2);
  });
});

describe('the connection of a source', () => {
  checkState({ kind: 'connecting' }, 'connecting', 'loading~spin');
  checkState({ kind: 'connected', transport: 'ssh2' }, 'connected', 'server');
  checkState({ kind: 'disconnected' }, 'not connected', 'server');
  checkState({ kind: 'waiting', reason: 'reset', retryAtMs: 0 }, 'connection lost', 'debug-disconnect');
  checkState({ kind: 'refused', reason: 'no key' }, 'needs your attention', 'error');

  function checkState(state: ConnectionState, word: string, icon: string): void {
    it(`that is ${state.kind} says so, in words and by its icon`, () => {
      const { facade, tree } = setUp({ host: 'gpu01' });
      facade.hosts.set('gpu01', state);
      const [item] = itemsOf(tree);
      assert.equal(item?.description, `ssh gpu01 · ${word} · 1 of 2 slots in use`);
      assert.equal(item.contextValue, `source ssh untested ${state.kind}`);
      assert.equal(item.icon?.id, icon);
    });
  }

  it('that was refused says why and what to do; a click tries again', () => {
    const { facade, tree } = setUp({ host: 'gpu01' });
    facade.hosts.set('gpu01', { kind: 'refused', reason: 'The key is not known.', hint: 'Look at it.' });
    assert.deepEqual(factsOf(tree), ['The key is not known. | Look at it. · click to try again']);
    const [item] = itemsOf(tree, tree.getChildren()[0]);
    assert.deepEqual(item?.command, { id: 'hsm.source.retry', args: [{ name: 'gpubox' }] });
    assert.equal(item.contextValue, 'trouble refused');
  });

  it('says why this transport was chosen', () => {
    const { facade, tree } = setUp({ host: 'gpu01' });
    const because = 'It is reached by a ProxyCommand.';
    facade.hosts.set('gpu01', { kind: 'connected', transport: 'openssh', because });
    assert.match(
      itemsOf(tree)[0]?.tooltip ?? '',
      /\nConnected by openssh\.\nIt is reached by a ProxyCommand\.$/,
    );
  });
});
