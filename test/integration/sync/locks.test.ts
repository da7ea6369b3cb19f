import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { HsmError } from '../../../src/core/base/errors';
import { openSync, SOURCE, useCopies, type Copies } from './copies';

const DEAD_PID = 999_999_999;

/** A lock as another sync left it, and whether the next one may take it. */
interface Left {
  readonly what: string;
  /** Text of the file `holder`; undefined: it was not written. */
  readonly holder?: string;
  readonly ageSec: number;
  readonly isTaken: boolean;
}

const CASES: readonly Left[] = [
  {
    what: 'a process that lives here',
    holder: `${process.pid} ${hostname()} a1`,
    ageSec: 9999,
    isTaken: false,
  },
  {
    what: 'a process of somebody else that lives here',
    holder: `1 ${hostname()} a1`,
    ageSec: 0,
    isTaken: false,
  },
  { what: 'a process that is gone', holder: `${DEAD_PID} ${hostname()} a1`, ageSec: 0, isTaken: true },
  {
    what: 'another machine, with a sign of life',
    holder: `${DEAD_PID} login2 a1`,
    ageSec: 20,
    isTaken: false,
  },
  { what: 'another machine, without one', holder: `${DEAD_PID} login2 a1`, ageSec: 90, isTaken: true },
  {
    what: 'this machine under another name, long ago',
    holder: `${process.pid} old-name a1`,
    ageSec: 90,
    isTaken: true,
  },
  { what: 'somebody who has not written a name yet', ageSec: 0, isTaken: false },
  { what: 'somebody who died before that', ageSec: 90, isTaken: true },
];

describe('the lock of a side', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  for (const direction of ['push', 'pull'] as const) {
    for (const { what, holder, ageSec, isTaken } of CASES) {
      it(`is ${isTaken ? 'taken over' : 'respected'} by a ${direction} when it is of ${what}`, async () => {
        const { here, there, sync } = make({ git: 'none' });
        const [from, to] = direction === 'push' ? [here, there] : [there, here];
        await copies.compare();
        from.write('train.py', 'new');
        await copies.compare();
        if (holder === undefined) to.write('.hsm/sync/lock/x', '').remove('.hsm/sync/lock/x');
        else to.write('.hsm/sync/lock/holder', `${holder}\n`);
        const aged = holder === undefined ? '.hsm/sync/lock' : '.hsm/sync/lock/holder';
        execFileSync('touch', ['-d', `-${ageSec} seconds`, join(to.dir, aged)]);
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
        assert.equal(to.exists('.hsm/sync/lock'), !isTaken);
      });
    }

    it(`lets one of many in that find it dead at the same time (${direction})`, async () => {
      const { here, there } = make({ git: 'none' });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      const syncs = Array.from({ length: 6 }, () => openSync({ projectDir: here.dir, checkout: there.dir }));
      await copies.compare();
      from.write('train.py', 'new');
      await Promise.all(syncs.map((sync) => sync.compare(SOURCE)));
      to.write('.hsm/sync/lock/holder', `${DEAD_PID} ${hostname()} a1\n`);
      const outcomes = await Promise.allSettled(syncs.map((sync) => sync[direction](SOURCE)));
      const done = outcomes.filter(({ status }) => status === 'fulfilled');
      // Whoever comes after the first finds that the file is no longer what it was, or that somebody is at work.
      assert.equal(
        done.length,
        1,
        JSON.stringify(outcomes.map((outcome) => String(Object.values(outcome)[1]))),
      );
      assert.equal(to.read('train.py'), 'new');
      assert.equal(to.exists('.hsm/sync/lock'), false);
    });
  }
});
