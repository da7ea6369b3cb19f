import assert from 'node:assert/strict';
import { formatBytes } from '../../../../src/core/base/formatBytes';

describe('an amount of bytes', () => {
  checkBytes(0, '0 B');
  checkBytes(1023, '1023 B');
  checkBytes(1536, '1.5 KiB');
  checkBytes(1024 ** 2 - 1, '1.0 MiB');
  checkBytes(20 * 1024 ** 3, '20 GiB');

  function checkBytes(bytes: number, text: string): void {
    it(`of ${bytes} is ${text}`, () => {
      assert.equal(formatBytes(bytes), text);
    });
  }
});
