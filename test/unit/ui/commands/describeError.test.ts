import assert from 'node:assert/strict';
import { HsmError } from '../../../../src/core/base/errors';
import { describeError } from '../../../../src/ui/commands/describeError';
import { plainL10n } from '../../../support/plainL10n';

function checkMessage(error: unknown, text: string, ...commands: string[]): void {
  const message = describeError(plainL10n, error);
  assert.deepEqual([message?.text, message?.actions.map(({ command }) => command)], [text, commands]);
}

const PROBLEM = {
  file: '/project/sweeps/lr.yaml',
  severity: 'error',
  code: 'not-a-list',
  message: 'lr is no list.',
  range: { line: 3, column: 5, endLine: 3, endColumn: 9 },
} as const;

describe('the message about a failure', () => {
  it('leads to the problem in the file that cannot be used', () => {
    const error = new HsmError('input.invalid', 'lr.yaml has errors.', { problems: [PROBLEM] });
    checkMessage(error, 'lr.yaml has errors.', 'hsm.file.openAt');
    assert.deepEqual(describeError(plainL10n, error)?.actions[0]?.args, [
      { file: '/project/sweeps/lr.yaml', line: 3, column: 5 },
    ]);
  });

  it('adds what to do next', () => {
    checkMessage(
      new HsmError('input.invalid', 'No sweep x.', { hint: 'Try last.' }),
      'No sweep x. Try last.',
    );
  });

  it('offers to test the source that could not be used', () => {
    const error = new HsmError('source.unavailable', 'gpubox cannot be reached.', { source: 'gpubox' });
    checkMessage(error, 'gpubox cannot be reached.', 'hsm.source.test', 'hsm.log.show');
    assert.deepEqual(describeError(plainL10n, error)?.actions[0]?.args, [{ name: 'gpubox' }]);
  });

  it('offers the log for everything that the log explains', () => {
    checkMessage(
      new HsmError('disk.unwritable', 'The disk is full.', { path: '/o' }),
      'The disk is full.',
      'hsm.log.show',
    );
    checkMessage(
      new HsmError('sweep.driven', 'Process 4 on here drives it.', { pid: 4, host: 'here' }),
      'Process 4 on here drives it.',
      'hsm.log.show',
    );
  });

  it('calls a bug a bug', () => {
    checkMessage(
      new TypeError('x is undefined'),
      'HPC Sweep met an internal error: x is undefined',
      'hsm.log.show',
    );
    assert.equal(describeError(plainL10n, 'thrown text')?.isBug, true);
  });

  it('is not shown for what was cancelled', () => {
    assert.equal(describeError(plainL10n, new DOMException('stop', 'AbortError')), undefined);
  });
});
