import assert from 'node:assert/strict';
import { reportError, reportInterrupted } from '../../../src/cli/errorReport';
import { EXIT, type ExitCode } from '../../../src/cli/exitCode';
import { HsmError } from '../../../src/core/base/errors';
import { MemoryOutput } from './support/memoryOutput';

describe('an error as the command line tells it', () => {
  checkError(new HsmError('input.invalid', 'There is no sweep.', { hint: 'Start one.' }), EXIT.badInput, [
    'hsm: There is no sweep.',
    'Start one.',
  ]);
  checkError(
    new HsmError('source.unavailable', 'gpubox: no answer.', { source: 'gpubox' }),
    EXIT.sourceTrouble,
    ['hsm: gpubox: no answer.'],
  );
  checkError(new HsmError('disk.unwritable', 'The disk is full.', { path: '/x' }), EXIT.sourceTrouble, [
    'hsm: The disk is full.',
  ]);
  checkError(
    new HsmError('sweep.driven', 'Process 7 drives it.', { pid: 7, host: 'a' }),
    EXIT.sourceTrouble,
    ['hsm: Process 7 drives it.'],
  );
  checkError(
    new HsmError('input.invalid', 'No \u001b]52;c;cm0=\u0007\u009b2Jfile.\nSecond line.', { hint: 'A\rB.' }),
    EXIT.badInput,
    ['hsm: No file.', 'Second line.', 'B.'],
  );
  checkError(systemError(), EXIT.sourceTrouble, [
    "hsm: ENOTDIR: not a directory, scandir 'outputs'",
    'Run it again with --verbose for the details.',
  ]);
  checkError(new TypeError('x is undefined'), EXIT.internal, [
    'hsm: internal error: x is undefined',
    'Run it again with --verbose for the details.',
  ]);

  function checkError(error: Error, code: ExitCode, lines: readonly string[]): void {
    it(`ends with ${code} for ${error.name}: ${JSON.stringify(error.message)}`, () => {
      const err = new MemoryOutput();
      assert.equal(reportError(error, err, '/project', false), code);
      assert.deepEqual(err.lines, lines);
    });
  }

  it('names the problems of a file with their places', () => {
    const err = new MemoryOutput();
    const range = { line: 3, column: 7, endLine: 3, endColumn: 9 };
    const problems = [
      { file: '/project/a.yaml', range, severity: 'error', code: 'x', message: 'Not a list.' } as const,
    ];
    reportError(new HsmError('input.invalid', 'a.yaml has errors.', { problems }), err, '/project', false);
    assert.equal(err.lines[0], 'a.yaml:3:7: error: Not a list.');
  });

  it('has the stack of a defect when asked for', () => {
    const err = new MemoryOutput();
    reportError(new TypeError('x is undefined'), err, '/project', true);
    assert.match(err.text, /at .*errorReport\.test\.ts/);
  });

  it('is only an interruption where Ctrl-C led to it, and told as ever where something else went wrong', () => {
    const told = (error: unknown): string => {
      const err = new MemoryOutput();
      assert.equal(reportInterrupted(error, err, '/p', false), EXIT.interrupted);
      return err.text;
    };
    const abort = new AbortController();
    abort.abort();
    assert.equal(told(abort.signal.reason), 'hsm: interrupted.\n');
    assert.match(told(new TypeError('x is undefined')), /internal error: x is undefined/);
    assert.match(
      told(new HsmError('host.refused', 'No key is known.', { host: 'box' })),
      /No key is known\./,
    );
  });
});

function systemError(): Error {
  const fields = { errno: -20, code: 'ENOTDIR', syscall: 'scandir', path: 'outputs' };
  return Object.assign(new Error("ENOTDIR: not a directory, scandir 'outputs'"), fields);
}
