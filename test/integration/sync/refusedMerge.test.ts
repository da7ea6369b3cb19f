import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { SyncChoice } from '../../../src/core/sync/syncFacade';
import { Copy, frozen, SOURCE, useCopies, type Copies, type CopiesOptions } from './copies';
import { DyingHost } from './dyingHost';

const FILES = { 'train.py': 'one\n', 'conf.yaml': 'lr: 1\n', 'old.py': 'old\n', '.gitignore': 'data/\n' };

/** Commits travel from one copy to the other, and cannot be taken. */
interface Refusal {
  readonly what: string;
  readonly options?: CopiesOptions;
  /** Before the comparison. */
  readonly prepare: (from: Copy, to: Copy, transfer: () => Promise<unknown>) => void | Promise<void>;
  /** Between the comparison and the transfer: what the owner does meanwhile. */
  readonly meanwhile?: (to: Copy) => void;
  /** What git does instead of a merge, in shell. */
  readonly merge?: string;
  readonly choice?: SyncChoice;
  readonly says: RegExp;
}

const CASES: readonly Refusal[] = [
  {
    what: 'while another git holds the index, with nothing but files that are left alone',
    prepare: async (from, to, transfer) => {
      from.write('train.py', 'edit\n');
      await transfer();
      from.commit();
      to.write('notes', 'untracked').write('data/big', 'ignored').write('conf.yaml', 'edited');
    },
    meanwhile: (to) => to.write('.git/index.lock', ''),
    says: /nother git command.*index\.lock.*Nothing was changed/s,
  },
  {
    what: 'while another git holds the index, with a commit that is empty',
    prepare: (from, to) => {
      from.commit('nothing');
      to.write('notes', 'untracked').write('data/big', 'ignored').write('conf.yaml', 'edited');
    },
    meanwhile: (to) => to.write('.git/index.lock', 'held'),
    says: /nother git command/,
  },
  {
    what: 'whose file was edited since the comparison',
    prepare: (from) => void from.write('train.py', 'two\n').write('conf.yaml', 'lr: 2\n').commit(),
    meanwhile: (to) => to.write('train.py', 'hours of work\n'),
    says: /train\.py changed .* since the comparison/,
  },
  {
    what: 'whose file was edited and staged since the comparison',
    prepare: (from) => void from.write('train.py', 'two\n').commit(),
    meanwhile: (to) => to.write('train.py', 'hours of work\n').git('add', 'train.py'),
    says: /train\.py changed .* since the comparison/,
  },
  {
    what: 'whose file was deleted since the comparison',
    prepare: (from) => void from.write('train.py', 'two\n').commit(),
    meanwhile: (to) => to.remove('train.py'),
    says: /train\.py changed .* since the comparison/,
  },
  {
    what: 'over a file that was made since the comparison',
    prepare: (from) => void from.write('new/file', 'two\n').write('train.py', 'two\n').commit(),
    meanwhile: (to) => to.write('new/file', 'hours of work\n'),
    says: /new\/file/,
  },
  {
    what: 'over an ignored file',
    prepare: (from) => {
      from.write('data/set', 'two\n').git('add', '-f', 'data/set');
      from.git('commit', '-q', '-m', 'data');
    },
    meanwhile: (to) => to.write('data/set', 'gigabytes').write('data/other', 'gigabytes'),
    says: /data\/set/,
  },
  {
    what: 'with a folder where an ignored file is',
    prepare: (from, to) => {
      to.write('.git/info/exclude', 'lib\n').write('lib', 'ignored');
      from.write('lib/a', 'two\n').commit();
    },
    says: /lib/,
  },
  {
    what: 'that bring a folder where a link is',
    prepare: (from) => void from.write('lib/a', 'two\n').write('train.py', 'two\n').commit(),
    meanwhile: (to) => to.write('../elsewhere/a', 'theirs').link('lib', '../elsewhere'),
    says: /lib/,
  },
  {
    what: 'whose file outside the project is edited',
    options: { folder: 'proj', files: { 'proj/src/a.py': 'a\n', 'src/a.py': 'outer\n', 'proj/b': 'b\n' } },
    prepare: (from, to) => {
      from.write('proj/src/a.py', 'a2\n').write('src/a.py', 'outer 2\n').commit();
      to.write('src/a.py', 'outer, edited\n').write('notes', 'untracked');
    },
    says: /src\/a\.py.*outside/s,
  },
  {
    what: 'that git does not take, whatever the reason',
    prepare: async (from, to, transfer) => {
      from.write('train.py', 'edit\n');
      await transfer();
      from.write('conf.yaml', 'lr: 2\n').commit();
      to.write('notes', 'untracked').write('data/big', 'ignored').write('old.py', 'edited');
    },
    merge: 'echo "no, thanks" >&2; exit 1',
    says: /does not take the commits: no, thanks/,
  },
  {
    what: 'that git could only bring halfway, e.g. for want of room',
    prepare: (from, to) => {
      from
        .write('train.py', 'two\n')
        .write('conf.yaml', 'lr: 2\n')
        .write('new/a', 'a')
        .write('new/b', '123456');
      from.remove('old.py').commit();
      to.write('notes', 'untracked').write('data/big', 'ignored');
    },
    merge: `rm old.py; printf 'two\\n' >train.py; rm conf.yaml; printf lr: >conf.yaml
      mkdir new; printf a >new/a; printf 123 >new/b; echo 'No space left on device' >&2; exit 128`,
    says: /No space left on device.*Nothing was changed/s,
  },
  {
    what: 'that git could only bring halfway, after an edit in the very moment',
    prepare: (from) => void from.write('train.py', 'two\n').write('conf.yaml', 'lr: 2\n').commit(),
    merge: `printf 'two\\n' >train.py; printf 'lr: 1e-4\\n' >conf.yaml; echo 'no, thanks' >&2; exit 1`,
    says: /conf\.yaml/,
  },
  {
    what: 'that a git with settings of its own would squash',
    prepare: (from, to) => {
      to.git('config', 'branch.main.mergeOptions', '--squash');
      to.write('old.py', 'edited').git('config', 'merge.verifySignatures', 'true');
      from.write('train.py', 'two\n').commit();
    },
    says: /signature/i,
  },
];

describe('commits that cannot be taken', function () {
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

  /** A git that does what is said instead of a merge, on either side. */
  function spoilMerges(merge: string): void {
    const bin = new Copy(join(copies.here.dir, '..', 'bin'));
    bin.write(
      'git',
      `#!/bin/sh\ncase "$*" in *' merge '*)\n${merge}\n;; esac\nPATH='${path}' exec git "$@"\n`,
      0o755,
    );
    process.env['PATH'] = `${bin.dir}:${path}`;
    host.bin = bin.dir;
    copies.sync = copies.reopen();
  }

  for (const direction of ['push', 'pull'] as const) {
    for (const { what, options, prepare, meanwhile, merge, choice, says } of CASES) {
      it(`leave every file and the index as they were: a ${direction} ${what}`, async () => {
        const { here, there } = make({ files: FILES, host, ...options });
        const [from, to] = direction === 'push' ? [here, there] : [there, here];
        await prepare(from, to, () => copies.compare().then(() => copies.sync[direction](SOURCE)));
        if (merge !== undefined) spoilMerges(merge);
        await copies.compare();
        meanwhile?.(to);
        const [before, sender] = [frozen(to), frozen(from)];
        await assert.rejects(copies.sync[direction](SOURCE, choice), says);
        const expected = what.includes('very moment')
          ? { ...before, 'conf.yaml': '100644 lr: 1e-4\n' }
          : before;
        assert.deepEqual(frozen(to), expected);
        assert.deepEqual(frozen(from), sender);
        assert.equal(to.isLocked(), false);
        for (const left of ['pending', 'staging']) assert.equal(to.exists(`.hsm/sync/${left}`), false, left);
        assert.equal(to.git('for-each-ref', 'refs/hsm'), '');
      });
    }
  }
});
