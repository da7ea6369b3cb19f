import assert from 'node:assert/strict';
import { formatCommand } from '../../../../src/cli/text/commandText';

describe('a command to type', () => {
  checkCommand(
    ['python3', 'train.py', 'optimizer.lr=1e-4', 'seed=3'],
    'python3 train.py optimizer.lr=1e-4 seed=3',
  );
  checkCommand(['a=b', 'a=b'], "'a=b' a=b");
  checkCommand(['run', "it's", '', '=x', 'a=$HOME', 'x=[1,2]'], "run 'it'\\''s' '' '=x' 'a=$HOME' 'x=[1,2]'");

  function checkCommand(argv: readonly string[], text: string): void {
    it(`is ${text}`, () => {
      assert.equal(formatCommand(argv), text);
    });
  }
});
