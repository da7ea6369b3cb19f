import { strict as assert } from 'node:assert';
import { posixCksum } from '../../../../src/adapters/direct/posixCksum';

describe('posixCksum', () => {
  // As printed by GNU coreutils 9.1.
  const known: Readonly<Record<string, string>> = {
    '': '4294967295 0',
    a: '1220704766 1',
    'hello\n': '3015617425 6',
    'Grüße 🚀\n': '1008857739 13',
  };
  for (const [text, sum] of Object.entries(known)) {
    it(`tells of ${JSON.stringify(text)} what cksum does`, () => {
      assert.equal(posixCksum(text), sum);
    });
  }
});
