import { strict as assert } from 'node:assert';
import { slotWaitText } from '../../../../src/core/engine/slotWaitText';

describe('what is told of slots that other sweeps use', () => {
  it('names the slots and who uses them', () => {
    check(
      1,
      ['lr_3'],
      'gpubox: a slot is used by another sweep (lr_3); tasks start there when their turn comes.',
    );
    check(
      2,
      ['a', 'b'],
      'gpubox: 2 slots are used by other sweeps (a, b); tasks start there when their turn comes.',
    );
  });

  it('names no more than three', () => {
    check(
      4,
      ['a', 'b', 'c', 'd'],
      'gpubox: 4 slots are used by other sweeps (a, b, c, …); tasks start there when their turn comes.',
    );
  });

  it('does without names', () => {
    check(1, [], 'gpubox: a slot is used by another sweep; tasks start there when their turn comes.');
  });
});

function check(slots: number, sweeps: readonly string[], text: string): void {
  assert.equal(slotWaitText('gpubox', { slots, sweeps }), text);
}
