import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startWord } from '../../../src/adapters/sync/workspace/lockHolder';
import { Copy, frozen, SOURCE, useCopies, type Copies } from './copies';
import { DyingHost } from './dyingHost';
import { pullKilledAt } from './pullKilledAt';

/** Commits that put a file in a folder's place or the reverse, and how far git comes with them before it fails. */
interface Torn {
  readonly what: string;
  readonly before: (copy: Copy) => void;
  readonly after: (copy: Copy) => void;
  /** In shell. */
  readonly git: string;
  /** Whether it is also tried with a death; what takes back is the same, and deaths take long. */
  readonly dies?: boolean;
}

const CASES: readonly Torn[] = [
  {
    what: 'a link to data elsewhere by a folder with copies of it, before git touched anything',
    before: (copy) => void copy.link('data', '../elsewhere'),
    after: (copy) => void copy.remove('data').write('data/a', 'data').write('data/empty', ''),
    git: 'true',
    dies: true,
  },
  {
    what: 'a link to data elsewhere by a folder with copies of it, halfway',
    before: (copy) => void copy.link('data', '../elsewhere'),
    after: (copy) => void copy.remove('data').write('data/a', 'data').write('data/empty', ''),
    git: 'rm data; mkdir data; printf da >data/a',
  },
  {
    what: 'a folder by a link to data elsewhere, halfway',
    before: (copy) => void copy.write('data/a', 'data').write('data/empty', ''),
    after: (copy) => void copy.remove('data').link('data', '../elsewhere'),
    git: 'rm -r data; ln -s ../elsewhere data',
  },
  {
    what: 'a file by a folder, halfway',
    before: (copy) => void copy.write('cfg', 'one\n'),
    after: (copy) => void copy.remove('cfg').write('cfg/x', 'two\n').write('cfg/sub/deep/y', 'three\n'),
    git: `rm cfg; mkdir -p cfg/sub/deep; printf tw >cfg/x`,
    dies: true,
  },
  {
    what: 'a file by a folder, before the first file in it',
    before: (copy) => void copy.write('cfg', 'one\n'),
    after: (copy) => void copy.remove('cfg').write('cfg/sub/deep/y', 'three\n'),
    git: `rm cfg; mkdir -p cfg/sub`,
  },
  {
    what: 'a folder by a file, halfway',
    before: (copy) => void copy.write('cfg/x', 'two\n').write('cfg/sub/y', 'three\n'),
    after: (copy) => void copy.remove('cfg').write('cfg', 'one\n'),
    git: `rm -r cfg; printf on >cfg`,
  },
];

describe('a merge that changes what kind of thing is at a path, and fails', function () {
  this.timeout(60_000);
  const path = process.env['PATH'] ?? '';
  let copies: Copies;
  let host: DyingHost;
  const make = useCopies((made) => {
    copies = made;
  });
  beforeEach(() => {
    host = new DyingHost();
  });
  afterEach(() => {
    process.env['PATH'] = path;
  });

  /** A git that does something else where its environment and arguments are like `when`, a pattern of the shell. */
  function otherGit(when: string, instead: string): string {
    const script = `#!/bin/sh
      PATH='${path}'
      case "\${GIT_INDEX_FILE-} $*" in ${when}) ${instead} ;; esac
      exec git "$@"\n`;
    return new Copy(join(copies.here.dir, '..', 'bin')).write('git', script, 0o755).dir;
  }

  async function dieWith(direction: 'push' | 'pull', bin: string): Promise<void> {
    if (direction === 'pull') {
      assert.equal(await pullKilledAt(copies, 0, { path: bin }), false);
      return;
    }
    host.bin = bin;
    await copies.compare();
    await assert.rejects(copies.sync.push(SOURCE));
    host.bin = '/nowhere';
  }

  /** Both sides with the same past, data elsewhere, and a commit in the sender that the other side lacks. */
  function prepare(
    direction: 'push' | 'pull',
    { before, after }: Pick<Torn, 'before' | 'after'>,
  ): { to: Copy; elsewhere: Copy } {
    const { here, there } = make({ files: { 'train.py': 'one\n' }, host });
    const [from, to] = direction === 'push' ? [here, there] : [there, here];
    before(from);
    from.commit();
    to.git('pull', '-q', '--ff-only', from.dir, 'HEAD');
    const elsewhere = new Copy(join(to.dir, '..', 'elsewhere')).write('a', 'data').write('empty', '');
    after(from);
    from.commit();
    to.git('status');
    return { to, elsewhere };
  }

  for (const direction of ['push', 'pull'] as const) {
    for (const { what, before, after, git, dies } of CASES) {
      it(`leaves all as it was, on the spot: a ${direction} of commits that replace ${what}`, async () => {
        const { to, elsewhere } = prepare(direction, { before, after });
        const spoilt = `${git}; echo 'No space left on device' >&2; exit 128`;
        host.bin = otherGit("*' merge '*", spoilt);
        process.env['PATH'] = `${host.bin}:${path}`;
        copies.sync = copies.reopen();
        await copies.compare();
        const old = frozen(to);
        await assert.rejects(copies.sync[direction](SOURCE), /No space left on device/);
        assert.deepEqual(frozen(to), old);
        assert.deepEqual(elsewhere.tree(), { a: 'data', empty: '' });
      });
      if (dies !== true) continue;
      it(`leaves all as it was after a death: a ${direction} of commits that replace ${what}`, async () => {
        const { to, elsewhere } = prepare(direction, { before, after });
        const old = frozen(to);
        await dieWith(direction, otherGit("*' merge '*", `${git}; kill -9 \${VICTIM:-$PPID}; exit 1`));
        copies.sync = copies.reopen();
        assert.match((await copies.compare()).warnings.join(), /Its commits did not arrive\. New: none/);
        assert.deepEqual(frozen(to), old);
        assert.deepEqual(elsewhere.tree(), { a: 'data', empty: '' });
      });
    }

    it(`takes nothing back when it died before git was started, whatever equals the commits (${direction})`, async () => {
      const commits = { before: () => undefined, after: (copy: Copy) => void copy.write('new/a', 'mine') };
      const { to } = prepare(direction, commits);
      const old = frozen(to);
      const made = `cd '${to.dir.replaceAll("'", `'\\''`)}'; mkdir new; printf mine >new/a`;
      const deadly = `${made}; kill -9 \${VICTIM:-$PPID}; exit 1`;
      await dieWith(direction, otherGit("*hsm-index*' status '*", deadly));
      copies.sync = copies.reopen();
      assert.match((await copies.compare()).warnings.join(), /Its commits did not arrive/);
      assert.deepEqual(frozen(to), { ...old, new: '40755 ', 'new/a': '100644 mine' });
    });

    it(`is not touched while its git is still at work (${direction})`, async () => {
      const commits = { before: () => undefined, after: (copy: Copy) => void copy.write('new/a', 'new') };
      const { to } = prepare(direction, commits);
      const noted = 'until [ -s .hsm/sync/pending/git ]; do sleep 0.1; done';
      await dieWith(direction, otherGit("*' merge '*", `${noted}; kill -9 \${VICTIM:-$PPID}; exit 1`));
      const [, machine = ''] = (to.read('.hsm/sync/pending/git') ?? '').split(' ');
      to.write('.hsm/sync/pending/git', `${process.pid} ${machine} ${startWord()}\n`);
      copies.sync = copies.reopen();
      const old = frozen(to);
      await assert.rejects(copies.compare(), new RegExp(`process ${process.pid}`));
      assert.deepEqual(frozen(to), old);
    });
  }
});
