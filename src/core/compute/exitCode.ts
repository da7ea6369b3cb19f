/** Names of signals by number, the same on Linux and macOS for those that end tasks. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

/**
 * The signal that an exit code stands for as shells tell it, 128 + n. It is no proof: a program may end so by itself, e.g.
 * a shell whose last command was killed, and no shell can tell the two apart. Undefined for all other codes.
 */
export function signalOf(exitCode: number | undefined): string | undefined {
  return exitCode === undefined ? undefined : SIGNALS[exitCode - 128];
}

/** An end in words, e.g. `exit code 1`, `exit code 137, which often means killed by SIGKILL`. */
export function exitCodeText(exitCode: number): string {
  const signal = signalOf(exitCode);
  return signal === undefined
    ? `exit code ${exitCode}`
    : `exit code ${exitCode}, which often means killed by ${signal}`;
}
