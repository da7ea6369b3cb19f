import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync as openFile,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { reachSharedHost } from '../../support/sshd/sharedHost';
import { Copy, needCopies, openSync, SOURCE, useCopies, verdicts } from './copies';

const run = promisify(execFile);

describe('syncing what is large', function () {
  this.timeout(300_000);
  const make = useCopies(() => undefined);

  it('carries a file of a gibibyte there, and a large one back, in a process of less than 300 MB', async () => {
    const [bytes, back] = [1024 ** 3 + 1, 96 * 1024 ** 2 + 1];
    const { here, there } = make();
    here.write('model.bin', 'beginning');
    there.write('other.bin', 'beginning there');
    growTo(join(here.dir, 'model.bin'), bytes);
    growTo(join(there.dir, 'other.bin'), back);
    const imports = ['tsx', './test/support/textModules.mjs'].flatMap((name) => ['--import', name]);
    const program = resolve('test/integration/sync/largePush.ts');
    const host = JSON.stringify(await reachSharedHost());
    const { stdout } = await run(process.execPath, [...imports, program, host, here.dir, there.dir]);
    const { most, written } = JSON.parse(stdout) as { most: number; written: string[] };
    assert.deepEqual(written, ['model.bin', 'other.bin']);
    assert.ok(most < 300 * 1024 * 1024, `it took ${Math.round(most / 1024 / 1024)} MB`);
    for (const name of ['model.bin', 'other.bin'])
      execFileSync('cmp', [join(here.dir, name), join(there.dir, name)]);
    assert.equal(statSync(join(there.dir, 'model.bin')).size, bytes);
    assert.equal(statSync(join(here.dir, 'other.bin')).size, back);
  });
});

/** Holes, with bytes of no pattern at places all over the file, also its last ones: a piece in another's place shows. */
function growTo(file: string, bytes: number): void {
  truncateSync(file, bytes);
  const descriptor = openFile(file, 'r+');
  for (let at = 12_345; at < bytes - 64; at += 7_654_321) writeSync(descriptor, randomBytes(64), 0, 64, at);
  writeSync(descriptor, randomBytes(64), 0, 64, bytes - 64);
  closeSync(descriptor);
}

/** In memory where there is room: to remove so many files may take a disk minutes. */
function roomyFolder(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize, ffree } = statfsSync(memory);
  return bavail * bsize > 3 * 1024 ** 3 && ffree > 500_000 ? memory : tmpdir();
}

describe('syncing many files', function () {
  this.timeout(300_000);
  const FILES = 100_000;
  const dir = mkdtempSync(join(roomyFolder(), "hsm it's many "));
  after(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  needCopies();

  /** Two clones of a project, made as fast as git can. */
  async function cloneTwice(): Promise<[Copy, Copy]> {
    const bare = join(dir, 'bare');
    execFileSync('git', ['init', '-q', '--bare', '--template=', '-b', 'main', bare]);
    const lines = [
      'blob',
      'mark :1',
      'data 9',
      'print(1)\n',
      'commit refs/heads/main',
      'committer t <t@e.org> 0 +0000',
    ];
    lines.push('data 5', 'first');
    for (let file = 0; file < FILES; file++)
      lines.push(`M 100644 :1 src/d${Math.floor(file / 200)}/f${file}.py`);
    execFileSync('git', ['fast-import', '--quiet'], { cwd: bare, input: `${lines.join('\n')}\n` });
    const sides = ['here', 'there'].map((name) => new Copy(join(dir, name)));
    await Promise.all(
      sides.map((side) => run('git', ['clone', '-q', '--template=', '--shared', bare, side.dir])),
    );
    const [here, there] = sides;
    assert.ok(here && there);
    return [here, there];
  }

  it('compares a hundred thousand, pushes ten of them and compares again', async () => {
    const [here, there] = await cloneTwice();
    mkdirSync(join(here.dir, 'outputs'));
    const sync = openSync({ projectDir: here.dir, checkout: there.dir });
    assert.equal((await sync.compare(SOURCE)).inSync, true);
    const edited = Array.from({ length: 10 }, (_, index) => `src/d${index * 40}/f${index * 8000}.py`).sort();
    for (const path of edited) appendFileSync(join(here.dir, path), 'print(2)\n');
    assert.deepEqual(Object.keys(verdicts(await sync.compare(SOURCE))), edited);
    assert.deepEqual((await sync.push(SOURCE)).written, edited);
    assert.equal((await sync.compare(SOURCE)).inSync, true);
    for (const path of edited) assert.equal(there.read(path), 'print(1)\nprint(2)\n');
    here.commit();
    await sync.compare(SOURCE);
    const { commits, comparison } = await sync.push(SOURCE);
    assert.deepEqual([commits, comparison?.inSync], [1, true]);
  });
});
