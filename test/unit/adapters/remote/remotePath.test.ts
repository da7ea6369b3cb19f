import { strict as assert } from 'node:assert';
import { projectIdOf } from '../../../../src/adapters/remote/projectId';
import { expandRemotePath, isPlainPath, variablesIn } from '../../../../src/adapters/remote/remotePath';
import { belowTask } from '../../../../src/adapters/remote/remoteResultCollector';

const VARIABLES = new Map([
  ['HOME', '/home/ada'],
  ['SCRATCH', '/scratch/$USER'],
  ['EMPTY', ''],
]);

describe('A path of the configuration on a host', () => {
  function checkPath(path: string, expected: string | RegExp): void {
    const expand = (): string => expandRemotePath(path, VARIABLES, 'the root of the source "box"');
    if (typeof expected === 'string') assert.equal(expand(), expected);
    else assert.throws(expand, expected);
  }

  it('has its home and variables replaced, once', () => {
    checkPath('~', '/home/ada');
    checkPath('~/.hsm', '/home/ada/.hsm');
    checkPath('$HOME/x', '/home/ada/x');
    checkPath('${HOME}x', '/home/adax');
    checkPath('$SCRATCH/hsm', '/scratch/$USER/hsm');
    checkPath('/a/./b//c/../d/', '/a/b/d');
  });

  it('is refused when that leaves no absolute path', () => {
    checkPath('$NONE/x', /^HsmError: The root of the source "box" is \$NONE\/x, but \$NONE is not set/);
    checkPath('$EMPTY/x', /\$EMPTY is not set/);
    checkPath('work/x', /not an absolute path/);
    checkPath('~bob/x', /not an absolute path/);
    checkPath('$(id)', /not an absolute path/);
  });

  it('tells which variables it needs', () => {
    assert.deepEqual(variablesIn('$A/${B_1}/$(id)/$1'), ['A', 'B_1']);
    assert.equal(isPlainPath('/a/b'), true);
    assert.equal(isPlainPath('/a/$B'), false);
    assert.equal(isPlainPath('~/a'), false);
  });
});

describe('The name of a project on hosts', () => {
  it('is readable, fit for a directory, and tells machines and folders apart', () => {
    const id = projectIdOf('/home/ada/my project', 'laptop');
    assert.match(id, /^my_project-[0-9a-f]{10}$/);
    assert.equal(projectIdOf('/home/ada/my project', 'laptop'), id);
    assert.notEqual(projectIdOf('/home/ada/my project', 'desktop'), id);
    assert.notEqual(projectIdOf('/home/bob/my project', 'laptop'), id);
    assert.match(projectIdOf('/', 'laptop'), /^project-/);
    assert.match(projectIdOf('/x/..weird', 'laptop'), /^weird-/);
  });
});

describe('A pattern of what is collected', () => {
  it('is relative to the directory of each task', () => {
    assert.equal(belowTask('*.csv'), '*.csv');
    assert.equal(belowTask('checkpoints/'), 'checkpoints/');
    assert.equal(belowTask('/checkpoints/'), '/*/checkpoints/');
    assert.equal(belowTask('logs/*.csv'), '/*/logs/*.csv');
    assert.equal(belowTask('!logs/keep.csv'), '!/*/logs/keep.csv');
  });
});
