import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Copy, makeCopies, SOURCE, useCopies, verdicts, type Copies } from './copies';

describe('syncing a project with a submodule', function () {
  this.timeout(60_000);
  let copies: Copies;
  let library: Copies;
  const make = useCopies((made) => {
    copies = made;
  });
  afterEach(() => {
    library.dispose();
  });

  /** Both sides have the submodule `lib` checked out. */
  function withSubmodule(): { inside: Copy; insideThere: Copy } {
    const { here, there } = make();
    library = makeCopies();
    here.git('submodule', 'add', '-q', library.here.dir, 'lib');
    here.commit();
    there.git('pull', '-q');
    there.git('submodule', 'update', '-q', '--init');
    return { inside: new Copy(join(here.dir, 'lib')), insideThere: new Copy(join(there.dir, 'lib')) };
  }

  for (const direction of ['push', 'pull'] as const) {
    it(`carries a commit that names a new one of it, and asks no server for that one (${direction})`, async () => {
      const { inside, insideThere } = withSubmodule();
      const { here, there } = copies;
      for (const copy of [here, there]) copy.git('config', 'submodule.recurse', 'true');
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      const changed = direction === 'push' ? inside : insideThere;
      // Its origin has not got this one.
      changed.write('train.py', 'new in the library\n').commit();
      from.commit('take it');
      await copies.compare();
      const { comparison } = await copies.sync[direction](SOURCE);
      assert.equal(to.git('rev-parse', 'HEAD'), from.git('rev-parse', 'HEAD'));
      const [lib] = comparison?.files ?? [];
      assert.equal(lib?.path, 'lib');
      assert.match(comparison?.verdict ?? '', /^remote differs in 1 submodule$/);
      const where = direction === 'push' ? 'there' : 'here';
      assert.match(lib.blocked ?? '', new RegExp(`run \`git submodule update\` ${where}`));
    });
  }

  it('carries a second such commit over a submodule that was not updated there', async () => {
    const { inside } = withSubmodule();
    const { here, there } = copies;
    for (const text of ['1\n', '2\n']) {
      inside.write('train.py', text).commit();
      here.commit('take it');
      await copies.compare();
      await copies.sync.push(SOURCE);
      assert.equal(there.git('rev-parse', 'HEAD'), here.git('rev-parse', 'HEAD'));
    }
  });

  it('tells a submodule that arrived by commits and is not checked out there', async () => {
    const { here, there } = make();
    library = makeCopies();
    here.git('submodule', 'add', '-q', library.here.dir, 'lib');
    here.commit();
    const { comparison } = await copies.sync.push(SOURCE);
    for (const now of [comparison, await copies.compare()]) {
      assert.deepEqual(now && verdicts(now), { lib: 'deletedThere' });
      assert.match(now?.files[0]?.blocked ?? '', /not checked out there: run `git submodule update --init`/);
      assert.equal(now?.inSync, false);
      assert.equal(now.verdict, 'remote differs in 1 submodule');
    }
    there.git('submodule', 'update', '-q', '--init');
    assert.equal((await copies.compare()).verdict, 'in sync');
    here.git('submodule', 'deinit', '-q', '-f', 'lib');
    there.git('submodule', 'deinit', '-q', '-f', 'lib');
    assert.equal((await copies.compare()).verdict, 'in sync');
  });
});
