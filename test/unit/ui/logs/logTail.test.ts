import assert from 'node:assert/strict';
import type { FilePiece, FileRange } from '../../../../src/core/compute/host';
import { FIRST_BYTES, LogTail, STEP_BYTES } from '../../../../src/ui/logs/logTail';
import { logText } from '../../../../src/ui/logs/logText';
import { parseLogUri, toLogUri } from '../../../../src/ui/logs/logUri';
import { plainL10n } from '../../../support/plainL10n';

/** A file elsewhere that a test writes. Plain ASCII: a byte is a character. */
class FarFile {
  content = '';
  reads = 0;

  read = ({ offset, limit }: FileRange): Promise<FilePiece> => {
    this.reads++;
    const end = this.content.length;
    const start = offset < 0 ? Math.max(0, end + offset) : Math.min(offset, end);
    const text = this.content.slice(start, start + limit);
    return Promise.resolve({ text, next: start + text.length, end });
  };
}

/** Lines of 64 bytes each, numbered from `first`. */
function lines(count: number, first = 0): string {
  return Array.from({ length: count }, (_, index) => `${String(first + index).padEnd(63)}\n`).join('');
}

function setUp(content: string): { file: FarFile; tail: LogTail } {
  const file = new FarFile();
  file.content = content;
  return { file, tail: new LogTail(file.read) };
}

describe('the end of a log elsewhere', () => {
  it('is all of a short one, and grows with it', async () => {
    const { file, tail } = setUp('one\n');
    assert.equal(await tail.follow(), true);
    file.content += 'two';
    assert.equal(await tail.follow(), true);
    assert.equal(tail.text, 'one\ntwo');
    assert.equal(await tail.follow(), false);
    assert.equal(file.reads, 3);
  });

  it('begins with a whole line, and knows how much is before it', async () => {
    const { tail } = setUp(`x${lines(8192)}`);
    await tail.follow();
    assert.equal(tail.hiddenBytes, 8192 * 64 + 1 - FIRST_BYTES);
    assert.match(tail.text, /^4097 /);
  });

  it('starts over when another attempt began the file anew', async () => {
    const { file, tail } = setUp('first attempt\n');
    await tail.follow();
    file.content = 'again\n';
    await tail.follow();
    assert.equal(tail.text, 'again\n');
  });

  it('catches up with what was written meanwhile', async () => {
    const { file, tail } = setUp('begin\n');
    await tail.follow();
    file.content += lines((2 * STEP_BYTES) / 64 - 10);
    await tail.follow();
    assert.equal(tail.text, file.content);
  });

  it('skips what nobody could read, and lets go of what is long past', async () => {
    const { file, tail } = setUp('begin\n');
    await tail.follow();
    file.content += lines((5 * STEP_BYTES) / 64);
    await tail.follow();
    assert.equal(tail.hiddenBytes, file.content.length - FIRST_BYTES);
    for (let round = 0; round < 8; round++) {
      file.content += lines(STEP_BYTES / 64);
      await tail.follow();
    }
    assert.ok(tail.text.length <= 3 * STEP_BYTES);
    assert.ok(file.content.endsWith(tail.text));
  });

  it('shows earlier output step by step, and then keeps it', async () => {
    const { file, tail } = setUp(lines((2 * STEP_BYTES) / 64));
    await tail.follow();
    await tail.showEarlier();
    assert.equal(tail.hiddenBytes, STEP_BYTES - FIRST_BYTES);
    await tail.showEarlier();
    assert.equal(tail.text, file.content);
    await tail.showEarlier();
    file.content += lines(STEP_BYTES / 64);
    await tail.follow();
    assert.equal(tail.text, file.content);
  });
});

describe('a log as it is shown', () => {
  const tail = { text: 'epoch 1\u001b[31m loss\rEPOCH\n\u001b]0;owned\u0007\u202eend', hiddenBytes: 0 };

  it('has nothing that a terminal would obey', () => {
    assert.equal(logText(plainL10n, { tail }), 'EPOCH 1 loss\nend\n');
  });

  it('says what is missing before it, and why nothing newer comes', () => {
    const text = logText(plainL10n, { tail: { text: 'a\n', hiddenBytes: 2048 }, trouble: 'gpu01 is away.' });
    assert.equal(text, '2.0 KiB of earlier output are not shown. Show Earlier Output\na\n\ngpu01 is away.\n');
  });

  it('says when there is nothing', () => {
    assert.equal(
      logText(plainL10n, { tail: { text: '', hiddenBytes: 0 } }),
      'Nothing was written here yet.\n',
    );
  });
});

describe('the address of a log', () => {
  it('leads back to the log', () => {
    const log = { sweepId: 'lr_1', task: 12, log: 'stderr' } as const;
    assert.deepEqual(parseLogUri(toLogUri(log)), log);
    assert.equal(toLogUri(log).path, '/lr_1/Task 12 stderr.log');
  });

  it('is none when it names no task or no stream', () => {
    for (const query of ['sweep=a&task=0&log=stdout', 'sweep=a&task=1&log=x', 'task=1&log=stdout'])
      assert.equal(parseLogUri({ scheme: 'hsm-log', path: '/', query }), undefined, query);
    assert.equal(parseLogUri({ scheme: 'hsm', path: '/', query: 'sweep=a&task=1&log=stdout' }), undefined);
  });
});
