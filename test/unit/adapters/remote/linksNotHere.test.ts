import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linksNotHere } from '../../../../src/adapters/remote/linksNotHere';
import type { TreeEntry } from '../../../../src/adapters/transfer/treeListing';
import { makeTempDir } from '../../../support/tempDir';

function entry(path: string, kind: TreeEntry['kind'], target?: string): TreeEntry {
  return { path, kind, size: 1, mtimeSec: 1, ...(target !== undefined && { target }) };
}

/** A path of Linux has 4095 bytes at most: here there is room for names of a few letters, and none for drafts of links. */
function deepDirectory(parent: string): string {
  let path = parent;
  while (path.length < 4_081)
    path = join(path, 'd'.repeat(Math.min(200, Math.max(1, 4_081 - path.length - 1))));
  mkdirSync(path, { recursive: true });
  return path;
}

const there: readonly TreeEntry[] = [
  entry('t', 'directory'),
  entry('t/epoch3', 'file'),
  entry('t/run', 'directory'),
  entry('t/best', 'link', 'epoch3'),
  entry('t/run/up', 'link', '../epoch3'),
  entry('t/latest', 'link', 'run'),
  entry('t/dangling', 'link', 'gone'),
  entry('t/out', 'link', '/data/set'),
];

describe('links of a host that are not here', () => {
  let dir: ReturnType<typeof makeTempDir>;
  let tasks: string;

  beforeEach(() => {
    dir = makeTempDir();
    tasks = join(dir.path, 'tasks');
    mkdirSync(join(tasks, 't'), { recursive: true });
  });
  afterEach(() => {
    dir.dispose();
  });

  function check(expected: readonly string[], platform: NodeJS.Platform = 'linux'): void {
    const links = linksNotHere(there, [tasks, join(dir.path, 'earlier')], platform);
    assert.deepEqual(
      links.map(({ path, fault }) => (fault ? `${fault.by}: ${fault.text}` : path)),
      expected,
    );
  }

  it('are those that lead elsewhere in each place, and the next collection makes them', function () {
    if (process.platform === 'win32') this.skip();
    symlinkSync('epoch3', join(tasks, 't/best'));
    symlinkSync('other', join(tasks, 't/latest'));
    mkdirSync(join(dir.path, 'earlier/t'), { recursive: true });
    symlinkSync('gone', join(dir.path, 'earlier/t/dangling'));
    check(['t/run/up', 't/latest', 't/out']);
  });

  it('are for the user to see to where something else has their place', function () {
    if (process.platform === 'win32') this.skip();
    mkdirSync(join(tasks, 't/best'));
    writeFileSync(join(tasks, 't/run'), 'a file');
    const inTheWay = 'has something else in its place here';
    check([`hand: t/best (${inTheWay})`, `hand: t/run/up (${inTheWay})`, 't/latest', 't/dangling', 't/out']);
  });

  it('are for the user to see to where none can be made', function () {
    if (process.platform !== 'linux') this.skip();
    const deep = deepDirectory(dir.path);
    const faults = linksNotHere(there, [deep]).map(({ fault }) => fault);
    for (const fault of faults) assert.equal(fault?.by, 'hand');
    assert.match(
      faults[0]?.text ?? '',
      /^t\/best \(is a symbolic link that cannot be made here: ENAMETOOLONG/,
    );
  });

  it('are on Windows those alone that lead to nothing that is compared by itself', () => {
    const links = linksNotHere(there, [tasks], 'win32');
    assert.deepEqual(
      links.map(({ path }) => path),
      ['t/dangling', 't/out'],
    );
  });
});
