import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { HsmError } from '../../../src/core/base/errors';
import { startWord } from '../../../src/adapters/sync/workspace/lockHolder';
import { Copy, openSync, SOURCE, useCopies, type Copies } from './copies';
import { DyingHost } from './dyingHost';

const DEAD_PID = 999_999_999;

/** A lock as another sync left it, and whether the next one may take it. */
interface Left {
  readonly what: string;
  /** What its file says. */
  readonly holder: string;
  readonly ageSec: number;
  readonly isTaken: boolean;
  /** Default: the first number. */
  readonly file?: string;
}

const [BOOT = '', BEGAN = '', SPACE = ''] = startWord().split('/');
const OTHER_BOOT = '00000000-1111-2222-3333-444444444444';
/** As this process would write it, but for what is changed. */
function word({ pid = process.pid, boot = BOOT, began = BEGAN, space = SPACE } = {}): string {
  return `${pid} ${hostname()} ${boot}/${began}/${space} a1\n`;
}

const CASES: readonly Left[] = [
  { what: 'a process that lives here, however long it slept', holder: word(), ageSec: 9999, isTaken: false },
  { what: 'a process that is gone', holder: word({ pid: DEAD_PID }), ageSec: 0, isTaken: true },
  {
    what: 'a process whose number another one has now',
    holder: word({ began: '1' }),
    ageSec: 0,
    isTaken: true,
  },
  {
    what: 'a process of an earlier boot or of a machine with this name, with a sign of life',
    holder: word({ boot: OTHER_BOOT }),
    ageSec: 20,
    isTaken: false,
  },
  {
    what: 'a process of an earlier boot whose number another one has now',
    holder: word({ boot: OTHER_BOOT }),
    ageSec: 90,
    isTaken: true,
  },
  {
    what: 'another container that has this name, with a sign of life',
    holder: word({ pid: DEAD_PID, space: '1' }),
    ageSec: 20,
    isTaken: false,
  },
  {
    what: 'a process of which no start is told, with a sign of life',
    holder: word({ boot: '-', began: '-', space: '-' }),
    ageSec: 20,
    isTaken: false,
  },
  {
    what: 'another machine, with a sign of life',
    holder: `${DEAD_PID} login2 ${BOOT}/1/${SPACE} a1\n`,
    ageSec: 20,
    isTaken: false,
  },
  {
    what: 'another machine, without one',
    holder: `${DEAD_PID} login2 ${BOOT}/1/${SPACE} a1\n`,
    ageSec: 90,
    isTaken: true,
  },
  {
    what: 'this machine under another name, long ago',
    holder: `${process.pid} old-name ${BOOT}/1/${SPACE} a1\n`,
    ageSec: 90,
    isTaken: true,
  },
  { what: 'somebody who is just writing a name', holder: `${process.pid} log`, ageSec: 0, isTaken: false },
  { what: 'somebody who died before that', holder: '', ageSec: 90, isTaken: true },
  {
    what: 'an older format and a process that lives here',
    holder: `1 ${hostname()} a1\n`,
    ageSec: 20,
    isTaken: false,
    file: 'holder',
  },
  {
    what: 'an older format and a process that is gone',
    holder: `${DEAD_PID} ${hostname()} a1\n`,
    ageSec: 0,
    isTaken: true,
    file: 'holder',
  },
  {
    what: 'an older format and a process whose number another one has now',
    holder: `${process.pid} ${hostname()} a1\n`,
    ageSec: 90,
    isTaken: true,
    file: 'holder',
  },
  {
    what: 'a process that lives, and gave it back',
    holder: word(),
    ageSec: 0,
    isTaken: true,
    file: '1.free',
  },
];

describe('the lock of a side', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  it('is taken over on a disk that knows no links', async () => {
    const host = new DyingHost();
    const { here, there, sync } = make({ git: 'none', host });
    const bin = new Copy(join(here.dir, '..', 'bin'));
    bin.write('ln', '#!/bin/sh\necho "ln: Operation not permitted" >&2\nexit 1\n', 0o755);
    host.bin = bin.dir;
    here.write('train.py', 'new');
    there.write('.hsm/sync/lock/7', word({ pid: DEAD_PID }));
    await copies.compare();
    await sync.push(SOURCE, { files: ['train.py'] }, { agreed: 'everything' });
    assert.equal(there.read('train.py'), 'new');
    assert.match(there.read('.hsm/sync/lock/8.free') ?? '', /^\d+ \S+ \S+\/\d+\/\S+ [0-9a-f]{16}\n$/);
  });

  for (const direction of ['push', 'pull'] as const) {
    for (const { what, holder, ageSec, isTaken, file = '1' } of CASES) {
      it(`is ${isTaken ? 'taken' : 'respected'} by a ${direction} when it is of ${what}`, async () => {
        const host = new DyingHost();
        const { here, there, sync } = make({ git: 'none', host });
        // The checkout waits for a lock that may be given back at once.
        const bin = new Copy(join(here.dir, '..', 'bin'));
        bin.write('sleep', '#!/bin/sh\n[ "$1" = 1 ] || exec /bin/sleep "$@"\n', 0o755);
        host.bin = bin.dir;
        const [from, to] = direction === 'push' ? [here, there] : [there, here];
        await copies.compare();
        from.write('train.py', 'new');
        await copies.compare();
        to.write(`.hsm/sync/lock/${file}`, holder);
        execFileSync('touch', ['-d', `-${ageSec} seconds`, join(to.dir, '.hsm/sync/lock', file)]);
        if (isTaken) await sync[direction](SOURCE);
        else {
          await assert.rejects(sync[direction](SOURCE), (error) => {
            assert.ok(HsmError.is(error, 'sync.refused'));
            assert.match(error.message, /Another sync is at work/);
            assert.ok(error.details.hint?.includes(`${to.dir}/.hsm/sync/lock`), error.details.hint);
            return true;
          });
        }
        assert.equal(to.read('train.py') === 'new', isTaken);
        assert.equal(to.isLocked(), !isTaken);
      });
    }

    it(`lets one of many in that find it dead at the same time (${direction})`, async () => {
      const { here, there } = make({ git: 'none' });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      const syncs = Array.from({ length: 6 }, () => openSync({ projectDir: here.dir, checkout: there.dir }));
      await copies.compare();
      from.write('train.py', 'new');
      await Promise.all(syncs.map((sync) => sync.compare(SOURCE)));
      to.write('.hsm/sync/lock/1', word({ pid: DEAD_PID }));
      const outcomes = await Promise.allSettled(syncs.map((sync) => sync[direction](SOURCE)));
      const done = outcomes.filter(({ status }) => status === 'fulfilled');
      // Whoever comes after the first finds that the file is no longer what it was, or that somebody is at work.
      assert.equal(
        done.length,
        1,
        JSON.stringify(outcomes.map((outcome) => String(Object.values(outcome)[1]))),
      );
      assert.equal(to.read('train.py'), 'new');
      assert.equal(to.isLocked(), false);
    });
  }
});
