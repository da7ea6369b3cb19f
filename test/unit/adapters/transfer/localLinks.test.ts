import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOfLinksIn, faultOfPlace, makeLinks } from '../../../../src/adapters/transfer/localLinks';
import type { SkippedFile } from '../../../../src/adapters/transfer/transfer';
import { makeTempDir } from '../../../support/tempDir';

const NOBODY = 65_534;
const never = new AbortController().signal;

describe('a symbolic link that is to be here', function () {
  let dir: ReturnType<typeof makeTempDir>;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => {
    dir.dispose();
  });

  function make(...links: readonly [string, string][]): Promise<SkippedFile[]> {
    return makeLinks(dir.path, new Map(links), never);
  }

  it('keeps no other from being made when it cannot be', async () => {
    const skipped = await make(['t/long', 'x'.repeat(5_000)], [`t/${'n'.repeat(300)}`, 'a'], ['t/best', 'a']);
    assert.deepEqual(
      skipped.map(({ path, reason }) => `${reason} ${path.slice(0, 6)}`),
      ['place t/long', 'place t/nnnn'],
    );
    for (const { detail } of skipped)
      assert.match(detail, /^is a symbolic link that cannot be made here: ENAMETOOLONG/);
    assert.deepEqual(readdirSync(join(dir.path, 't')), ['best']);
    assert.equal(readlinkSync(join(dir.path, 't/best')), 'a');
  });

  it('leaves nothing behind when it cannot take the place of a file', async function () {
    // What root may do is not refused, so somebody else has to try.
    if (process.geteuid?.() !== 0 || !process.seteuid) this.skip();
    chmodSync(dir.path, 0o1777);
    writeFileSync(join(dir.path, 'best'), 'of another user, in a directory where only owners replace');
    process.seteuid(NOBODY);
    let making: Promise<SkippedFile[]>;
    try {
      making = make(['best', 'a']);
    } finally {
      process.seteuid(0);
    }
    const [skipped] = await making;
    // Temporary directories may lie in one that others may not enter.
    if (skipped?.detail.includes('EACCES') === true) this.skip();
    assert.match(skipped?.detail ?? '', /^is a symbolic link that cannot be made here: EPERM.*rename/);
    assert.deepEqual(readdirSync(dir.path), ['best']);
  });

  it('is known beforehand not to take the place of something else', () => {
    mkdirSync(join(dir.path, 't/busy'), { recursive: true });
    writeFileSync(join(dir.path, 't/file'), '');
    symlinkSync('busy', join(dir.path, 't/link'));
    function check(path: string, fault: RegExp | undefined, faultOfDisk?: string): void {
      const found = faultOfPlace(dir.path, path, faultOfDisk);
      if (fault) assert.match(found ?? '', fault, path);
      else assert.equal(found, undefined, path);
    }
    check('t/busy', /something else/);
    check('t/file/x', /something else/);
    check('t/link/x', /something else/);
    check('t/busy', /something else/, 'no links');
    check('t/free', /^no links$/, 'no links');
    for (const path of ['t/free', 't/file', 't/link', 'new/x']) check(path, undefined);
  });

  it('can be made where the disk says so, which leaves nothing', () => {
    assert.equal(faultOfLinksIn(dir.path), undefined);
    assert.equal(faultOfLinksIn(join(dir.path, 'not/there')), undefined);
    writeFileSync(join(dir.path, 'file'), '');
    assert.match(faultOfLinksIn(join(dir.path, 'file')) ?? '', /^is a symbolic link .*ENOTDIR/);
    assert.deepEqual(readdirSync(dir.path), ['file']);
  });
});
