import assert from 'node:assert/strict';
import { Interrupts } from '../../../src/cli/interrupts';

describe('the wish to leave', () => {
  it('is told by the first signal and carried out at the second', () => {
    let left = 0;
    const interrupts = new Interrupts(() => left++);
    try {
      process.emit('SIGHUP', 'SIGHUP');
      assert.deepEqual([interrupts.signal.aborted, left], [true, 0]);
      process.emit('SIGHUP', 'SIGHUP');
      assert.equal(left, 1);
    } finally {
      interrupts.dispose();
    }
  });

  it('is nobody’s business any more once disposed', () => {
    const before = process.listenerCount('SIGHUP');
    new Interrupts(() => undefined).dispose();
    assert.equal(process.listenerCount('SIGHUP'), before);
  });
});
