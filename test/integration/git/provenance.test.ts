import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProvenance } from '../../../src/adapters/git/provenance';
import { git, skipUnless } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';

describe('where the code of a project stands', () => {
  before(function () {
    skipUnless(this, git);
  });

  it('is told by commit, branch and a patch of what is not committed', async () => {
    const dir = makeTempDir();
    try {
      const run = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: dir.path })
          .toString()
          .trim();
      run('init', '-q', '-b', 'trunk');
      writeFileSync(join(dir.path, 'train.py'), 'one\n');
      run('add', '.');
      run('commit', '-q', '-m', 'first');
      const clean = await readProvenance(dir.path);
      assert.deepEqual(clean, { code: { commit: run('rev-parse', 'HEAD'), branch: 'trunk', dirty: false } });
      writeFileSync(join(dir.path, 'train.py'), 'two\n');
      const { code, patch } = await readProvenance(dir.path);
      assert.equal(code.dirty, true);
      assert.match(patch ?? '', /^-one\n\+two$/m);
    } finally {
      dir.dispose();
    }
  });

  it('is nothing outside a repository', async () => {
    const dir = makeTempDir();
    try {
      assert.deepEqual(await readProvenance(dir.path), { code: {} });
    } finally {
      dir.dispose();
    }
  });
});
