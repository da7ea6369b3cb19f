/** The outcome of a command that ran to its end. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
}

export interface RunOptions {
  /** Written to its standard input, which is then closed. Default: empty. */
  readonly stdin?: string;
  /** Milliseconds after which the command is ended and the call rejects. Default 60,000. */
  readonly timeoutMs?: number;
}

/**
 * A machine that commands and files reach: this one, or one over SSH. Paths are absolute paths there.
 *
 * A host knows no scheduler and no sweep. Errors of the operating system reject with the message of the tool or
 * call that failed.
 */
export interface Host {
  /** For messages and logs: `this machine`, or the alias. */
  readonly label: string;

  /** Runs a program; argv elements arrive as they are. A non-zero exit is a result, not an error. */
  run(argv: readonly string[], signal: AbortSignal, options?: RunOptions): Promise<CommandResult>;

  /**
   * The bytes from `offset` to the end as text, with the offset after the last one. An absent file is empty; an offset
   * past the end gives no text and the file's end.
   */
  readFrom(path: string, offset: number, signal: AbortSignal): Promise<{ text: string; end: number }>;

  /**
   * Creates or replaces a file so that another reader sees the old content or the new, never a part, and that it is on
   * the disk when the call resolves. What it needs for that on the way has a name that begins with a dot.
   */
  writeFile(path: string, content: string, signal: AbortSignal, mode?: number): Promise<void>;

  /** Creates the directories with their parents; existing ones are fine. */
  makeDirs(paths: readonly string[], signal: AbortSignal): Promise<void>;
}
