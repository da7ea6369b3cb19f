import assert from 'node:assert/strict';
import type { Reason } from '../../../../src/core/sync/comparison';
import { runningReasons } from '../../../../src/core/sync/consent';
import { planSync } from '../../../../src/core/sync/plan';
import { ProjectSyncError } from '../../../../src/core/sync/projectSyncError';
import { FakeCheckout, syncOf } from '../../../support/fakeCheckout';
import { waitUntil } from '../../../support/waitUntil';

const HEAD = { 'a.py': '1', 'b.py': '1', 'c.py': '1' };

function setUp(running: () => number = () => 0) {
  const checkout = new FakeCheckout(HEAD, { 'a.py': '2', 'b.py': '2', 'new.py': 'n' }, { 'b.py': '3' });
  return { checkout, sync: syncOf(checkout, running) };
}

async function reasonsOf(refused: Promise<unknown>): Promise<readonly Reason[]> {
  try {
    await refused;
  } catch (error) {
    assert.ok(error instanceof ProjectSyncError);
    return error.details.reasons;
  }
  assert.fail('It was not refused.');
}

/** A look that lasts until it is aborted or let go. */
function holdLooks(checkout: FakeCheckout): { letGo: () => void; begun: () => number } {
  let looks = 0;
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  checkout.onLook = async (signal) => {
    looks += 1;
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
    await Promise.race([gate, aborted]);
  };
  return { letGo, begun: () => looks };
}

describe('the word that a transfer needs', () => {
  it('holds for what was named, and for nothing that came up since', async () => {
    const { sync, checkout } = setUp();
    const shown = await sync.compare('gpubox');
    const agreed = planSync('pull', shown, { files: ['b.py'] }).needsWord;
    const both = { files: ['b.py', 'new.py'] };
    const [left, ...more] = await reasonsOf(sync.pull('gpubox', both, { shown, agreed }));
    assert.match(left?.text ?? '', /^new\.py is only here; it would be deleted here/);
    assert.deepEqual(more, []);
    assert.deepEqual(checkout.plans, []);
    await sync.pull('gpubox', both, { shown, agreed: [...agreed, ...(left ? [left] : [])] });
    assert.equal(checkout.plans.length, 1);
  });

  it('holds for as many running tasks as were told, not for more', async () => {
    let running = 2;
    const { sync } = setUp(() => running);
    const told = runningReasons('gpubox', 2);
    const push = (): Promise<unknown> => sync.push('gpubox', { files: ['a.py'] }, { agreed: told });
    running = 3;
    assert.match((await reasonsOf(push()))[0]?.text ?? '', /^3 tasks run from the checkout of gpubox/);
    assert.equal(sync.remote('gpubox')?.error, undefined, 'a question is no failure');
    running = 1;
    await push();
  });

  it('does not come with a yes to a file when tasks began to run meanwhile', async () => {
    let running = 0;
    const { sync } = setUp(() => running);
    const shown = await sync.compare('gpubox');
    const agreed = planSync('push', shown, { files: ['b.py'] }).needsWord;
    running = 1;
    const reasons = await reasonsOf(sync.push('gpubox', { files: ['b.py'] }, { shown, agreed }));
    assert.deepEqual(
      reasons.map(({ runningTasks }) => runningTasks),
      [1],
    );
  });

  it('is needed for restoring what running tasks read, and not for restoring here', async () => {
    const { sync, checkout } = setUp(() => 1);
    checkout.backupList = (['local', 'remote'] as const).map((side) => ({
      id: side,
      side,
      createdAtMs: 0,
      files: ['a.py'],
    }));
    const there = { id: 'remote', side: 'remote' } as const;
    await sync.restore('gpubox', { id: 'local', side: 'local' });
    const agreed = await reasonsOf(sync.restore('gpubox', there));
    assert.match(agreed[0]?.text ?? '', /^1 task runs from the checkout/);
    await sync.restore('gpubox', there, { agreed });
    assert.deepEqual(checkout.restored, ['local: a.py', 'remote: a.py']);
  });

  it('can be given for a file whose name holds control characters', async () => {
    const path = 'x\u001b]52;c;cm0=\u0007y';
    const checkout = new FakeCheckout(HEAD, { [path]: 'mine' }, { [path]: 'theirs' });
    const sync = syncOf(checkout);
    const agreed = await reasonsOf(sync.push('gpubox', { files: [path] }));
    assert.equal(agreed[0]?.text.includes('\u001b'), false);
    await sync.push('gpubox', { files: [path] }, { agreed });
    assert.equal(checkout.plans.length, 1);
  });
});

describe('a transfer that was done', () => {
  it('is reported when it cannot be compared again', async () => {
    const { sync, checkout } = setUp();
    const shown = await sync.compare('gpubox');
    checkout.onLook = () => Promise.reject(new Error('gpubox is away.'));
    const report = await sync.push('gpubox', { files: ['a.py'] }, { shown });
    assert.deepEqual(report.written, ['a.py']);
    assert.equal(report.notCompared, 'gpubox is away.');
    const summary = sync.remote('gpubox');
    assert.equal(summary?.comparison, undefined);
    assert.equal(summary?.error, 'gpubox is away.');
  });

  it('is reported when the user does not wait for the comparison', async () => {
    const { sync, checkout } = setUp();
    const shown = await sync.compare('gpubox');
    const looks = holdLooks(checkout);
    const abort = new AbortController();
    const pushing = sync.push('gpubox', { files: ['a.py'] }, { shown, signal: abort.signal });
    await waitUntil('it looks again', () => looks.begun() === 1);
    abort.abort();
    const report = await pushing;
    assert.deepEqual(
      [report.written, report.comparison, report.notCompared],
      [['a.py'], undefined, undefined],
    );
    assert.equal(sync.remote('gpubox')?.error, undefined);
  });

  it('is reported as restored, too', async () => {
    const { sync, checkout } = setUp();
    checkout.backupList = [{ id: 'x', side: 'local', createdAtMs: 0, files: ['a.py'] }];
    checkout.onLook = () => Promise.reject(new Error('gpubox is away.'));
    assert.deepEqual(await sync.restore('gpubox', { id: 'x', side: 'local' }), ['a.py']);
    assert.equal(sync.remote('gpubox')?.error, 'gpubox is away.');
  });
});

describe('a step that waits for another', () => {
  it('ends at once when it is not wanted any more, though the other one hangs', async () => {
    const { sync, checkout } = setUp();
    const looks = holdLooks(checkout);
    const first = sync.compare('gpubox');
    await waitUntil('the first looks', () => looks.begun() === 1);
    const abort = new AbortController();
    const second = sync.compare('gpubox', abort.signal);
    abort.abort();
    await assert.rejects(second, { name: 'AbortError' });
    looks.letGo();
    await first;
    assert.equal(looks.begun(), 1);
  });

  it('does not wait for a comparison that nobody asked for', async () => {
    const { sync, checkout } = setUp();
    const looks = holdLooks(checkout);
    const refreshed = sync.refresh('gpubox');
    await waitUntil('it looks', () => looks.begun() === 1);
    assert.equal(sync.remote('gpubox')?.phase, 'idle');
    const mine = sync.compare('gpubox');
    assert.equal(await refreshed, undefined);
    assert.equal(await sync.refresh('gpubox'), undefined);
    looks.letGo();
    await mine;
    assert.equal(looks.begun(), 2);
    assert.equal(sync.remote('gpubox')?.error, undefined);
    assert.equal((await sync.refresh('gpubox'))?.source, 'gpubox');
  });
});
