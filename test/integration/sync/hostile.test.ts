import assert from 'node:assert/strict';
import type { HostProcess } from '../../../src/adapters/host/streamHost';
import { SharedHost } from '../../support/sshd/sharedHost';
import { makeCopies, needCopies, SOURCE, type Copies } from './copies';

/** A host whose programs say what a test wants. */
class LyingHost extends SharedHost {
  /** Shell text before every program, e.g. a function that shadows `git`. */
  lies = '';

  override start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    const [sh = 'sh', flag = '-c', script = '', ...rest] = argv;
    return super.start([sh, flag, `${this.lies}\n${script}`, ...rest], signal);
  }
}

describe('a checkout on a hostile host', function () {
  this.timeout(60_000);
  let copies: Copies;
  let host: LyingHost;

  needCopies();
  beforeEach(() => {
    host = new LyingHost();
    copies = makeCopies({ host, exclude: ['*.bin'] });
  });
  afterEach(() => {
    copies.dispose();
  });

  for (const path of [
    '../evil',
    '/tmp/evil',
    '.git/hooks/post-checkout',
    'a/../../evil',
    'sub/.GIT/config',
    '.hsm/sync/x',
  ]) {
    it(`brings nothing here by the name ${path}`, async () => {
      host.lies = `
        git() {
          case "$*" in *' status '*) printf '? ${path}\\0' ;; *) command git "$@" ;; esac
        }`;
      const comparison = await copies.compare();
      const before = copies.here.tree();
      assert.deepEqual(
        comparison.files.filter(({ blocked }) => blocked === undefined && path.startsWith('.hsm/')),
        [],
      );
      assert.equal(comparison.inSync, false);
      assert.equal(comparison.safe.pull.safe, false);
      assert.ok(
        comparison.errors.some((text) => text.includes(JSON.stringify(path))),
        comparison.errors.join(),
      );
      await assert.rejects(copies.sync.pull(SOURCE), /Nothing was transferred/);
      await assert.rejects(
        copies.sync.pull(SOURCE, { files: [path] }, { agreed: 'everything' }),
        /Nothing was transferred/,
      );
      assert.deepEqual(copies.here.tree(), before);
    });
  }

  it('is not believed when its files are not what it said', async () => {
    copies.there.write('new.py', 'honest');
    await copies.compare();
    host.lies =
      'cat() { printf evil-; command cat "$@"; }; xargs() { if [ "$2" = cat ]; then printf "evil!!"; else command xargs "$@"; fi; }';
    await assert.rejects(copies.sync.pull(SOURCE), /new\.py changed on box since the comparison/);
    assert.equal(copies.here.read('new.py'), undefined);
  });

  it('is not believed when its answer has no end', async () => {
    host.lies = 'exit 0';
    await assert.rejects(copies.compare(), /failed on box|broke off/);
    host.lies = "printf 'Welcome!'; echo noise >&2";
    assert.equal((await copies.compare()).inSync, true);
  });

  it('does not lead backups out of the project here', async () => {
    copies.here.link('.hsm', '..');
    copies.there.write('new.py', 'x');
    await copies.compare();
    await assert.rejects(copies.sync.pull(SOURCE), /is a symbolic link/);
  });
});
