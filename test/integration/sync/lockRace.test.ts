import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { quoteWord } from '../../../src/core/base/shellWord';
import change from '../../../src/adapters/sync/checkout/change.sh';
import common from '../../../src/adapters/sync/checkout/common.sh';
import lock from '../../../src/adapters/sync/checkout/lock.sh';
import { makeTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';

/** Takes the lock once. Every second program dies with it, so that there is always a dead one to be found. */
const TAKE = `${common}${change}${lock}
renew_lock() { :; }
while [ ! -e stop ]; do
  take_lock || continue
  if mkdir inside 2>/dev/null; then rmdir inside && echo sh >>takes; else echo "two at a time" >>trouble; fi
  case $3 in *[13579]) kill -9 $$ ;; esac
  drop_lock
  exit
done`;
const AT_ONCE = 4;
/** Of each kind. */
const TAKES = 80;

describe('the lock of a side, wanted by many while its holders die', function () {
  this.timeout(120_000);
  let dir: ReturnType<typeof makeTempDir>;
  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => {
    dir.dispose();
  });

  /** Starts a program that takes the lock in the checkout, then the next one, until there is a file `stop`. */
  function takeByShell(root: string, name: number): ChildProcess {
    const again = `number=0; while [ ! -e ${quoteWord(join(root, 'stop'))} ]; do
      number=$((number + 1)); sh -c "$0" hsm ${quoteWord(root)} "mark${name}x$number" $number
    done; exit 0`;
    return spawn('sh', ['-c', again, TAKE], { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  function takeByNode(root: string): ChildProcess {
    const imports = ['tsx', './test/support/textModules.mjs'].flatMap((name) => ['--import', name]);
    const program = resolve('test/integration/sync/lockContender.ts');
    return spawn(process.execPath, [...imports, program, root], { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  it('lets in one at a time, from both sides', async () => {
    const root = join(dir.path, 'project');
    mkdirSync(join(root, '.hsm'), { recursive: true });
    const numbers = Array.from({ length: AT_ONCE }, (_, number) => number);
    const contenders = [
      ...numbers.map((number) => takeByShell(root, number)),
      takeByNode(root),
      takeByNode(root),
    ];
    const ended = Promise.all(contenders.map((child) => once(child, 'exit')));
    const errors = Promise.all(contenders.map(async ({ stderr }) => (stderr ? text(stderr) : '')));
    const troubles = (): string[] => readLines(join(root, 'trouble'));
    const takes = (): string[] => readLines(join(root, 'takes'));
    const isOver = (): boolean =>
      troubles().length > 0 ||
      contenders.some(({ exitCode }) => exitCode !== null) ||
      ['sh', 'node'].every((kind) => takes().filter((take) => take === kind).length >= TAKES);
    try {
      await waitUntil('enough had the lock', isOver, 90_000);
    } finally {
      writeFileSync(join(root, 'stop'), '');
      await ended;
    }
    assert.deepEqual(troubles(), []);
    assert.ok(
      contenders.every(({ exitCode }) => exitCode === 0),
      (await errors).join(''),
    );
  });
});

function readLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
