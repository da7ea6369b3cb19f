import assert from 'node:assert/strict';
import { endMessage, type NotificationLevel } from '../../../../src/ui/status/endMessage';
import { FakeFacade, type FakeSweepOptions } from '../../../support/fakeFacade';
import { plainL10n } from '../../../support/plainL10n';

const GOOD = { state: 'succeeded', tasks: { succeeded: 24 }, endedAtMs: 90_000 } as const;
const BAD = { state: 'failed', tasks: { succeeded: 20, failed: 3, lost: 1 }, endedAtMs: 90_000 } as const;

function checkMessage(
  sweep: FakeSweepOptions,
  level: NotificationLevel,
  expected: { text: string; commands: string[] } | undefined,
): void {
  const message = endMessage(plainL10n, new FakeFacade().addSweep(sweep), level);
  const actual = message && {
    text: message.text,
    commands: message.actions.map(({ command }) => command),
  };
  assert.deepEqual(actual, expected);
}

const BAD_MESSAGE = {
  text: 'Sweep lr is over: 20 succeeded · 3 failed · 1 lost, of 24 tasks.',
  commands: ['hsm.sweep.showErrors', 'hsm.sweep.rerunFailed', 'hsm.failure.rerunGroupWith'],
};

describe('the message about a finished sweep', () => {
  it('offers the results of one that went well', () => {
    checkMessage(GOOD, 'all', {
      text: 'Sweep lr: all 24 tasks succeeded in 2 min.',
      commands: ['hsm.sweep.showResults'],
    });
  });

  it('offers the errors and a rerun when tasks failed', () => {
    checkMessage(BAD, 'all', BAD_MESSAGE);
  });

  it('is only about failures on the level "important"', () => {
    checkMessage(GOOD, 'important', undefined);
    checkMessage(BAD, 'important', BAD_MESSAGE);
  });

  it('is never there on the level "off"', () => {
    checkMessage(BAD, 'off', undefined);
  });

  it('does not call a cancelled sweep a success', () => {
    checkMessage({ state: 'cancelled', tasks: { succeeded: 1, cancelled: 3 } }, 'all', {
      text: 'Sweep lr is over: 1 succeeded · 3 cancelled, of 4 tasks.',
      commands: ['hsm.sweep.showResults'],
    });
  });
});
