import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostProcess } from '../../../src/adapters/host/streamHost';
import { SharedHost } from '../../support/sshd/sharedHost';
import { makeCopies, needCopies, SOURCE, verdicts, type Copies, type Copy } from './copies';
import { pullKilledAt } from './pullKilledAt';

const PATHS = Array.from({ length: 6 }, (_, index) => `d${index % 2}/f${index}`);
const files = Object.fromEntries(PATHS.map((path) => [path, `old ${path}\n`]));

/** Every text of a side before a transfer is there afterwards, or in a backup of that side. */
async function checkNothingLost(copies: Copies, before: Record<string, string>, side: Copy): Promise<void> {
  const name = side === copies.here ? 'local' : 'remote';
  const backups = (await copies.sync.backups(SOURCE)).filter((backup) => backup.side === name);
  const after = side.tree();
  for (const [path, content] of Object.entries(before)) {
    const kept = backups
      .filter((backup) => backup.files.includes(path))
      .map(({ id }) => side.read(`.hsm/sync/backups/${id}/files/${path}`));
    assert.ok([after[path], ...kept].includes(content), `${path} is lost: ${content}`);
  }
}

/** After a transfer from `from` to `to` broke off: every file is old or new, and the next comparison says which. */
async function checkOldOrNew(
  copies: Copies,
  before: Record<string, string>,
  [from, to]: readonly [Copy, Copy],
  planned: readonly string[] = PATHS,
): Promise<boolean> {
  const now = to.tree();
  for (const path of PATHS) {
    assert.ok([before[path], from.tree()[path]].includes(now[path]), `${path}: ${now[path] ?? 'gone'}`);
  }
  const comparison = await copies.reopen().compare(SOURCE);
  const differing = verdicts(comparison);
  const isOld = (path: string): boolean => path in differing;
  for (const path of PATHS) assert.equal(isOld(path), to.tree()[path] !== from.tree()[path], path);
  const told = comparison.warnings.find((warning) => warning.includes('interrupted'));
  for (const path of told === undefined ? [] : planned) {
    assert.match(told ?? '', new RegExp(isOld(path) ? `Old:.*${path}` : `New:.*${path}.*Old:`));
  }
  assert.equal(to.exists('.hsm/sync/pending'), false);
  return told !== undefined;
}

function seeded(seed: number, below: number): number {
  return Number((BigInt(seed) * 2_654_435_761n) % 4_294_967_296n) % below;
}

describe('a sync whose process is killed', function () {
  this.timeout(120_000);
  let copies: Copies;

  needCopies();
  afterEach(() => {
    copies.dispose();
  });

  it('leaves every file of a pull old or new, names them, and loses nothing, wherever it is killed', async () => {
    copies = makeCopies({ files });
    const { here, there } = copies;
    let interrupted = 0;
    for (let round = 1; round <= 4; round++) {
      for (const path of PATHS) there.write(path, `round ${round} ${path}\n`);
      const before = here.tree();
      // The first steps only take the lock; later ones than these come after the end.
      await pullKilledAt(copies, 6 + seeded(round, 36));
      if (await checkOldOrNew(copies, before, [there, here])) interrupted += 1;
      await checkNothingLost(copies, before, here);
      await copies.compare();
      await copies.sync.pull(SOURCE);
      assert.deepEqual(here.tree(), there.tree());
      await checkNothingLost(copies, before, here);
    }
    assert.ok(interrupted >= 2, `only ${interrupted} of the pulls broke off in the middle`);
  });

  it('goes back to the old commit when git dies with the pull, and leaves no refs or locks of its own', async () => {
    copies = makeCopies({ files: { ...files, 'top.txt': 'old' } });
    const { here, there } = copies;
    for (const path of PATHS) there.write(path, `committed ${path}\n`);
    there.write('fresh', 'f').commit();
    here.write('mine', 'untouched');
    const before = here.tree();
    // Git does half of its work, then it and the program die, with its lock left behind.
    const bin = join(here.dir, '..', 'bin');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'git'),
      `#!/bin/sh
      case "$*" in *' merge '*)
        rm -f d0/f0; printf 'comm' >d1/f1; printf f >fresh; : >"$GIT_INDEX_FILE.lock"
        kill -9 $PPID; exit 1 ;;
      esac
      PATH=\${PATH#*:} exec git "$@"`,
    );
    chmodSync(join(bin, 'git'), 0o755);
    assert.equal(await pullKilledAt(copies, 0, { path: bin }), false);
    const comparison = await copies.compare();
    assert.match(comparison.warnings.join(), /interrupted here/);
    assert.deepEqual(here.tree(), before);
    assert.equal(here.git('status', '--porcelain'), '?? mine');
    assert.equal(here.git('for-each-ref', 'refs/hsm'), '');
    await copies.sync.pull(SOURCE);
    assert.equal(here.git('rev-parse', 'HEAD'), there.git('rev-parse', 'HEAD'));
    assert.equal(here.git('status', '--porcelain'), '?? mine');
  });

  it('brings commits and edits together again after it was killed between them', async () => {
    copies = makeCopies({ files });
    const { here, there } = copies;
    for (let round = 1; round <= 2; round++) {
      const before = here.tree();
      there.write(PATHS[0] ?? '', `committed ${round}\n`).commit();
      for (const path of PATHS.slice(1)) there.write(path, `edited ${round} ${path}\n`);
      await pullKilledAt(copies, 10 + seeded(round + 20, 30));
      await checkOldOrNew(copies, before, [there, here], PATHS.slice(1));
      // What was committed is in git's history.
      const uncommitted = PATHS.slice(1).map((path) => [path, before[path] ?? '']);
      await checkNothingLost(copies, Object.fromEntries(uncommitted) as Record<string, string>, here);
      await copies.compare();
      await copies.sync.pull(SOURCE);
      assert.deepEqual(here.tree(), there.tree());
      assert.equal(here.git('rev-parse', 'HEAD'), there.git('rev-parse', 'HEAD'));
      assert.equal(here.git('for-each-ref', 'refs/hsm'), '');
    }
  });

  for (const victims of ['$$', '$$, getppid()']) {
    it(`leaves every file of a push old or new when Perl is killed at its work there (kill ${victims})`, async () => {
      const host = new PerlKillingHost(victims);
      copies = makeCopies({ files, host });
      const { here, there } = copies;
      for (let round = 1; round <= 4; round++) {
        for (const path of PATHS) here.write(path, `round ${round} ${path}\n`);
        const before = there.tree();
        await copies.compare();
        host.step = 1 + seeded(round + 40, 24);
        await assert.rejects(copies.sync.push(SOURCE), `at step ${host.step}`);
        host.step = 0;
        await checkOldOrNew(copies, before, [here, there]);
        await checkNothingLost(copies, before, there);
        await copies.compare();
        await copies.sync.push(SOURCE);
        assert.deepEqual(there.tree(), here.tree());
        await checkNothingLost(copies, before, there);
      }
    });
  }
});

/** Kills Perl there, before its nth change of the disk. */
class PerlKillingHost extends SharedHost {
  step = 0;

  constructor(private readonly victims: string) {
    super();
  }

  override start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    if (this.step === 0 || !argv.some((word) => word.includes('# $3: id of this sync'))) {
      return super.start(argv, signal);
    }
    const overrides = ['rename', 'link', 'mkdir', 'chmod'].map((name) => {
      const call = name === 'mkdir' ? 'CORE::mkdir($_[0])' : `CORE::${name}($_[0], $_[1])`;
      return `*CORE::GLOBAL::${name} = sub { if (++$main::steps == ${this.step}) { kill 9, ${this.victims}; sleep 1 } ${call} };`;
    });
    const [sh = 'sh', flag = '-c', script = '', ...rest] = argv;
    const sabotage = `perl() { command perl -e 'BEGIN { ${overrides.join(' ')} } eval shift; die $@ if $@' "$2" "$3" "$4" "$5" "$6"; }`;
    return super.start([sh, flag, `${sabotage}\n${script}`, ...rest], signal);
  }
}
