import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { HostProcess } from '../../../src/adapters/host/streamHost';
import { errorText, HsmError } from '../../../src/core/base/errors';
import { makeTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';
import { SharedHost } from '../../support/sshd/sharedHost';
import { makeCopies, needCopies, SOURCE, verdicts, type Copies } from './copies';

/** A host that goes to pieces on purpose: in every command, what the wrapper program decides. */
class BreakingHost extends SharedHost {
  /** Shell text before the next `apply`, e.g. a function that shadows a program. */
  sabotage = '';
  /** Bytes of input after which the connection is cut. */
  cutAfter = Infinity;

  override async start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    const isApply = argv.some((word) => word.includes('# $3: id of this sync'));
    if (!isApply) return super.start(argv, signal);
    const [sh = 'sh', flag = '-c', script = '', ...rest] = argv;
    const process = await super.start([sh, flag, `${this.sabotage}\n${script}`, ...rest], signal);
    if (this.cutAfter === Infinity) return process;
    return cutInput(process, this.cutAfter);
  }
}

/** Lets so many bytes through, then ends the input as a broken connection does. */
function cutInput(process: HostProcess, bytes: number): HostProcess {
  let left = bytes;
  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      process.stdin.write(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
      if (left === 0) process.stdin.end();
      done();
    },
    final(done) {
      process.stdin.end();
      done();
    },
  });
  return { ...process, stdin };
}

describe('a sync that is interrupted', function () {
  this.timeout(90_000);
  let copies: Copies;
  let host: BreakingHost;

  needCopies();
  beforeEach(() => {
    host = new BreakingHost();
  });
  afterEach(() => {
    copies.dispose();
  });

  const files = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`f${index}`, `old ${index}\n`]));

  function edit(): void {
    copies = makeCopies({ host, files });
    for (const path of Object.keys(files)) copies.here.write(path, `new ${path}\n`.repeat(200));
    copies.here.write('added', 'new');
  }

  it('changes nothing when the connection is cut on the way, wherever that is, and goes through the next time', async () => {
    edit();
    const before = copies.there.tree();
    let seed = 42;
    for (let round = 0; round < 4; round++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      host.cutAfter = seed % 18_000;
      await copies.compare();
      await assert.rejects(copies.sync.push(SOURCE), (error) => {
        assert.ok(error instanceof HsmError, errorText(error));
        return true;
      });
      assert.deepEqual(copies.there.tree(), before, `after ${host.cutAfter} bytes`);
    }
    host.cutAfter = Infinity;
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.deepEqual(copies.there.tree(), copies.here.tree());
  });

  /** Kills the program there when it calls a command for the nth time. */
  const killAt = (command: string, count: number): string =>
    `perl() { return 1; }; n=0; ${command}() { n=$((n + 1)); [ $n -lt ${count} ] || kill -9 $$; command ${command} "$@"; }`;

  for (const [command, counts] of [
    ['mv', [1, 2, 6]],
    ['ln', [4]],
  ] as const) {
    for (const count of counts) {
      it(`leaves every file old or new and says which when it is killed at ${command} number ${count}`, async () => {
        edit();
        host.sabotage = killAt(command, count);
        await copies.compare();
        const killed = await copies.sync.push(SOURCE).then(
          () => undefined,
          (error: unknown) => error,
        );
        host.sabotage = '';
        for (const path of Object.keys(files)) {
          const text = copies.there.read(path);
          assert.ok(text === files[path] || text === copies.here.read(path), `${path}: ${text ?? 'gone'}`);
        }
        if (killed === undefined) return;
        const comparison = await copies.compare();
        const old = Object.keys(verdicts(comparison));
        const told = comparison.warnings.find((text) => text.includes('interrupted'));
        if (told !== undefined) {
          const fresh = [...Object.keys(files), 'added'].filter((path) => !old.includes(path));
          for (const path of fresh) assert.match(told, new RegExp(`New:.*${path}.*Old:`));
          for (const path of old) assert.match(told, new RegExp(`Old:.*${path}`));
        }
        await copies.sync.push(SOURCE);
        assert.deepEqual(copies.there.tree(), copies.here.tree());
        assert.equal(copies.there.exists('.hsm/sync/pending'), false);
      });
    }
  }

  it('goes back to the old commit, index and files when git is killed in the middle of its work', async () => {
    copies = makeCopies({ host, files });
    const { here, there } = copies;
    for (const path of Object.keys(files)) here.write(path, `committed ${path}\n`);
    here.write('fresh', 'f').commit();
    there.write('f3', 'old 3\n').write('mine', 'untouched');
    await copies.compare();
    // Git does half of its work, then it and the program die, with its lock left behind.
    host.sabotage = `
      git() {
        case "$*" in *' merge '*)
          rm -f f1; printf 'comm' >f0; printf 'committed f2\\n' >f2; printf f >fresh; : >"$GIT_INDEX_FILE.lock"; kill -9 $$ ;;
        esac
        command git "$@"
      }`;
    await assert.rejects(copies.sync.push(SOURCE));
    host.sabotage = '';
    const comparison = await copies.compare();
    assert.match(comparison.warnings.join(), /interrupted/);
    assert.equal(there.git('status', '--porcelain'), '?? mine');
    assert.deepEqual(there.tree(), { ...files, mine: 'untouched' });
    await copies.sync.push(SOURCE);
    assert.equal(there.git('rev-parse', 'HEAD'), here.git('rev-parse', 'HEAD'));
    assert.equal(there.git('status', '--porcelain'), '?? mine');
  });

  it('takes everything back when git refuses', async () => {
    copies = makeCopies({ host, files });
    const { here, there } = copies;
    here.write('f0', 'pushed before');
    await copies.sync.push(SOURCE);
    here.write('f1', 'x').commit();
    await copies.compare();
    host.sabotage = `git() { case "$*" in *' merge '*) echo 'no, thanks' >&2; return 1 ;; esac; command git "$@"; }`;
    const before = there.git('status', '--porcelain');
    await assert.rejects(copies.sync.push(SOURCE), /does not take the commits: no, thanks/);
    assert.equal(there.git('status', '--porcelain'), before);
    assert.equal(there.read('f0'), 'pushed before');
  });

  it('stops when the disk is full, names old and new files, and keeps all of the old', async function () {
    const dir = makeTempDir();
    const mounted = join(dir.path, 'small');
    mkdirSync(mounted);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', mounted]);
    if (mount.status !== 0) {
      dir.dispose();
      copies = makeCopies();
      this.skip();
    }
    try {
      copies = makeCopies({ git: 'none', files, checkoutDir: join(mounted, 'project') });
      await copies.compare();
      copies.here.write('big', Buffer.alloc(2 * 1024 * 1024, 7)).write('f0', 'new');
      await copies.compare();
      await assert.rejects(copies.sync.push(SOURCE), /Nothing was changed|cannot be written/);
      for (const [path, text] of Object.entries(files)) assert.equal(copies.there.read(path), text);
      copies.here.remove('big');
      await copies.compare();
      await copies.sync.push(SOURCE);
      assert.equal(copies.there.read('f0'), 'new');
    } finally {
      execFileSync('umount', [mounted]);
      dir.dispose();
    }
  });

  it('pulls nothing by half when it is aborted', async () => {
    copies = makeCopies({ files });
    const { here, there } = copies;
    for (const path of Object.keys(files)) there.write(path, 'there '.repeat(100_000));
    await copies.compare();
    const abort = new AbortController();
    const pulled = copies.sync.pull(SOURCE, {}, { signal: abort.signal });
    await waitUntil(
      'something has arrived',
      () => here.exists('.hsm/sync/staging/files/0') || undefined,
      20_000,
      1,
    );
    abort.abort();
    await pulled.catch(() => undefined);
    const texts = Object.keys(files).map((path) => here.read(path));
    const isOld = texts.every((text, index) => text === files[`f${index}`]);
    const isNew = texts.every((text, index) => text === there.read(`f${index}`));
    assert.ok(isOld || isNew);
    assert.equal(here.exists('.hsm/sync/staging'), false);
    assert.equal(here.isLocked(), false);
  });
});
