import assert from 'node:assert/strict';
import { groupItem, sweepItem } from '../../../../src/ui/trees/sweepItems';
import { formatStart } from '../../../../src/ui/text/sweepName';
import type { TaskGroup } from '../../../../src/ui/trees/taskGroup';
import { FakeFacade, type FakeSweepOptions } from '../../../support/fakeFacade';
import { plainL10n } from '../../../support/plainL10n';

const NOW = Date.UTC(2026, 0, 1);

function checkDescription(options: FakeSweepOptions, expected: string | RegExp): void {
  const sweep = new FakeFacade().addSweep(options);
  const whole = sweepItem(plainL10n, sweep, NOW).description ?? '';
  const start = ` · ${formatStart(sweep)}`;
  assert.ok(whole.endsWith(start), whole);
  const description = whole.slice(0, -start.length);
  if (typeof expected === 'string') assert.equal(description, expected);
  else assert.match(description, expected);
}

function checkContext(options: FakeSweepOptions, expected: string): void {
  assert.equal(sweepItem(plainL10n, new FakeFacade().addSweep(options), NOW).contextValue, expected);
}

function checkGroup(options: FakeSweepOptions, group: TaskGroup, expected: string): void {
  const { label, description, children } = groupItem(plainL10n, new FakeFacade().addSweep(options), group);
  assert.equal(`${label} ${description ?? ''} ${children}`, expected);
}

describe('the line of a sweep', () => {
  it('tells how far it is, what failed and how long it will take', () => {
    checkDescription(
      { tasks: { succeeded: 15, failed: 3, waiting: 22 }, more: { remainingMs: 125_000 } },
      '18/40 · 3 failed · 2 min left',
    );
  });

  it('names lost tasks apart from failed ones', () => {
    checkDescription({ state: 'failed', tasks: { failed: 1, lost: 2 } }, '3/3 · 1 failed · 2 lost');
  });

  it('says what the icon of an unusual state means', () => {
    checkDescription({ state: 'paused', tasks: { waiting: 2 } }, '0/2 · paused');
  });

  it('shows the age of evidence only when it is old', () => {
    checkDescription({ tasks: { running: 1 }, more: { lastNewsAtMs: NOW - 60_000 } }, '0/1');
    checkDescription(
      { tasks: { running: 1 }, more: { lastNewsAtMs: NOW - 600_000 } },
      /^0\/1 · last seen \d/,
    );
  });

  it('shows no age of evidence for a sweep that is over', () => {
    checkDescription({ state: 'succeeded', tasks: { succeeded: 1 }, more: { lastNewsAtMs: 0 } }, '1/1');
  });

  it('says when another process drives it, or nobody', () => {
    checkDescription(
      { tasks: { running: 1 }, more: { driver: 'elsewhere' } },
      '0/1 · run by another process',
    );
    checkDescription({ tasks: { running: 1 }, more: { driver: 'nobody' } }, '0/1 · not followed');
  });

  it('tells how far its results are on their way home, whatever they come from', () => {
    const box = { source: 'box', what: 'results', bytes: 2 ** 30, totalBytes: 3 * 2 ** 30 } as const;
    const more = {
      transfers: [
        { ...box, bytesPerSecond: 40 * 2 ** 20 },
        { ...box, source: 'other', bytesPerSecond: 5 * 2 ** 20 },
      ],
    };
    checkDescription(
      { state: 'succeeded', tasks: { succeeded: 1 }, more },
      '1/1 · collecting 2.0 GiB of 6.0 GiB, 45 MiB/s',
    );
    const sweep = new FakeFacade().addSweep({ state: 'succeeded', tasks: { succeeded: 1 }, more });
    assert.match(
      sweepItem(plainL10n, sweep, NOW).tooltip ?? '',
      /^box: collecting 1\.0 GiB of 3\.0 GiB, 40 MiB\/s$/m,
    );
  });

  it('tells how far the copy of the code is, and that another process collects', () => {
    const code = { source: 'box', what: 'code', bytes: 0, totalBytes: 0, bytesPerSecond: 0 } as const;
    checkDescription({ tasks: { waiting: 1 }, more: { transfers: [code] } }, '0/1 · copying the code');
    checkDescription(
      { state: 'succeeded', tasks: { succeeded: 1 }, more: { driver: 'elsewhere' } },
      '1/1 · collected by another process',
    );
  });

  it('carries words that menus match', () => {
    checkContext({ tasks: { running: 1 } }, 'sweep running active');
    checkContext({ state: 'failed', tasks: { failed: 1 } }, 'sweep failed over hasFailed hasUnsuccessful');
    checkContext({ state: 'cancelled', tasks: { cancelled: 1 } }, 'sweep cancelled over hasUnsuccessful');
  });

  it('reads as a sentence to a screen reader', () => {
    const sweep = new FakeFacade().addSweep({ tasks: { running: 1, failed: 1 } });
    assert.match(sweepItem(plainL10n, sweep, NOW).accessibleLabel, /^Sweep lr, running, 1\/2 · 1 failed · /);
  });

  it('is called after its file, with its id in the tooltip', () => {
    const sweep = new FakeFacade().addSweep({ file: 'sweeps/deep/lr.v2.yaml' });
    const { label, tooltip } = sweepItem(plainL10n, sweep, NOW);
    assert.equal(label, 'lr.v2');
    assert.match(tooltip ?? '', /^lr_1\n/);
  });

  it('is open while the sweep is at work', () => {
    const facade = new FakeFacade();
    const childrenOf = (options: FakeSweepOptions) =>
      sweepItem(plainL10n, facade.addSweep(options), NOW).children;
    assert.equal(childrenOf({ tasks: { running: 1 } }), 'expanded');
    assert.equal(childrenOf({ state: 'succeeded' }), 'collapsed');
  });

  it('keeps the notes of the engine in its tooltip', () => {
    const sweep = new FakeFacade().addSweep({
      tasks: { running: 1 },
      more: { notes: ['The disk is full.'] },
    });
    const { tooltip, description } = sweepItem(plainL10n, sweep, NOW);
    assert.match(tooltip ?? '', /The disk is full\.$/);
    assert.match(description ?? '', / · see notes · /);
  });
});

describe('the line of a group', () => {
  it('counts lost tasks among the failed and names them', () => {
    checkGroup({ tasks: { failed: 3, lost: 1 } }, 'failed', 'Failed 4 · 1 lost collapsed');
  });

  it('counts waiting tasks among the queued', () => {
    checkGroup({ tasks: { queued: 2, waiting: 3 } }, 'queued', 'Queued 5 · 3 not handed over collapsed');
  });

  it('counts cancelled tasks among the done', () => {
    checkGroup({ tasks: { succeeded: 2, cancelled: 1 } }, 'done', 'Done 3 · 1 cancelled collapsed');
  });

  it('is shown with its count when it is empty, and cannot be opened', () => {
    checkGroup({ tasks: { succeeded: 2 } }, 'running', 'Running 0 none');
  });
});
