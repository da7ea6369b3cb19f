import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCodeAt } from '../../../src/adapters/git/codeAt';
import { readProvenance } from '../../../src/adapters/git/provenance';
import { git, skipUnless } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';

describe('a file as a sweep found it', () => {
  let dir: ReturnType<typeof makeTempDir>;

  before(function () {
    skipUnless(this, git);
  });

  beforeEach(() => {
    dir = makeTempDir();
    run('init', '-q', '-b', 'trunk');
    mkdirSync(join(dir.path, 'sub dir'));
    write('train.py', 'one\ntwo\n');
    write('sub dir/mödel.py', 'a\n');
    run('add', '.');
    run('commit', '-q', '-m', 'first');
  });

  afterEach(() => {
    dir.dispose();
  });

  function run(...args: string[]): string {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t'];
    return execFileSync('git', [...identity, ...args], { cwd: dir.path })
      .toString()
      .trim();
  }

  function write(name: string, text: string): void {
    writeFileSync(join(dir.path, name), text);
  }

  it('is what was committed, with what was not on top', async () => {
    write('sub dir/mödel.py', 'a\nb\n');
    write('added.py', 'new\n');
    run('add', 'added.py');
    write('untracked.py', 'nobody knows\n');
    const { code, patch } = await readProvenance(dir.path);
    write('train.py', 'later\n');
    write('sub dir/mödel.py', 'later\n');
    run('commit', '-q', '-a', '-m', 'second');
    const at = (name: string) => readCodeAt(dir.path, code.commit ?? '', patch, join(dir.path, name));
    assert.deepEqual(await at('train.py'), { text: 'one\ntwo\n', dirty: false });
    assert.deepEqual(await at('sub dir/mödel.py'), { text: 'a\nb\n', dirty: true });
    assert.deepEqual(await at('added.py'), { text: 'new\n', dirty: true });
    assert.equal(await at('untracked.py'), undefined);
  });

  it('is found from a project in a folder of the repository', async () => {
    const project = join(dir.path, 'sub dir');
    const { code, patch } = await readProvenance(project);
    const found = await readCodeAt(project, code.commit ?? '', patch, join(project, 'mödel.py'));
    assert.deepEqual(found, { text: 'a\n', dirty: false });
    assert.equal(await readCodeAt(project, code.commit ?? '', patch, join(dir.path, 'train.py')), undefined);
  });

  it('is unknown when the commit is gone or there is no repository', async () => {
    const file = join(dir.path, 'train.py');
    assert.equal(await readCodeAt(dir.path, '0'.repeat(40), undefined, file), undefined);
    const other = makeTempDir();
    try {
      assert.equal(await readCodeAt(other.path, 'HEAD', undefined, join(other.path, 'x.py')), undefined);
    } finally {
      other.dispose();
    }
  });
});
