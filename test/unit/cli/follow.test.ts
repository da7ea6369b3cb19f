import assert from 'node:assert/strict';
import { isStuck } from '../../../src/cli/follow';
import type { SweepSummary } from '../../../src/core/facade';
import { countsOf, sweepOf } from './support/summaries';

describe('a sweep that is followed', () => {
  it('is stuck when nothing runs and its sources say why', () => {
    check({ counts: countsOf({ queued: 2 }), notes: ['local: the disk is full'] }, true);
    check({ counts: countsOf({ queued: 2 }), notes: [] }, false);
    check({ counts: countsOf({ queued: 1, running: 1 }), notes: ['local: the disk is full'] }, false);
  });

  it('is not stuck while it waits for slots that other sweeps use', () => {
    const notes = ['local: 2 slots are used by another sweep'];
    check({ counts: countsOf({ queued: 2 }), notes, waitsForSlots: true }, false);
  });
});

function check(fields: Partial<SweepSummary>, expected: boolean): void {
  assert.equal(isStuck(sweepOf({ state: 'running', driver: 'here', ...fields })), expected);
}
