import { strict as assert } from 'node:assert';
import { isRemovable, reasonToKeep } from '../../../../src/core/collection/removalGate';

describe('The gate before a removal on a host', () => {
  const base = { keep: false, active: 0, anyNotSucceeded: false, isVerified: true, isRequested: false };

  function checkGate(question: Partial<typeof base>, reason: RegExp | undefined): void {
    const found = reasonToKeep({ ...base, ...question });
    if (reason === undefined) assert.equal(found, undefined);
    else assert.match(found ?? '', reason);
  }

  it('lets go what succeeded and is here', () => {
    checkGate({}, undefined);
  });

  it('keeps what a task did not finish well, unless the user asks', () => {
    checkGate({ anyNotSucceeded: true }, /did not succeed/);
    checkGate({ anyNotSucceeded: true, isRequested: true }, undefined);
  });

  it('keeps what the configuration keeps', () => {
    checkGate({ keep: true }, /configuration/);
  });

  it('keeps what runs or is not all here, whoever asks', () => {
    checkGate({ active: 1, isRequested: true }, /1 of its tasks is not over/);
    checkGate({ isVerified: false, isRequested: true }, /Not all of it is here/);
  });
});

describe('A path that may be removed', () => {
  function checkPath(path: string, expected: boolean, root = '/home/ada/.hsm'): void {
    assert.equal(isRemovable(root, 'project-1', path), expected, path);
  }

  it('is a sweep or a copy of code of the project, right below the root', () => {
    checkPath('/home/ada/.hsm/sweeps/project-1/sweep_20261122_101500', true);
    checkPath('/home/ada/.hsm/code/project-1/0f3a', true);
    checkPath('/home/ada/.hsm/code/project-1/.0f3a.12', true);
  });

  it('is nothing else', () => {
    for (const path of [
      '/home/ada/.hsm',
      '/home/ada/.hsm/sweeps/project-1',
      '/home/ada/.hsm/sweeps/project-1/',
      '/home/ada/.hsm/sweeps/project-1/..',
      '/home/ada/.hsm/sweeps/project-1/../../x',
      '/home/ada/.hsm/sweeps/project-1/a/b',
      '/home/ada/.hsm/sweeps/project-2/a',
      '/home/ada/.hsm/other/project-1/a',
      '/home/ada',
      'sweeps/project-1/a',
    ]) {
      checkPath(path, false);
    }
    checkPath('/sweeps/project-1/a', false, '/');
    checkPath('/sweeps/project-1/a', false, '');
  });
});
