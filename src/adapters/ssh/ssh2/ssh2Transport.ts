import type { Client, ClientChannel } from 'ssh2';
import type { Clock } from '../../../core/base/clock';
import { errorText, type HsmError } from '../../../core/base/errors';
import { Emitter } from '../../../core/base/event';
import { DisposableStore } from '../../../core/base/lifecycle';
import type { Logger } from '../../../core/base/logger';
import type { InteractiveShell, ShellOptions } from '../../../core/compute/hostConnections';
import { ChannelGate, SessionRefused } from '../channelGate';
import { loginShellAt } from '../remote/bootstrap';
import type { SshChannel, SshTransport } from '../sshTransport';
import { unreachable } from './connectFailure';
import type { Ssh2Connection } from './connectSsh2';
import { watchLiveness } from './liveness';
import { toSshChannel } from './ssh2Channel';
import { toInteractiveShell } from './ssh2Shell';

type StartChannel = (
  client: Client,
  done: (error: Error | undefined, channel: ClientChannel) => void,
) => unknown;

interface OpenSession<T> {
  readonly channel: ClientChannel;
  readonly wrapped: T;
  readonly closed: Promise<void>;
}

/** A connection made by ssh2. */
export class Ssh2Transport implements SshTransport {
  readonly kind = 'ssh2';
  private readonly gate: ChannelGate;
  private readonly losing = new Emitter<string>();
  readonly onDidLose = this.losing.event;
  readonly onDidCrowd;
  private readonly life = new DisposableStore();
  /** Why it is gone. */
  private end: string | undefined;
  private openChannels = 0;

  constructor(
    private readonly connection: Ssh2Connection,
    clock: Clock,
    private readonly log: Logger,
  ) {
    this.gate = new ChannelGate(clock);
    this.onDidCrowd = this.gate.onDidCrowd;
    this.listen(connection.client);
    this.life.add(
      watchLiveness(
        clock,
        {
          progress: connection.signsOfLife,
          isAwaited: () => this.openChannels > 0,
          probe: () => {
            askForAnything(connection.client);
          },
        },
        (reason) => {
          this.lose(reason);
        },
        connection.target.aliveIntervalMs > 0 ? connection.target.aliveIntervalMs : undefined,
      ),
    );
  }

  get maxSessions(): number {
    return this.gate.maxSessions;
  }

  exec(commandLine: string, signal: AbortSignal, isLasting = false): Promise<SshChannel> {
    return this.open((client, done) => client.exec(commandLine, done), toSshChannel, signal, isLasting);
  }

  shell(options: ShellOptions, signal: AbortSignal): Promise<InteractiveShell> {
    const terminal = { term: 'xterm-256color', cols: options.columns, rows: options.rows };
    const { dir } = options;
    return this.open(
      (client, done) =>
        dir === undefined
          ? client.shell(terminal, done)
          : client.exec(loginShellAt(dir), { pty: terminal }, done),
      toInteractiveShell,
      signal,
      false,
    );
  }

  dispose(): void {
    this.end ??= 'it was closed here';
    this.life.dispose();
    this.connection.dispose();
  }

  private listen(client: Client): void {
    let cause: Error | undefined;
    // ssh2 reports one loss by several errors, and some losses by none: the end is what counts.
    client.on('error', (error) => {
      cause ??= error;
      this.log.debug(`${this.connection.target.alias}: ${errorText(error)}`);
    });
    client.once('close', () => {
      this.lose(cause ? errorText(cause) : 'the server closed the connection');
    });
  }

  private lose(reason: string): void {
    if (this.end !== undefined) return;
    this.end = reason;
    this.life.dispose();
    this.connection.destroy();
    this.losing.fire(reason);
  }

  /**
   * @param start - asks ssh2 for a channel
   * @param wrap - called at once with it: what it has to tell may be in the same packet as its opening
   */
  private async open<T>(
    start: StartChannel,
    wrap: (channel: ClientChannel) => T,
    signal: AbortSignal,
    isLasting: boolean,
  ): Promise<T> {
    const attempt = () => this.attempt(start, wrap);
    const { session, place } = await this.gate.open(attempt, signal, isLasting).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error instanceof SessionRefused ? this.gone(error) : error;
    });
    this.openChannels++;
    void session.closed.then(() => {
      this.openChannels--;
      place.dispose();
    });
    if (!signal.aborted) return session.wrapped;
    session.channel.resume();
    session.channel.stderr.resume();
    session.channel.close();
    throw signal.reason as Error;
  }

  private attempt<T>(start: StartChannel, wrap: (channel: ClientChannel) => T): Promise<OpenSession<T>> {
    return new Promise((resolve, reject) => {
      if (this.end !== undefined) {
        reject(this.gone(new Error(this.end)));
        return;
      }
      try {
        start(this.connection.client, (error, channel) => {
          if (!error) resolve({ channel, wrapped: wrap(channel), closed: untilClosed(channel) });
          else if (isRefusal(error)) reject(new SessionRefused(error.message, { cause: error }));
          else reject(this.gone(error));
        });
      } catch (error) {
        // ssh2 throws at once when it knows that it is not connected.
        reject(this.gone(error));
      }
    });
  }

  private gone(cause: unknown): HsmError {
    const { target } = this.connection;
    const reason = this.end ?? errorText(cause);
    return unreachable(target, `The connection to ${target.alias} cannot be used: ${reason}.`, cause);
  }
}

function untilClosed(channel: ClientChannel): Promise<void> {
  return new Promise((resolve) => {
    channel.once('close', () => {
      resolve();
    });
  });
}

/** Reasons 2 and 4 of RFC 4254, 5.1: OpenSSH says the former of a session too many, others the latter. */
function isRefusal(error: Error & { reason?: unknown }): boolean {
  return error.reason === 2 || error.reason === 4;
}

/** Takes back a forwarding that was never asked for: a server has to answer, and nothing changes. */
function askForAnything(client: Client): void {
  try {
    client.unforwardIn('127.0.0.1', 1, () => undefined);
  } catch {
    // No longer connected, which the end of the connection tells.
  }
}
