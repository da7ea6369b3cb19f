import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyzeFailure } from '../../../../../src/core/analysis/analyzeFailure';
import type { TaskFailure } from '../../../../../src/core/analysis/failure';
import { signalOf } from '../../../../../src/core/compute/exitCode';

const PROJECT = '/home/ada/project';

function read(name: string): string {
  return readFileSync(new URL(`../../../../fixtures/traces/${name}.txt`, import.meta.url), 'utf8');
}

function analyze(stderrTail: string, exitCode: number, stdoutTail = ''): TaskFailure {
  const signal = signalOf(exitCode);
  const task = {
    number: 1,
    name: 'task_0001',
    state: 'failed' as const,
    attempt: 1,
    exitCode,
    stdout: '/out/stdout.log',
    stderr: '/out/stderr.log',
    ...(signal === undefined ? {} : { signal }),
  };
  return analyzeFailure({ task, stderrTail, stdoutTail, projectDir: PROJECT });
}

interface Expected {
  readonly title: string;
  /** File and line of the deepest frame in the project. */
  readonly at?: string;
  readonly frames: number;
}

function checkTrace(name: string, exitCode: number, expected: Expected): void {
  const { title, culprit, frames } = analyze(read(name), exitCode);
  const at = culprit && `${culprit.localFile ?? ''}:${culprit.line}`.replace(`${PROJECT}/`, '');
  assert.deepEqual({ title, at, frames: frames.length }, { at: undefined, ...expected });
}

describe('traces of languages beside Python', () => {
  it('reads a panic of Rust, with and without its backtrace', () => {
    const title = 'panic: index out of bounds: the len is 3 but the index is 10';
    checkTrace('rust', 101, { title, at: 'p.rs:1', frames: 2 });
    checkTrace('rust_plain', 101, { title, at: 'p.rs:1', frames: 1 });
  });

  it('reads an error of Node', () => {
    checkTrace('node', 1, { title: 'TypeError: loss is not a number', at: 'n.js:1', frames: 3 });
  });

  it('reads an exception of Java with its causes', () => {
    checkTrace('java', 1, {
      title: 'java.lang.IllegalStateException: epoch 3 failed',
      at: 'Train.java:3',
      frames: 1,
    });
    const [cause] = analyze(read('java'), 1).related ?? [];
    assert.equal(
      cause?.title,
      'java.lang.ArrayIndexOutOfBoundsException: Index 5 out of bounds for length 1',
    );
  });

  it('reads an assertion, an exception and a damaged heap of C and C++', () => {
    checkTrace('assertion', 134, {
      title: 'Assertion: `n==99 && "learning rate"\' failed',
      at: 't.c:7',
      frames: 1,
    });
    checkTrace('thrown', 134, { title: 'std::runtime_error: learning rate is negative', frames: 0 });
    checkTrace('heap', 134, { title: 'free(): double free detected in tcache 2', frames: 0 });
  });

  it('reads a report of AddressSanitizer', () => {
    checkTrace('sanitizer', 1, { title: 'AddressSanitizer: heap-buffer-overflow', at: 't.c:15', frames: 3 });
  });

  it('reads the stack of a Python that a signal ended', () => {
    checkTrace('faulthandler', 139, {
      title: 'Fatal Python error: Segmentation fault',
      at: 'fault.py:7',
      frames: 3,
    });
  });

  it('reads an error of Julia and of R', () => {
    checkTrace('julia', 1, { title: 'ERROR: DomainError with -1.0:', at: 'train.jl:3', frames: 2 });
    checkTrace('r', 1, {
      title: 'Error in value[[3L]](cond): there is no package called ‘dplyr’',
      frames: 0,
    });
  });

  it('reads the line that a shell names', () => {
    checkTrace('shell', 1, { title: 'UNSET_VAR: unbound variable', at: 'x.sh:7', frames: 1 });
  });

  it('takes the trace that fits the exit code where there are several', () => {
    const python = `Traceback (most recent call last):\n  File "${PROJECT}/run.py", line 3, in main\n    check()\nRuntimeError: the solver failed\n`;
    assert.equal(analyze(`${read('assertion')}${python}`, 1).title, 'RuntimeError: the solver failed');
    assert.equal(analyze(`${python}${read('assertion')}`, 1).title, 'RuntimeError: the solver failed');
    assert.match(analyze(`${python}${read('assertion')}`, 134).title, /^Assertion/u);
  });

  it('finds a trace in stdout when stderr has none', () => {
    assert.equal(analyze('', 101, read('rust')).culprit?.line, 1);
    assert.equal(analyze('starting\n', 1, read('node')).title, 'TypeError: loss is not a number');
  });

  it('finds a trace behind progress bars and colours', () => {
    const text = `epoch 1:  10%|#\repoch 1: 100%|####\u001b[0m\n\u001b[31m${read('node')}\u001b[0m`;
    assert.equal(analyze(text, 1).culprit?.line, 1);
  });

  it('does not name a failure after a trace that a program only printed', () => {
    assert.match(analyze(`${read('rust')}recovered\n`, 3).title, /^exit code 3/u);
  });
});
