import assert from 'node:assert/strict';
import { amountProgress, type Amount } from '../../../../src/core/sync/transferAmount';

const MIB = 1024 * 1024;

function checkAmount(done: Amount, total: Amount, text: string, fraction: number | undefined): void {
  const told = amountProgress('Sending', done, total);
  assert.equal(told.text, text);
  assert.equal(told.fraction, fraction);
}

describe('how far a transfer is', () => {
  it('is told in files and bytes, in one unit where it is the same', () => {
    checkAmount(
      { files: 12, bytes: 1.2 * MIB },
      { files: 340, bytes: 4.8 * MIB },
      'Sending 12 of 340 files, 1.2 of 4.8 MiB',
      0.25,
    );
    checkAmount(
      { files: 0, bytes: 900 * 1024 },
      { files: 1, bytes: 3.6 * MIB },
      'Sending 0 of 1 file, 900 KiB of 3.6 MiB',
      (900 * 1024) / (3.6 * MIB),
    );
  });

  it('is that of the files where nothing is in them, and of the bytes where commits travel', () => {
    checkAmount({ files: 1, bytes: 0 }, { files: 2, bytes: 0 }, 'Sending 1 of 2 files', 0.5);
    checkAmount({ files: 0, bytes: 0 }, { files: 0, bytes: 2048 }, 'Sending commits, 0 B of 2.0 KiB', 0);
    checkAmount({ files: 0, bytes: 0 }, { files: 0, bytes: 0 }, 'Sending commits', undefined);
  });

  it('is never more than all of it, though a file grew meanwhile', () => {
    checkAmount({ files: 1, bytes: 30 }, { files: 1, bytes: 20 }, 'Sending 1 of 1 file, 20 of 20 B', 1);
  });
});
