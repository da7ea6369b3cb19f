/** The outcome of a command that ran to its end. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /**
   * Undefined when a signal ended it. Over SSH a program that itself exits with 128 and the number of a deadly signal
   * (e.g. 137) looks the same: no shell tells the two apart.
   */
  readonly exitCode: number | undefined;
}

export interface RunOptions {
  /** Written to its standard input, which is then closed. Default: empty. */
  readonly stdin?: string | Uint8Array;
  /** Milliseconds after which the command is ended and the call rejects. Default 60,000. */
  readonly timeoutMs?: number;
  /** Bytes of output after which the command is ended and the call rejects. Default 64 MiB. */
  readonly maxOutputBytes?: number;
}

/** A part of a file, in bytes. */
export interface FileRange {
  /** Negative: from the end. */
  readonly offset: number;
  readonly limit: number;
}

/** A part of a file that was read. */
export interface FilePiece {
  readonly text: string;
  /** Offset behind the text. */
  readonly next: number;
  /** Size of the file. */
  readonly end: number;
}

/** A file to create or replace. */
export interface FileToWrite {
  readonly path: string;
  readonly content: string;
  /** Default: 0666 without the umask. */
  readonly mode?: number;
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
   * A piece of a file as text, at most `limit` bytes. A negative offset counts from the end. The piece ends with a whole
   * character; `next` is the offset behind it, `end` that of the file. An absent file is empty.
   */
  readRange(path: string, range: FileRange, signal: AbortSignal): Promise<FilePiece>;

  /**
   * Creates or replaces a file so that another reader sees the old content or the new, never a part, and that it is on
   * the disk when the call resolves. What it needs for that on the way has a name that begins with a dot.
   */
  writeFile(path: string, content: string, signal: AbortSignal, mode?: number): Promise<void>;

  /**
   * Writes several files, each as {@link writeFile} does, in one round trip. The last one appears after the others.
   */
  writeFiles(files: readonly FileToWrite[], signal: AbortSignal): Promise<void>;

  /** Creates the directories with their parents; existing ones are fine. */
  makeDirs(paths: readonly string[], signal: AbortSignal): Promise<void>;
}
