import { errorText } from '../../core/base/errors';
import { Emitter } from '../../core/base/event';
import type { Disposable } from '../../core/base/lifecycle';
import type { Logger } from '../../core/base/logger';
import { quoteWord } from '../../core/base/shellWord';
import { CommandWatch } from './commandWatch';
import { noFreeSession, noSuchProgram, type CommandLimits } from './hostErrors';
import { untilAborted } from './onAbort';
import type { ControlShell, ShellCommand, ShellOutcome } from './remote/controlShell';
import { openMarked, type MarkedChannel } from './remote/markedChannel';
import { TailSink } from '../host/outputSink';
import { ShellPool } from './remote/shellPool';
import type { SshTransport } from './sshTransport';

/** How long somebody waits until a busy connection has a session to spare. */
const SESSION_WAIT_MS = 60_000;
/** After which a connection is given up that has no session left to end a command by. */
const KILL_TIMEOUT_MS = 20_000;
/** How long a program may take to tidy up when it was told to end. */
const TERM_MS = 2_000;

/** One connection with the shells that are open on it. Used up by the loss of the connection. */
export class SshSession implements Disposable {
  private readonly shells: ShellPool;
  private streams = 0;
  private readonly losing = new Emitter<string>();
  /** Fires once, with the reason, when the connection is gone or of no use any more. */
  readonly onDidLose = this.losing.event;

  constructor(
    readonly transport: SshTransport,
    /** For messages: the alias. */
    readonly host: string,
    private readonly log: Logger,
    private readonly killTimeoutMs = KILL_TIMEOUT_MS,
  ) {
    this.shells = new ShellPool(transport, host);
    transport.onDidLose((reason) => {
      this.losing.fire(reason);
    });
  }

  /**
   * Runs a command in a shell that is open already: one round trip, none of the user's start-up files.
   *
   * @throws HsmError `host.unreachable`, `host.refused`, or `command.failed` when it took too long or printed too much
   */
  async run(command: ShellCommand, limits: CommandLimits, signal: AbortSignal): Promise<ShellOutcome> {
    const patience = AbortSignal.timeout(SESSION_WAIT_MS);
    const wait = AbortSignal.any([signal, patience]);
    try {
      return await this.shells.with(wait, (shell) => this.runIn(shell, command, limits, signal));
    } catch (error) {
      // The reason of this very signal: a command's own time has another.
      throw patience.aborted && error === patience.reason ? noFreeSession(this.host) : error;
    }
  }

  /**
   * Starts a program with streams of its own.
   *
   * @throws HsmError `command.failed` when there is no such program; else as {@link openMarked}
   */
  async start(argv: readonly string[], signal: AbortSignal): Promise<MarkedChannel> {
    const [program = ''] = argv;
    const channel = await openMarked(
      this.transport,
      {
        host: this.host,
        isLasting: true,
        write: (announce) =>
          `if command -v ${quoteWord(program)} >/dev/null 2>&1; then ${announce('found')}; ` +
          `exec ${argv.map(quoteWord).join(' ')}; fi; ${announce('absent')}; exit 127`,
        abandon: (late) => {
          void this.kill(late).then(() => {
            late.close();
          });
        },
      },
      signal,
    );
    if (channel.word === 'found') {
      this.streams++;
      void channel.ended.then(() => this.streams--);
      return channel;
    }
    channel.close();
    throw noSuchProgram(this.host, argv);
  }

  /** Ends what a channel runs, with all that it started in its process group: politely, then not. Never rejects. */
  async end(channel: MarkedChannel): Promise<void> {
    await this.signal('TERM', channel.pid);
    const patience = AbortSignal.timeout(TERM_MS);
    await untilAborted(channel.ended, patience).catch(() => this.kill(channel));
    channel.close();
  }

  /** Ends what a channel runs, at once. Never rejects. */
  async kill(channel: Pick<MarkedChannel, 'pid' | 'askToKill'>): Promise<void> {
    // Where all sessions are in use this is the only way.
    channel.askToKill?.();
    await this.signal('KILL', channel.pid);
  }

  dispose(): void {
    this.losing.dispose();
    this.shells.dispose();
    this.transport.dispose();
  }

  private async runIn(
    shell: ControlShell,
    command: ShellCommand,
    limits: CommandLimits,
    signal: AbortSignal,
  ): Promise<ShellOutcome> {
    const watch = new CommandWatch(this.host, limits);
    try {
      return await untilAborted(shell.run(command, watch), AbortSignal.any([signal, watch.signal]));
    } catch (error) {
      if (!shell.isOver) void this.kill(shell);
      throw error;
    } finally {
      watch.dispose();
    }
  }

  private async signal(name: 'TERM' | 'KILL', group: number): Promise<void> {
    // Where the server gives a session no group of its own, the process alone.
    const script = `kill -${name} -${group} || kill -${name} ${group}`;
    const nothing = { stdout: new TailSink(0), stderr: new TailSink(0) };
    const timeout = AbortSignal.timeout(this.killTimeoutMs);
    try {
      await this.shells.with(timeout, (shell) => shell.run({ script }, nothing));
    } catch (error) {
      this.log.warn(`${this.host}: process group ${group} could not be told to end: ${errorText(error)}`);
      // Streams would be lost with it, and when they end there is room again.
      if (error === timeout.reason && this.streams === 0)
        this.losing.fire('a command that was stopped holds on to all its sessions');
    }
  }
}
