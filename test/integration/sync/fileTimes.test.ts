import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { pythonVenv, skipUnless } from '../../support/requirement';
import { waitUntil } from '../../support/waitUntil';
import { SOURCE, useCopies, type Copies, type Copy } from './copies';

/** Programs that keep what they made of a file tell by its time whether it is still that file. */
describe('the times of files that a sync writes', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  for (const direction of ['push', 'pull'] as const) {
    it(`are those of the transfer, also when it puts something back (${direction})`, async () => {
      const { here, there } = make({ files: { 'mod.py': 'x = 1\n' } });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      for (const text of ['x = 2\n', 'x = 3\n']) {
        from.write('mod.py', text);
        setTimeBack(from, 'mod.py');
        setTimeBack(to, 'mod.py');
        await copies.compare();
        const start = Date.now();
        await copies.sync[direction](SOURCE);
        checkWrittenSince(to, 'mod.py', start);
      }
      const [newest] = await copies.sync.backups(SOURCE);
      assert.ok(newest);
      const start = Date.now();
      await copies.sync.restore(SOURCE, newest);
      assert.equal(to.read('mod.py'), 'x = 2\n');
      checkWrittenSince(to, 'mod.py', start);
    });
  }

  it('make Python run what was pushed, not what it compiled before', async function () {
    skipUnless(this, pythonVenv);
    const { here, there } = make({ files: { 'mod.py': 'x = 0\n' } });
    for (const value of ['1', '2']) {
      await inAnotherSecond(there, 'mod.py');
      here.write('mod.py', `x = ${value}\n`);
      await copies.compare();
      await copies.sync.push(SOURCE);
      assert.equal(runPython(there, 'import mod; print(mod.x)'), value);
    }
    assert.ok(there.exists('__pycache__'), 'Python compiled nothing, so nothing was tested');
  });
});

/** Long enough that it is no time of this test. */
function setTimeBack(copy: Copy, path: string): void {
  const then = Date.now() / 1000 - 3600;
  utimesSync(join(copy.dir, path), then, then);
}

function checkWrittenSince(copy: Copy, path: string, startMs: number): void {
  // The clock of a file system may be a tick behind.
  const late = lstatSync(join(copy.dir, path)).mtimeMs - startMs;
  assert.ok(late > -100, `the time of ${path} is ${-late} ms before the transfer`);
}

/** Python looks at the seconds alone. */
async function inAnotherSecond(copy: Copy, path: string): Promise<void> {
  const written = Math.floor(lstatSync(join(copy.dir, path)).mtimeMs / 1000);
  await waitUntil('another second began', () => Math.floor(Date.now() / 1000) > written);
}

function runPython(copy: Copy, program: string): string {
  // Empty is as good as not set.
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '', PYTHONPYCACHEPREFIX: '' };
  return execFileSync('python3', ['-c', program], { cwd: copy.dir, env }).toString().trim();
}
