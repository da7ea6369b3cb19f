import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { startWord } from '../../../src/adapters/sync/workspace/lockHolder';
import { Copy, frozen, SOURCE, useCopies, type Copies } from './copies';
import { DyingHost } from './dyingHost';
import { pullKilledAt } from './pullKilledAt';

const FILES = { 'train.py': 'one\n', 'conf.yaml': 'lr: 1\n', 'old.py': 'old\n' };

/** Commits are on their way into a side when everything dies there at once. */
interface Death {
  readonly what: string;
  /** What git had done by then, in shell; `git` is the real one. */
  readonly git: string;
  /** What the owner does before the sync is thought of again. */
  readonly since?: (to: Copy) => void;
  /** What the next comparison must leave, as changes of what was there before: by path, as {@link frozen}. */
  readonly leaves: 'before' | 'new commits' | 'what the owner left';
  readonly except?: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const HALFWAY = `rm -f old.py; printf 'two\\n' >train.py; printf lr: >conf.yaml; mkdir new; printf a >new/a; true >"$GIT_INDEX_FILE.lock"`;

const CASES: readonly Death[] = [
  {
    what: 'before git began',
    git: 'true',
    leaves: 'before',
    says: /Its commits did not arrive\. New: none/,
  },
  {
    what: 'before git began, and the owner committed since',
    git: 'true',
    since: (to) => {
      rmSync(join(to.dir, '.git/index.lock'));
      to.write('train.py', 'hours of work\n').remove('old.py').commit();
    },
    leaves: 'what the owner left',
    says: /branch has gone on since/,
  },
  {
    what: 'before git began, and the owner edited a file since',
    git: 'true',
    since: (to) => void to.write('train.py', 'hours of work\n'),
    leaves: 'before',
    except: { 'train.py': '100644 hours of work\n' },
    says: /Its commits did not arrive\. Left as they are, because they were changed since: train\.py\./,
  },
  {
    what: 'when git was halfway',
    git: HALFWAY,
    leaves: 'before',
    says: /Its commits did not arrive\. New: none/,
  },
  {
    what: 'when git was halfway, and the owner edited files since',
    git: HALFWAY,
    since: (to) => void to.write('train.py', 'two\nand more\n').write('new/a', 'mine').write('notes', 'new'),
    leaves: 'before',
    except: {
      'train.py': '100644 two\nand more\n',
      new: '40755 ',
      'new/a': '100644 mine',
      notes: '100644 new',
    },
    says: /changed since: .*train\.py, new\/a|changed since: .*new\/a, train\.py/,
  },
  {
    what: 'when git was halfway, and another git is at work now',
    git: HALFWAY,
    since: (to) => void to.write('.git/index.lock', 'not ours'),
    leaves: 'before',
    except: { '.git/index.lock': 'not ours' },
    says: /Its commits did not arrive/,
  },
  {
    what: 'when git was halfway, of which the machine was started anew',
    git: HALFWAY,
    since: (to) => void to.write('.hsm/sync/pending/git', `${process.pid} ${hostname()} another-boot\n`),
    leaves: 'before',
    says: /Its commits did not arrive/,
  },
  {
    what: 'when git was halfway, whose number is that of another process now',
    git: HALFWAY,
    since: (to) => {
      const [boot = '', , space = ''] = startWord().split('/');
      to.write('.hsm/sync/pending/git', `${process.pid} ${hostname()} ${boot}/1/${space}\n`);
    },
    leaves: 'before',
    says: /Its commits did not arrive/,
  },
  {
    what: 'when git was through, before its index was in place',
    git: 'git "$@"',
    leaves: 'new commits',
    says: /Its commits arrived/,
  },
  {
    what: 'when git was through, and the owner removed the lock since',
    git: 'git "$@"',
    since: (to) => {
      rmSync(join(to.dir, '.git/index.lock'));
    },
    leaves: 'new commits',
    says: /Its commits arrived/,
  },
  {
    what: 'when git was through, and the owner wrote the index since',
    git: 'git "$@"',
    since: (to) => {
      rmSync(join(to.dir, '.git/index.lock'));
      to.write('notes', 'new').git('add', 'notes');
    },
    leaves: 'what the owner left',
    says: /The index was changed meanwhile: .*git reset/,
  },
];

describe('a merge that everything dies with', function () {
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

  /** A git that does what is said instead of a merge, then kills who called it. */
  function deadlyGit(instead: string): string {
    const script = `#!/bin/sh
      PATH='${path}'
      case "$*" in *' merge '*) ${instead}; kill -9 \${VICTIM:-$PPID}; exit 1 ;; esac
      exec git "$@"\n`;
    return new Copy(join(copies.here.dir, '..', 'bin')).write('git', script, 0o755).dir;
  }

  async function dieIn(direction: 'push' | 'pull', instead: string, folder = '.'): Promise<void> {
    const bin = deadlyGit(instead);
    if (direction === 'pull') {
      assert.equal(await pullKilledAt(copies, 0, { path: bin, folder }), false);
      return;
    }
    host.bin = bin;
    await copies.compare();
    await assert.rejects(copies.sync.push(SOURCE));
    host.bin = '/nowhere';
  }

  for (const direction of ['push', 'pull'] as const) {
    it(`is taken back where the project is a folder of its repository (${direction})`, async () => {
      const files = { 'src/a.py': 'outer\n', 'proj/src/a.py': 'inner\n', 'proj/old': 'old\n' };
      const { here, there } = make({ files, host, folder: 'proj' });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      from.write('src/a.py', 'outer 2\n').write('proj/src/a.py', 'inner 2\n').remove('proj/old').commit();
      to.write('notes', 'outside, not in git').write('proj/notes', 'inside, not in git').git('status');
      const before = frozen(to);
      const torn = `printf out >src/a.py; printf inner >proj/src/a.py; rm -f proj/old`;
      await dieIn(direction, `cd "$(git rev-parse --show-toplevel)"; ${torn}`, 'proj');
      assert.notDeepEqual(frozen(to), before);
      copies.sync = copies.reopen();
      assert.match((await copies.compare()).warnings.join(), /Its commits did not arrive/);
      assert.deepEqual(frozen(to), before);
      await copies.sync[direction](SOURCE);
      assert.equal(to.read('src/a.py'), 'outer 2\n');
      assert.equal(to.git('status', '--porcelain'), '?? notes\n?? proj/notes');
    });
    for (const { what, git, since, leaves, except, says } of CASES) {
      it(`is brought to an end, and nobody's work is touched: a ${direction} ${what}`, async () => {
        const { here, there } = make({ files: FILES, host });
        const [from, to] = direction === 'push' ? [here, there] : [there, here];
        from.write('train.py', 'two\n').write('conf.yaml', 'lr: 2\n').write('new/a', 'a').write('new/b', '1');
        from.remove('old.py').commit();
        to.git('status');
        const before = frozen(to);
        await dieIn(direction, git);
        since?.(to);
        const left = frozen(to);
        copies.sync = copies.reopen();
        const { warnings } = await copies.compare();
        assert.match(warnings.join('\n'), says);
        if (leaves === 'new commits') {
          assert.equal(to.git('status', '--porcelain'), '');
          assert.deepEqual(to.tree(), from.tree());
        } else {
          const expected = leaves === 'before' ? before : withoutOurs(left);
          assert.deepEqual(frozen(to), { ...expected, ...except });
        }
        assert.equal(to.exists('.git/index.lock'), except?.['.git/index.lock'] !== undefined);
        assert.equal(to.isLocked(), false);
        for (const name of ['pending', 'staging']) assert.equal(to.exists(`.hsm/sync/${name}`), false);
        assert.equal(to.git('for-each-ref', 'refs/hsm'), '');
      });
    }
  }
});

/** What a merge of ours leaves in git's folder until a recovery. */
function withoutOurs(state: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => !/^\.git\/(hsm|index\.lock)/.test(name)),
  );
}
