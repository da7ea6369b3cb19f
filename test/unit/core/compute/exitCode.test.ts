import { strict as assert } from 'node:assert';
import { exitCodeText, signalOf } from '../../../../src/core/compute/exitCode';

describe('an exit code in words', () => {
  it('claims no signal that a program may have named itself', () => {
    assert.equal(exitCodeText(137), 'exit code 137, which often means killed by SIGKILL');
    assert.equal(exitCodeText(139), 'exit code 139, which often means killed by SIGSEGV');
  });

  it('is the code alone where no signal ends tasks', () => {
    for (const code of [0, 1, 2, 127, 128, 145, 255]) assert.equal(exitCodeText(code), `exit code ${code}`);
    assert.equal(signalOf(undefined), undefined);
  });
});
