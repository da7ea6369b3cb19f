import assert from 'node:assert/strict';
import { statusText } from '../../../../src/ui/status/statusText';
import { FakeFacade, type FakeSweepOptions } from '../../../support/fakeFacade';
import { plainL10n } from '../../../support/plainL10n';

function checkText(sweeps: readonly FakeSweepOptions[], unseen: number, expected: string | undefined): void {
  const facade = new FakeFacade();
  sweeps.forEach((sweep) => facade.addSweep(sweep));
  assert.equal(statusText(plainL10n, facade.sweeps(), unseen)?.text, expected);
}

describe('the status bar', () => {
  it('is hidden while nothing runs and every failure was seen', () => {
    checkText([{ state: 'failed', tasks: { failed: 1 } }], 0, undefined);
  });

  it('adds up the sweeps that are active', () => {
    checkText(
      [
        { id: 'a', tasks: { succeeded: 10, waiting: 10 } },
        { id: 'b', state: 'paused', tasks: { failed: 8, waiting: 12 } },
        { id: 'c', state: 'succeeded', tasks: { succeeded: 100 } },
      ],
      3,
      '$(beaker) 18/40 · 3 failed',
    );
  });

  it('stays for failures that nobody has seen', () => {
    checkText([{ state: 'failed', tasks: { failed: 2 } }], 2, '$(beaker) 2 failed');
  });

  it('warns only of failures', () => {
    const sweeps = [new FakeFacade().addSweep({ tasks: { running: 1 } })];
    assert.equal(statusText(plainL10n, sweeps, 0)?.hasFailures, false);
    assert.equal(statusText(plainL10n, sweeps, 1)?.hasFailures, true);
  });
});
