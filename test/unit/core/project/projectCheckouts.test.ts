import assert from 'node:assert/strict';
import { parseConfig, mergeConfigs } from '../../../../src/core/project/config';
import { ProjectCheckouts, requireInSync } from '../../../../src/core/project/projectCheckouts';
import type { SourceConfig } from '../../../../src/core/project/sourceConfig';
import type { SourceSummary, StartOptions } from '../../../../src/core/facade';
import { ProjectSyncError } from '../../../../src/core/sync/projectSyncError';
import { FakeCheckout, syncOf } from '../../../support/fakeCheckout';
import { ManualClock } from '../../../support/manualClock';

const SOURCES = `
sources:
  node: { type: ssh, host: login, checkout: ~/work/project/ }
  queue: { type: slurm, host: login, checkout: ~/work/project }
  copies: { type: ssh, host: login, checkout: ~/work/project, code: snapshot }
  other: { type: ssh, host: login, checkout: ~/work/second }
  far: { type: ssh, host: elsewhere, checkout: ~/work/project }
`;

function sourcesOf(text: string): Readonly<Record<string, SourceConfig>> {
  const { value, problems } = parseConfig(text);
  assert.deepEqual(problems, []);
  return mergeConfigs(value).sources;
}

function checkoutsWith(
  active: Readonly<Record<string, number>>,
  observe: (sources: readonly string[]) => Promise<void> = () => Promise.resolve(),
): ProjectCheckouts {
  const config = { ...mergeConfigs(), sources: sourcesOf(SOURCES) };
  const summaries = Object.entries(config.sources).map(([name, { type }]): SourceSummary => ({
    name,
    type,
    slots: 4,
    active: active[name] ?? 0,
  }));
  const openCheckout = () => assert.fail('opened');
  return new ProjectCheckouts(
    { openCheckout, clock: new ManualClock() },
    () => config,
    () => summaries,
    observe,
  );
}

describe('tasks that run from a checkout', () => {
  it('are those of every source that runs what lies in the same folder of the same host', () => {
    const checkouts = checkoutsWith({ node: 1, queue: 2, copies: 4, other: 8, far: 16 });
    const counts = ['node', 'queue', 'copies', 'other', 'far'].map((name) => checkouts.runningTasks(name));
    assert.deepEqual(counts, [3, 3, 3, 8, 16]);
  });

  it('are asked for at each of these sources, and at no other', async () => {
    const asked: (readonly string[])[] = [];
    const checkouts = checkoutsWith({}, (sources) => Promise.resolve(void asked.push(sources)));
    await checkouts.learnRunningTasks('node');
    await checkouts.learnRunningTasks('other');
    assert.deepEqual(asked, [['node', 'queue'], ['other']]);
  });
});

describe('a checkout before a start', () => {
  const HEAD = { 'a.py': '1', 'old.py': '1' };
  const chosen = new Map(
    Object.entries(sourcesOf('sources: { gpubox: { type: ssh, host: box, checkout: ~/p } }')),
  );

  function start(
    checkout: FakeCheckout,
    options: Pick<StartOptions, 'sync' | 'agreed'>,
    running = 0,
    signal = new AbortController().signal,
  ): Promise<void> {
    const settings = { exclude: [], beforeStart: 'ask' } as const;
    return requireInSync(
      syncOf(checkout, () => running),
      chosen,
      settings,
      options,
      signal,
    );
  }

  /** One whose files arrive as they are sent. */
  function makeCheckout(here: Record<string, string | undefined>, onTransfer?: () => void): FakeCheckout {
    const checkout = new FakeCheckout(HEAD, here, {});
    const transfer = checkout.transfer.bind(checkout);
    checkout.transfer = async (plan) => {
      const sent = plan.files.map(({ path }) => [path, checkout.here[path]] as const);
      checkout.there = { ...checkout.there, ...Object.fromEntries(sent) };
      onTransfer?.();
      return transfer(plan);
    };
    return checkout;
  }

  it('is pushed to, and what stays deleted only here does not keep the sweep', async () => {
    const checkout = makeCheckout({ 'a.py': '2', 'old.py': undefined });
    await start(checkout, { sync: 'push' });
    assert.deepEqual(
      checkout.plans.map(({ files }) => files.map(({ path }) => path)),
      [['a.py']],
    );
  });

  it('keeps the sweep when a file was edited again while it was pushed', async () => {
    const checkout = makeCheckout({ 'a.py': '2' }, () => {
      checkout.here = { 'a.py': '3' };
    });
    await assert.rejects(start(checkout, { sync: 'push' }), /Nothing was started\. a\.py changed while/);
  });

  it('is not pushed to under running tasks until that is agreed to, with words that can be followed', async () => {
    const checkout = makeCheckout({ 'a.py': '2' });
    const refused = await start(checkout, { sync: 'push' }, 2).catch((error: unknown) => error);
    assert.ok(refused instanceof ProjectSyncError);
    assert.match(refused.details.hint ?? '', /hsm sync push --source gpubox --yes, or run .* --sync skip\./);
    assert.doesNotMatch(refused.details.hint ?? '', /confirm/);
    assert.deepEqual(checkout.plans, []);
    await start(checkout, { sync: 'push', agreed: refused.details.reasons }, 2);
    assert.equal(checkout.plans.length, 1);
  });

  it('is left alone where the user wants to run what is there', async () => {
    const checkout = makeCheckout({ 'a.py': '2' });
    checkout.onLook = () => assert.fail('looked');
    await start(checkout, { sync: new Map([['gpubox', 'skip']]) });
  });

  it('does not hold up a start that is not wanted any more', async () => {
    const abort = new AbortController();
    const checkout = makeCheckout({});
    checkout.onLook = (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
        abort.abort();
      });
    await assert.rejects(start(checkout, {}, 0, abort.signal), { name: 'AbortError' });
  });
});
