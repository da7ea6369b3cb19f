import { quoteWord } from '../../../core/base/shellWord';
import { escapeBytes } from './bootstrap';

/** A script that runs a program in place of its shell, with some input. */
export function commandScript(argv: readonly string[], stdin: Uint8Array): string {
  const command = `exec ${argv.map(quoteWord).join(' ')}`;
  // A program may end without reading its input; what the shell thinks of that is nobody's concern.
  return stdin.length === 0 ? command : `printf %b '${escapeBytes(stdin)}' 2>/dev/null | ${command}`;
}

/** Signals that end programs, by numbers that are the same on Linux and macOS or mean one of these on both. */
const DEADLY = new Set([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 24, 25, 31]);

/**
 * Whether a shell's `$?` tells of a signal. A program may exit with such a number itself; no shell tells the two apart,
 * and it is rare. 129 is left out: git says it of wrong usage.
 */
export function isSignalStatus(status: number): boolean {
  return DEADLY.has(status - 128);
}
