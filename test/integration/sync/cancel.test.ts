import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isRunning } from '../../../src/adapters/host/processIdentity';
import { quoteWord } from '../../../src/core/base/shellWord';
import { waitUntil } from '../../support/waitUntil';
import { Copy, frozen, SOURCE, useCopies, type Copies, type CopiesOptions } from './copies';

/** A command of git that takes for ever in the workspace, and what asks for it. */
interface Endless {
  readonly command: string;
  readonly step: 'compare' | 'push' | 'pull';
  readonly git?: CopiesOptions['git'];
}

const CASES: readonly Endless[] = [
  { command: 'rev-parse', step: 'compare' },
  { command: 'status', step: 'compare' },
  { command: 'diff-tree', step: 'compare' },
  { command: 'ls-files', step: 'compare', git: 'here' },
  { command: 'bundle', step: 'push' },
  { command: 'fetch', step: 'pull' },
];

describe('cancelling while git works in the workspace', function () {
  this.timeout(60_000);
  const path = process.env['PATH'] ?? '';
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });
  afterEach(() => {
    process.env['PATH'] = path;
  });

  /** Only in the workspace; its process puts its number into a file. */
  function makeEndless(command: string): Copy {
    const bin = new Copy(join(copies.here.dir, '..', 'bin'));
    const waits = `case "$PWD" in ${quoteWord(copies.here.dir)}) echo $$ >${quoteWord(join(bin.dir, 'pid'))}; exec sleep 1000 ;; esac`;
    bin.write(
      'git',
      `#!/bin/sh\nPATH='${path}'\ncase "$*" in *' ${command} '*) ${waits} ;; esac\nexec git "$@"\n`,
      0o755,
    );
    process.env['PATH'] = `${bin.dir}:${path}`;
    copies.sync = copies.reopen();
    return bin;
  }

  for (const { command, step, git } of CASES) {
    it(`ends a ${step} that waits for git ${command}, and its process`, async () => {
      const { here, there } = make({ ...(git && { git }) });
      const [from, to] = step === 'pull' ? [there, here] : [here, there];
      if (git === undefined) from.write('train.py', 'two\n').commit();
      const shown = await copies.compare();
      const before = git === undefined ? frozen(to) : {};
      const bin = makeEndless(command);
      const abort = new AbortController();
      const { signal } = abort;
      const work =
        step === 'compare'
          ? copies.sync.compare(SOURCE, signal)
          : copies.sync[step](SOURCE, {}, { shown, signal });
      work.catch(() => undefined);
      const pid = Number(
        await waitUntil('git is at work', () => bin.read('pid')?.endsWith('\n') === true && bin.read('pid')),
      );
      abort.abort();
      await assert.rejects(work, { name: 'AbortError' });
      await waitUntil('git has ended', () => !isRunning(pid), 5000);
      process.env['PATH'] = path;
      assert.deepEqual(git === undefined ? frozen(to) : {}, before);
      assert.equal(to.isLocked(), false);
    });
  }
});
