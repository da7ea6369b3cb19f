import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assign, rebalance, type SourceView } from '../../../../src/core/engine/assign';

type Brief = Partial<Omit<SourceView, 'name'>>;

function views(sources: Record<string, Brief>): SourceView[] {
  return Object.entries(sources).map(([name, brief]) => ({
    name,
    slots: 1,
    healthy: true,
    queued: 0,
    running: 0,
    ...brief,
  }));
}

function checkAssign(
  waiting: number,
  sources: Record<string, Brief>,
  expected: Record<string, number>,
): void {
  const shares = assign(waiting, views(sources));
  assert.deepEqual(Object.fromEntries(shares.map(({ source, count }) => [source, count])), expected);
}

function checkRebalance(sources: Record<string, Brief>, expected: Record<string, number>): void {
  const shares = rebalance(views(sources));
  assert.deepEqual(Object.fromEntries(shares.map(({ source, count }) => [source, count])), expected);
}

describe('assign', () => {
  it('gives everything to the only source, so that work goes on with nobody connected', () => {
    checkAssign(100, { a: { slots: 2 } }, { a: 100 });
  });

  it('gives nothing when nothing waits or no source can take work', () => {
    checkAssign(0, { a: {} }, {});
    checkAssign(3, { a: { healthy: false }, b: { slots: 0 } }, {});
  });

  it('gives no task to a source that is unhealthy', () => {
    checkAssign(3, { a: { slots: 2, healthy: false }, b: {} }, { b: 3 });
  });

  it('shares by slots, and by speed once it is known', () => {
    checkAssign(30, { a: { slots: 2 }, b: { slots: 1 } }, { a: 20, b: 10 });
    checkAssign(30, { a: { meanMs: 1000 }, b: { meanMs: 2000 } }, { a: 20, b: 10 });
  });

  it('fills up the source that holds less', () => {
    checkAssign(10, { a: { queued: 10 }, b: {} }, { b: 10 });
    checkAssign(10, { a: { queued: 4 }, b: {} }, { a: 3, b: 7 });
  });

  it('hands over every waiting task, and to healthy sources alone', () => {
    const source = fc.record({
      slots: fc.nat(64),
      healthy: fc.boolean(),
      queued: fc.nat(1000),
      running: fc.nat(64),
      meanMs: fc.option(fc.double({ min: 1, max: 1e7, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.nat(100_000), fc.array(source, { maxLength: 8 }), (waiting, briefs) => {
        const sources = briefs.map((brief, index) => ({ ...brief, name: `s${index}` })) as SourceView[];
        const shares = assign(waiting, sources);
        const able = new Set(
          sources.filter(({ healthy, slots }) => healthy && slots > 0).map(({ name }) => name),
        );
        assert.ok(
          shares.every(({ source: name, count }) => able.has(name) && count > 0 && Number.isInteger(count)),
        );
        const given = shares.reduce((sum, { count }) => sum + count, 0);
        assert.equal(given, able.size > 0 ? waiting : 0);
      }),
    );
  });
});

describe('rebalance', () => {
  it('leaves sources alone that all have work', () => {
    checkRebalance({ a: { queued: 100, running: 1 }, b: { queued: 1, running: 1 } }, {});
  });

  it('takes a fair part back when another source runs dry', () => {
    checkRebalance({ a: { queued: 99, running: 1 }, b: {} }, { a: 50 });
  });

  it('leaves what starts within moments', () => {
    checkRebalance({ a: { slots: 4, queued: 4, running: 4 }, b: { slots: 4 } }, {});
  });

  it('takes long tasks back that would wait for a slot while another source idles', () => {
    const slow = { slots: 2, queued: 2, running: 2, meanMs: 3000 };
    checkRebalance({ slow, fast: { slots: 2, meanMs: 1000 } }, { slow: 2 });
    checkRebalance({ slow: { ...slow, meanMs: 200 }, fast: { slots: 2, meanMs: 100 } }, {});
    // Of a source without a history, those of the others tell.
    checkRebalance(
      { slow: { slots: 2, queued: 2, running: 2 }, fast: { slots: 2, meanMs: 60_000 } },
      { slow: 2 },
    );
  });

  it('takes nothing back for a source that would be slower than the wait', () => {
    const fast = { slots: 4, queued: 4, running: 4, meanMs: 1000 };
    checkRebalance({ fast, slow: { slots: 4, meanMs: 60_000 } }, {});
  });

  it('takes everything unstarted back from an unhealthy source when another can do it', () => {
    checkRebalance({ a: { healthy: false, queued: 7 }, b: { queued: 3, running: 1 } }, { a: 7 });
    checkRebalance({ a: { healthy: false, queued: 7 } }, {});
  });
});
