import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostProcess } from '../../../src/adapters/host/streamHost';
import { SharedHost } from '../../support/sshd/sharedHost';
import { makeCopies, SOURCE, useCopies, verdicts, type Copies } from './copies';

/** Root reads everything: what programs say when they must not is put into their mouths. */
class BlindHost extends SharedHost {
  /** Shell text before every program. */
  blindness = '';

  override start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    const [sh = 'sh', flag = '-c', script = '', ...rest] = argv;
    return super.start([sh, flag, `${this.blindness}\n${script}`, ...rest], signal);
  }
}

describe('what cannot be read on a side', function () {
  this.timeout(60_000);
  const path = process.env['PATH'] ?? '';
  let copies: Copies;
  let host: BlindHost;
  const make = useCopies((made) => {
    copies = made;
  });
  beforeEach(() => {
    host = new BlindHost();
  });
  afterEach(() => {
    process.env['PATH'] = path;
  });

  const FIND = (folder: string): string =>
    `find() { command find "$@"; case $1 in .) echo "find: './${folder}': Permission denied" >&2 ;; esac; }`;

  async function checkUnsafe(what: RegExp): Promise<void> {
    const comparison = await copies.compare();
    assert.match(comparison.errors.join('\n'), what);
    assert.equal(comparison.inSync, false);
    assert.deepEqual([comparison.safe.push.safe, comparison.safe.pull.safe], [false, false]);
    await assert.rejects(copies.sync.push(SOURCE), what);
  }

  for (const side of ['none', 'here'] as const) {
    it(`is an error, not an absence, where a listing meets it there (git: ${side})`, async () => {
      const { there } = make({ git: side, host, files: { a: '1', 'data/b': '2' } });
      await copies.compare();
      host.blindness = FIND('data');
      await checkUnsafe(/Not everything can be read on box: find: '\.\/data': Permission denied/);
      host.blindness = '';
      assert.equal((await copies.compare()).inSync, true);
      there.write('x', 'now');
      assert.deepEqual(verdicts(await copies.compare()), { x: 'pull' });
    });

    it(`does not matter in a folder that is left out (git: ${side})`, async () => {
      make({ git: side, host, files: { '.gitignore': 'data/\n', a: '1' }, exclude: ['big/**'] });
      for (const folder of ['data', 'big']) {
        host.blindness = FIND(folder);
        assert.deepEqual((await copies.compare()).errors, [], folder);
      }
    });
  }

  const STATUS = (words: string): string => `case "$*" in *' status '*) echo "${words}" >&2 ;; esac`;

  for (const words of [
    "warning: could not open directory 'data/': Permission denied",
    'data/b: Permission denied',
  ]) {
    it(`is an error where git meets it, on either side: ${words}`, async () => {
      const { here } = make({ host, files: { a: '1', 'data/b': '2' }, exclude: ['elsewhere'] });
      host.blindness = `git() { ${STATUS(words)}; command git "$@"; }`;
      await checkUnsafe(/Not everything can be read on box: .*data.*: Permission denied/);
      host.blindness = '';
      const bin = join(here.dir, '..', 'bin');
      mkdirSync(bin);
      here.write('../bin/git', `#!/bin/sh\n${STATUS(words)}\nPATH='${path}' exec git "$@"\n`, 0o755);
      process.env['PATH'] = `${bin}:${path}`;
      copies.sync = copies.reopen();
      await checkUnsafe(/Not everything can be read here: .*data.*: Permission denied/);
    });
  }

  it('does not matter to git where it is excluded, nor do warnings of other things', async () => {
    make({ host, exclude: ['data/'] });
    host.blindness = `git() {
      ${STATUS("warning: could not open directory 'data/': Permission denied")}
      ${STATUS("warning: unable to access '/root/.gitignore': Permission denied")}
      command git "$@"; }`;
    assert.equal((await copies.compare()).inSync, true);
  });

  it('is told of a workspace without git', async function () {
    const { here } = make({ git: 'none', host });
    // A folder that even root cannot list, e.g. one of somebody else's process.
    here.write('.gitignore', '').remove('.gitignore').link('.gitignore', '.gitignore');
    await checkUnsafe(/\.gitignore cannot be read here: .*ELOOP/);
  });

  it('leaves rules in force where a link or a submodule of the workspace is a folder of the checkout', async () => {
    const { here, there } = make({ git: 'here', host, files: { '.gitignore': '*.ckpt\n', a: '1' } });
    const library = makeCopies();
    try {
      here.git('submodule', 'add', '-q', library.here.dir, 'lib');
      here.link('data', '/nowhere').commit();
      there.write('.gitmodules', here.read('.gitmodules') ?? '').link('link', '/nowhere');
      here.link('link', '/nowhere');
      there.write('data/x', '1').write('data/y.ckpt', '2').write('lib/train.py', '3').write('big.ckpt', '4');
      const comparison = await copies.compare();
      assert.deepEqual(
        Object.entries(verdicts(comparison)).filter(([, verdict]) => verdict === 'pull'),
        [],
      );
      assert.match(comparison.warnings.join(), /data is a symbolic link or a submodule here/);
      assert.match(comparison.warnings.join(), /lib is a symbolic link or a submodule here/);
    } finally {
      library.dispose();
    }
  });

  it('is an error where git cannot say what is ignored', async () => {
    const { here, there } = make({ git: 'here', host });
    there.write('new', '1');
    const script = `#!/bin/sh\ncase "$*" in *check-ignore*) echo broken >&2; exit 128 ;; esac\nPATH='${path}' exec git "$@"\n`;
    here.write('../bin/git', script, 0o755);
    process.env['PATH'] = `${join(here.dir, '../bin')}:${path}`;
    copies.sync = copies.reopen();
    await assert.rejects(copies.compare(), /git check-ignore failed here: broken/);
  });

  it('is no matter when its name is not UTF-8 and a pattern leaves it out', async () => {
    const { there } = make({ host, exclude: ['old/'] });
    there.git('config', 'core.precomposeUnicode', 'false');
    mkdirSync(join(there.dir, 'old'));
    const name = Buffer.concat([Buffer.from(join(there.dir, 'old')), Buffer.from([0x2f, 0xff, 0xfe])]);

    writeFileSync(name, 'x');
    assert.deepEqual((await copies.compare()).errors, []);
    copies.dispose();
    const again = make({ host });
    const bad = Buffer.concat([Buffer.from(again.there.dir), Buffer.from([0x2f, 0xff, 0xfe])]);
    writeFileSync(bad, 'x');
    assert.notDeepEqual((await copies.compare()).errors, []);
  });
});
