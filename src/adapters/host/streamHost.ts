import type { Readable, Writable } from 'node:stream';
import type { Host } from '../../core/compute/host';

/** How a program on a host came to its end. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** The connection went; what became of the program is not known. */
  | { readonly kind: 'lost'; readonly reason: string };

/** A program that runs on a host, with its streams. */
export interface HostProcess {
  readonly stdin: Writable;
  /** Must be read or resumed, like `stderr`: an unread stream holds the program up. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves, never rejects, when the program is over and its output was read. */
  readonly ended: Promise<ProcessEnd>;
}

export interface StartOptions {
  /**
   * The program's input ends as soon as something else waits for its place on the connection, which may have few. It
   * must be one that then ends.
   */
  readonly givesWay?: boolean;
}

/** A host that can also stream: what rsync, tar and git are carried by. */
export interface StreamHost extends Host {
  /**
   * Starts a program; argv elements arrive as they are. When `signal` aborts, the program is ended.
   *
   * @throws HsmError `host.unreachable` or `host.refused` when there is no connection
   */
  start(argv: readonly string[], signal: AbortSignal, options?: StartOptions): Promise<HostProcess>;

  /**
   * Whether so few programs can run through the connection at one time that a long one keeps others out: what takes long
   * is then to be cut into pieces. As far as is known; absent: it never is.
   *
   * @throws HsmError `host.unreachable` or `host.refused` when there is no connection
   */
  isNarrow?(signal: AbortSignal): Promise<boolean>;
}
