import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFiles } from '../../../../src/adapters/files/projectFiles';
import { makeTempDir } from '../../../support/tempDir';

describe('files of tasks', () => {
  /** What each way of looking at a path finds. */
  async function lookAt(path: string): Promise<unknown[]> {
    return Promise.all([
      projectFiles.exists(path),
      projectFiles.stat(path),
      projectFiles.read(path),
      projectFiles.readText(path, 10),
      projectFiles.readTail(path, 10),
      projectFiles.readBytes(path, 0, 10),
    ]);
  }

  const absent = [undefined, undefined, undefined, undefined, undefined];

  it('that are links to themselves are not there, and neither is what is below one', async function () {
    if (process.platform === 'win32') this.skip();
    const dir = makeTempDir();
    symlinkSync('failure.txt', join(dir.path, 'failure.txt'));
    for (const path of [join(dir.path, 'failure.txt'), join(dir.path, 'failure.txt', 'x')]) {
      assert.deepEqual(await lookAt(path), [false, ...absent]);
      assert.deepEqual(await projectFiles.entries(path), []);
      assert.deepEqual(await projectFiles.list(path), []);
    }
    dir.dispose();
  });

  it('that are directories have nothing to read', async () => {
    const dir = makeTempDir();
    mkdirSync(join(dir.path, 'metrics.json'));
    assert.deepEqual(await lookAt(join(dir.path, 'metrics.json')), [true, ...absent]);
    dir.dispose();
  });

  it('are read as they are', async () => {
    const dir = makeTempDir();
    const path = join(dir.path, 'a.txt');
    writeFileSync(path, 'one two three');
    assert.equal(await projectFiles.readText(path, 3), 'one');
    assert.equal(await projectFiles.readTail(path, 5), 'three');
    assert.equal((await projectFiles.stat(path))?.size, 13);
    dir.dispose();
  });
});
