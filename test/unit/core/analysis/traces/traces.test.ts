import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyzeFailure } from '../../../../../src/core/analysis/analyzeFailure';
import type { TaskFailure } from '../../../../../src/core/analysis/failure';
import { failedTask } from '../../../../support/failedTask';

const PROJECT = '/home/ada/project';

function read(name: string): string {
  return readFileSync(new URL(`../../../../fixtures/traces/${name}.txt`, import.meta.url), 'utf8');
}

function analyze(stderrTail: string, exitCode: number, stdoutTail = ''): TaskFailure {
  const task = failedTask({ exitCode });
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

  it('reads what Node says of a rejection, of something thrown that is no error, and of a file that it cannot read', () => {
    checkTrace('node_rejected', 1, {
      title: 'UnhandledPromiseRejection: The promise rejected with the reason "#<Object>".',
      frames: 0,
    });
    checkTrace('node_thrown', 1, { title: 'Uncaught: { code: 3 }', at: 'r7.js:1', frames: 1 });
    checkTrace('node_syntax', 1, { title: "SyntaxError: Unexpected token ';'", at: 'r10.js:2', frames: 1 });
    checkTrace('node_bare', 1, {
      title: "Error: ENOENT: no such file or directory, open '/nothere'",
      at: 'r17.js:1',
      frames: 1,
    });
  });

  it('reads the causes of an error of Node', () => {
    checkTrace('node_causes', 1, {
      title: "Error: run failed; cause: SyntaxError: Expected property name or '}' in JSON at position 1",
      at: 'r11.js:2',
      frames: 2,
    });
    const causes = analyze(read('node_causes'), 1).related ?? [];
    assert.deepEqual(
      causes.map(({ title, frames }) => `${title} ${frames.length}`),
      ["SyntaxError: Expected property name or '}' in JSON at position 1 3", 'Error: config is broken 2'],
    );
    checkTrace('node_fetch', 1, {
      title: 'TypeError: fetch failed; cause: Error: connect ECONNREFUSED 127.0.0.1:3999',
      frames: 0,
    });
    checkTrace('node_group', 1, {
      title: 'AggregateError: All promises were rejected; cause: Error: a',
      at: 'r12.js:1',
      frames: 0,
    });
  });

  it('reads the first error of a compiler or a linker, and not what follows from it', () => {
    checkTrace('compiler', 2, {
      title: "error: 'class std::vector<int>' has no member named 'push_bak'; did you mean 'push_back'?",
      at: 'a.cpp:4',
      frames: 1,
    });
    checkTrace('compiler_c', 1, {
      title: "error: 'count' undeclared (first use in this function)",
      at: 'b.c:3',
      frames: 1,
    });
    checkTrace('linker', 1, { title: "error: undefined reference to `foo'", frames: 0 });
    checkTrace('compiler_fortran', 1, {
      title: "error: Symbol 'y' at (1) has no IMPLICIT type",
      at: 'sim.f90:3',
      frames: 1,
    });
  });

  it('reads the first error also where several files were compiled', () => {
    const text = `${read('compiler_c')}gcc -c other.c\nninja: build stopped: subcommand failed.\n${read('compiler')}`;
    assert.equal(analyze(text, 2).title, "error: 'count' undeclared (first use in this function)");
  });

  it('takes no compiler for the cause when the program went on', () => {
    const text = `${read('compiler_c')}using the slow way\nloading data\nstep 1 of 3\n`;
    assert.match(analyze(text, 1).title, /^exit code 1; /u);
  });

  it('reads an error of Fortran', () => {
    const title = "Fortran runtime error: Index '11' of dimension 1 of array 'a' above upper bound of 10";
    checkTrace('fortran', 2, { title, at: 'sim.f90:12', frames: 3 });
    checkTrace('fortran_plain', 2, { title, at: 'sim.f90:12', frames: 1 });
    checkTrace('fortran_signal', 136, {
      title: 'SIGFPE: Floating-point exception - erroneous arithmetic operation.',
      at: 'sim.f90:7',
      frames: 2,
    });
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
