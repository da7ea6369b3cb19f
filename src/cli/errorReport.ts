import { readFileSync } from 'node:fs';
import { foreignLines } from '../core/analysis/foreignLine';
import { errorText, HsmError, type ErrorCode } from '../core/base/errors';
import { EXIT, type ExitCode } from './exitCode';
import type { Output } from './output';
import { formatProblem } from './text/problemText';

const LONGEST_LINE = 20_000;

/** Tells what went wrong and what to do, and with which code to end. */
export function reportError(error: unknown, err: Output, cwd: string, verbose: boolean): ExitCode {
  if (isExpected(error)) return reportExpected(error, err, cwd);
  const refused = isSystemError(error);
  err.print(`hsm: ${refused ? '' : 'internal error: '}${errorText(error)}`);
  err.print(
    verbose && error instanceof Error ? (error.stack ?? '') : 'Run it again with --verbose for the details.',
  );
  return refused ? EXIT.sourceTrouble : EXIT.internal;
}

/** Tells what the user's Ctrl-C cut off, where that is known; what went wrong besides is told as ever. */
export function reportInterrupted(error: unknown, err: Output, cwd: string, verbose: boolean): ExitCode {
  if (isAbort(error)) err.print('hsm: interrupted.');
  else reportError(error, err, cwd, verbose);
  return EXIT.interrupted;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What the system refused, e.g. `EACCES: permission denied, open '/data/sweep.json'`: no defect of this program. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'errno' in error;
}

function isExpected(error: unknown): error is HsmError {
  return error instanceof HsmError;
}

function reportExpected(error: HsmError, err: Output, cwd: string): ExitCode {
  const { palette } = err;
  if (HsmError.is(error, 'input.invalid')) {
    for (const problem of error.details.problems ?? []) {
      err.print(...formatProblem(problem, { cwd, palette, ...(err.isTerminal && { textOf: readText }) }));
    }
  }
  err.print(`${palette.red('hsm:')} ${harmless(error.message)}`);
  if ('hint' in error.details && error.details.hint !== undefined) err.print(harmless(error.details.hint));
  return exitCodeOf(error.code);
}

/** It may hold names of files and words of programs of another machine. */
function harmless(text: string): string {
  return foreignLines(text, LONGEST_LINE).join('\n');
}

function exitCodeOf(code: ErrorCode): ExitCode {
  switch (code) {
    case 'input.invalid':
      return EXIT.badInput;
    case 'sync.refused':
      return EXIT.notInSync;
    case 'sweep.driven':
    case 'source.unavailable':
    case 'host.unreachable':
    case 'host.refused':
    case 'command.failed':
    case 'disk.unwritable':
      return EXIT.sourceTrouble;
  }
}

/** The text of a user's file; undefined when it cannot be read any more. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Only decoration depends on it.
    return undefined;
  }
}
