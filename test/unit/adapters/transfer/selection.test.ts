import { strict as assert } from 'node:assert';
import { planPull } from '../../../../src/adapters/transfer/selection';
import type { Selection } from '../../../../src/adapters/transfer/transfer';
import type { TreeEntry } from '../../../../src/adapters/transfer/treeListing';

describe('what of a listing is brought', () => {
  const tree: readonly TreeEntry[] = [
    { path: 'logs', kind: 'directory', size: 0, mtimeSec: 1 },
    file('logs/train.log', 10),
    file('logs/big.log', 5000),
    { path: 'empty', kind: 'directory', size: 0, mtimeSec: 1 },
    file('model.ckpt', 100),
    { path: 'link', kind: 'link', size: 0, mtimeSec: 1, target: 'logs' },
  ];

  function checkPlan(selection: Selection, files: readonly string[], skipped: readonly string[]): void {
    const plan = planPull(tree, selection, 'linux');
    assert.deepEqual([...plan.files.keys()], files);
    assert.deepEqual(
      plan.skipped.map(({ path, reason }) => `${reason} ${path}`),
      skipped,
    );
  }

  it('is everything that can be, when nothing is said', () => {
    checkPlan({}, ['logs/train.log', 'logs/big.log', 'model.ckpt'], ['kind link']);
    assert.deepEqual(planPull(tree, {}, 'linux').directories, ['logs', 'empty']);
  });

  it('is what matches and is not excluded; files that are not wanted are named', () => {
    const logs = ['logs/train.log', 'logs/big.log'];
    checkPlan({ include: ['*.log'] }, logs, ['unwanted model.ckpt']);
    checkPlan({ include: ['logs/'] }, logs, ['unwanted model.ckpt']);
    const unwanted = logs.map((path) => `unwanted ${path}`);
    checkPlan({ exclude: ['/logs', 'link'] }, ['model.ckpt'], unwanted);
    checkPlan({ include: ['*.LOG'] }, [], [...unwanted, 'unwanted model.ckpt']);
  });

  it('tells of what is not wanted how large it is, and why', () => {
    const { skipped } = planPull(tree, { include: ['*.log'], exclude: ['big.log'] }, 'linux');
    assert.deepEqual(skipped, [
      { path: 'logs/big.log', reason: 'unwanted', detail: 'is excluded', size: 5000 },
      { path: 'model.ckpt', reason: 'unwanted', detail: 'is not included', size: 100 },
    ]);
  });

  it('is nothing larger than allowed, which is reported', () => {
    checkPlan({ maxSize: 100 }, ['logs/train.log', 'model.ckpt'], ['size logs/big.log', 'kind link']);
  });

  it('is one of two files that have one name here', () => {
    const both = [file('A', 1), file('a', 2)];
    assert.equal(planPull(both, {}, 'linux').files.size, 2);
    const plan = planPull(both, {}, 'darwin');
    assert.deepEqual([...plan.files.keys()], ['A']);
    assert.deepEqual(plan.skipped, [
      { path: 'a', reason: 'name', detail: 'has the same name here as A', size: 2 },
    ]);
  });

  it('is a link, where links are wanted, that leads to what is beside it', () => {
    const links = [
      link('t/best.ckpt', 'epoch3.ckpt'),
      link('t/sub/up', '../epoch3.ckpt'),
      link('t/out', '/etc'),
    ];
    const plan = planPull(links, { keepLinks: true }, 'linux');
    assert.deepEqual(
      [...plan.links],
      [
        ['t/best.ckpt', 'epoch3.ckpt'],
        ['t/sub/up', '../epoch3.ckpt'],
      ],
    );
    assert.deepEqual(plan.skipped, [{ path: 't/out', reason: 'kind', detail: 'is a symbolic link to /etc' }]);
    const without = planPull(links, { keepLinks: true, exclude: ['*.ckpt'] }, 'linux');
    assert.deepEqual([...without.links.keys()], ['t/sub/up']);
    assert.equal(planPull(links, { keepLinks: true }, 'win32').links.size, 0);
  });

  it('leaves no impossible name out in silence, whatever is wanted', () => {
    const plan = planPull([file('../x', 1), file('bad\uFFFD', 1)], { include: ['*.log'] }, 'linux');
    assert.deepEqual(
      plan.skipped.map(({ path, reason }) => `${reason} ${path}`),
      ['name ../x', 'unwanted bad\uFFFD'],
    );
  });
});

function link(path: string, target: string): TreeEntry {
  return { path, kind: 'link', size: 0, mtimeSec: 1, target };
}

function file(path: string, size: number): TreeEntry {
  return { path, kind: 'file', size, mtimeSec: 1 };
}
