import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
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
    assert.equal(item?.description, 'ssh gpu01 · 1 of 2 slots in use');
    assert.equal(item.contextValue, 'source ssh untested');
    assert.equal(item.children, 'none');
  });

  it('does not say twice that the local source is local', () => {
    const [item] = itemsOf(setUp({ name: 'local', type: 'local' }).tree);
    assert.equal(item?.description, '1 of 2 slots in use');
  });

  it('shows what the last test found, problems first', () => {
    const { tree } = setUp({ health: SICK });
    const [source] = tree.getChildren();
    assert.deepEqual(
      itemsOf(tree, source).map(({ label }) => label),
      ['python3 was not found.', 'GPU 0: A100, in use', 'Load 1.5 on 8 cores', '1 GiB of 4 GiB disk free'],
    );
  });

  it('says health in words besides the icon', () => {
    const [item] = itemsOf(setUp({ health: SICK }).tree);
    assert.equal(item?.description, 'ssh · 1 of 2 slots in use · unhealthy · answered in 4 ms');
    assert.equal(item.contextValue, 'source ssh unhealthy');
  });

  it('is drawn again only when sources change', () => {
    const { facade, tree } = setUp({});
    let count = 0;
    tree.onDidChangeTreeData(() => count++);
    facade.addSweep();
    assert.equal(count, 0);
    facade.fire({ sources: true });
    assert.equal(count, 1);
  });
});
