import assert from 'node:assert/strict';
import type { Change } from '../../../../src/core/facade';
import { ChangeBatch, mergeChanges, REDRAW_INTERVAL_MS } from '../../../../src/ui/state/changeBatch';
import { FakeFacade } from '../../../support/fakeFacade';
import { ManualClock } from '../../../support/manualClock';

const tasks = (sweepId: string, ...numbers: number[]): Change => ({ sweeps: new Map([[sweepId, numbers]]) });
const everyTask = (sweepId: string): Change => ({ sweeps: new Map([[sweepId, undefined]]) });

function checkMerge(a: Change, b: Change, expected: Change): void {
  assert.deepEqual(mergeChanges(a, b), expected);
}

describe('merged changes', () => {
  it('name the tasks of both, each once', () => {
    checkMerge(tasks('a', 1, 2), tasks('a', 2, 3), tasks('a', 1, 2, 3));
  });

  it('keep sweeps apart', () => {
    checkMerge(tasks('a', 1), tasks('b', 1), {
      sweeps: new Map([
        ['a', [1]],
        ['b', [1]],
      ]),
    });
  });

  it('stay too many to name, whichever of them was', () => {
    checkMerge(everyTask('a'), tasks('a', 1), everyTask('a'));
    checkMerge(tasks('a', 1), everyTask('a'), everyTask('a'));
  });

  it('keep word of the list of sweeps and of sources', () => {
    checkMerge({ sweepList: true }, { sources: true }, { sweepList: true, sources: true });
  });
});

describe('gathering changes', () => {
  async function setUp(): Promise<{
    facade: FakeFacade;
    clock: ManualClock;
    seen: Change[];
    batch: ChangeBatch;
  }> {
    const facade = new FakeFacade();
    const clock = new ManualClock();
    const batch = new ChangeBatch(facade, clock);
    const seen: Change[] = [];
    batch.onDidChange((change) => seen.push(change));
    await clock.advance(0);
    return { facade, clock, seen, batch };
  }

  it('passes the first change at once', async () => {
    const { facade, clock, seen } = await setUp();
    facade.fire(tasks('a', 1));
    await clock.advance(0);
    assert.deepEqual(seen, [tasks('a', 1)]);
  });

  it('passes at most four a second, and loses none', async () => {
    const { facade, clock, seen } = await setUp();
    for (let i = 1; i <= 100; i++) {
      facade.fire(tasks('a', i));
      await clock.advance(10);
    }
    await clock.advance(REDRAW_INTERVAL_MS);
    assert.ok(seen.length <= 6, `${seen.length} in about a second`);
    const numbers = seen.flatMap((change) => change.sweeps?.get('a') ?? []);
    assert.deepEqual(
      numbers,
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  });

  it('passes nothing after it was disposed', async () => {
    const { facade, clock, seen, batch } = await setUp();
    facade.fire(tasks('a', 1));
    batch.dispose();
    facade.fire(tasks('a', 2));
    await clock.advance(1000);
    assert.deepEqual(seen, []);
  });
});
