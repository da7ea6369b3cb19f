import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { typeLine } from '../../../../src/cli/prompts/typeLine';

/** A terminal whose keys a test presses. */
class FakeKeyboard extends EventEmitter {
  raw = false;

  setRawMode(raw: boolean): void {
    this.raw = raw;
  }

  resume(): void {
    // Nothing flows by itself.
  }

  pause(): void {
    assert.equal(this.listenerCount('data'), 0);
  }
}

async function type(
  keys: readonly (string | Buffer)[],
  { echo = true, abort = new AbortController() } = {},
): Promise<{ line: string | undefined; shown: string; interrupts: number }> {
  const keyboard = new FakeKeyboard();
  let shown = '';
  let interrupts = 0;
  const typed = typeLine(keyboard, {
    question: '',
    echo,
    signal: abort.signal,
    show: (text) => (shown += text),
    onInterrupt: () => interrupts++,
  });
  assert.equal(keyboard.raw, true);
  for (const key of keys) keyboard.emit('data', typeof key === 'string' ? Buffer.from(key) : key);
  if (keys.length === 0) abort.abort();
  const line = await typed;
  assert.equal(keyboard.raw, false);
  return { line, shown, interrupts };
}

describe('a line that is typed', () => {
  it('is shown while it is typed, and ends with Enter', async () => {
    assert.deepEqual(await type(['ye', 's\r']), { line: 'yes', shown: 'yes\n', interrupts: 0 });
  });

  it('is not shown when it is a secret', async () => {
    assert.deepEqual(await type(['hun', 'ter2\n'], { echo: false }), {
      line: 'hunter2',
      shown: '\n',
      interrupts: 0,
    });
  });

  it('may be empty', async () => {
    assert.equal((await type(['\r'])).line, '');
  });

  it('can be corrected by Backspace and Ctrl-U', async () => {
    const { line, shown } = await type(['ab\u007f\u007f\u007fxyz\u0015né\u007fo\r']);
    assert.equal(line, 'no');
    assert.equal(shown, 'ab\b \b\b \bxyz\b \b\b \b\b \bné\b \bo\n');
  });

  it('takes characters that come in pieces, and no function keys', async () => {
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
    assert.equal((await type([first, second, '\u001b[A\u001bOB\u001b[3~', '!\r'])).line, 'é!');
  });

  it('is left by Ctrl-C, which is passed on, and by Ctrl-D at its beginning', async () => {
    assert.deepEqual(await type(['pass\u0003']), { line: undefined, shown: 'pass\n', interrupts: 1 });
    assert.deepEqual(await type(['\u0004']), { line: undefined, shown: '\n', interrupts: 0 });
    assert.equal((await type(['a\u0004b\r'])).line, 'ab');
  });

  it('is given up when nobody needs it any more', async () => {
    assert.equal((await type([])).line, undefined);
  });
});
