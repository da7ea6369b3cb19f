import type { Duplex, Readable } from 'node:stream';
import type { Event } from '../../core/base/event';
import type { Disposable } from '../../core/base/lifecycle';
import type { InteractiveShell, ShellOptions } from '../../core/compute/hostConnections';
import type { ProcessEnd } from '../host/streamHost';
import type { Crowd } from './channelGate';

/** One command on the far side, by its streams. The duplex ends when the far side has closed its output. */
export interface SshChannel {
  readonly io: Duplex;
  readonly stderr: Readable;
  /** Resolves, never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** Asks the server to kill what it runs. Not every server does, and nothing tells whether it did. */
  askToKill?(): void;
  /** Lets go of it at once. What it runs may go on: ending that is the caller's work. */
  close(): void;
}

/**
 * One authenticated connection to one host. It knows channels and command lines, nothing of shells or files.
 * It is used up by its loss: a new connection is a new object.
 */
export interface SshTransport extends Disposable {
  readonly kind: 'ssh2' | 'openssh';
  /** Fires once, with the reason, when the connection is gone for whatever reason but {@link dispose}. */
  readonly onDidLose: Event<string>;
  /**
   * Fires when a call waits because the server allows no further channel: whoever holds a channel that it does not need at
   * the moment should close it, if its end would let the call in.
   */
  readonly onDidCrowd: Event<Crowd>;
  /** Channels that the server allows at one time, as far as is known. */
  readonly maxSessions: number;

  /**
   * Runs a command line by the user's login shell. Waits while the server allows no further channel.
   *
   * @param isLasting - it may go on for long, as a transfer does: all such calls together leave one channel to the others
   * @throws HsmError `host.unreachable` when the connection is gone
   */
  exec(commandLine: string, signal: AbortSignal, isLasting?: boolean): Promise<SshChannel>;

  /** A login shell on a terminal. */
  shell(options: ShellOptions, signal: AbortSignal): Promise<InteractiveShell>;
}
