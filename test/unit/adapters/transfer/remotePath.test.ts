import { strict as assert } from 'node:assert';
import { faultOfLink, faultOfPath, parentsOf } from '../../../../src/adapters/transfer/remotePath';

describe('a symbolic link that another machine has', () => {
  function check(path: string, targets: readonly string[], isFine: boolean): void {
    for (const target of targets)
      assert.equal(faultOfLink(path, target, 'linux') === undefined, isFine, `${path} -> ${target}`);
  }

  it('may lead to what is below the same top directory, by steps up and then down', () => {
    check('t/best', ['a', './a', 'a/b', '.', 'a//b', 'a b', '...'], true);
    check('t/x/y/best', ['..', '../..', '../../a/b', './../a'], true);
  });

  it('may lead nowhere else', () => {
    check('t/best', ['', '..', '../a', '/a', '/', 'a/..', 'a/../b', 'a/../../b', 'a\nb', 'a\uFFFD'], false);
    check('t/x/best', ['../..', '../../t/a', '../x/../a'], false);
    check('top', ['a', '.', '..'], false);
    assert.equal(faultOfLink('t/best', 'a', 'win32'), 'is a symbolic link to a');
  });

  it('may not lead to itself', () => {
    check('t/best', ['best', './best', 'best/a', 'best/.'], false);
    check('t/x/best', ['best', '../x/best', '../x/best/a'], false);
    check('t/x/best', ['best1', '../best', 'x/best', '../x'], true);
  });
});

describe('a path that another machine named', () => {
  function checkFault(path: string, fault: RegExp | undefined, platform: NodeJS.Platform = 'linux'): void {
    const found = faultOfPath(path, platform);
    if (fault === undefined) assert.equal(found, undefined, path);
    else assert.match(found ?? '', fault, path);
  }

  it('stands under a directory when every part of it is a name', () => {
    for (const path of ['a', 'a/b', '-n', '.hidden', '...', 'a b\n\t', 'a\\b', 'C:x', 'nul', 'ünï'])
      checkFault(path, undefined);
  });

  it('does not when it leads elsewhere', () => {
    checkFault('', /no name/);
    checkFault('/etc/passwd', /absolute/);
    checkFault('a\0b', /NUL/);
    checkFault('a\uFFFD', /UTF-8/);
    for (const path of ['..', '../a', 'a/../b', 'a/..', '.', './a', 'a//b', 'a/'])
      checkFault(path, /leads out/);
  });

  it('does not on Windows when Windows would read it in another way', () => {
    for (const path of [
      'a\\..\\b',
      'C:x',
      'a:stream',
      'nul',
      'dir/COM1.txt',
      'dot.',
      'space ',
      'a?',
      'a\u0007',
    ])
      checkFault(path, /Windows/, 'win32');
    for (const path of ['a.b', 'console', 'null', '.git']) checkFault(path, undefined, 'win32');
  });

  it('has the directories above it, the outermost first', () => {
    assert.deepEqual(parentsOf('a/b/c'), ['a', 'a/b']);
    assert.deepEqual(parentsOf('a'), []);
  });
});
