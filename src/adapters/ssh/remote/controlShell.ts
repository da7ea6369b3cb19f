import { quoteWord } from '../../../core/base/shellWord';
import { connectionLost } from '../hostErrors';
import type { OutputSink } from '../../host/outputSink';
import type { SshTransport } from '../sshTransport';
import { beginLine, endLine, FrameReader } from './frameReader';
import { Mark } from './marks';
import { openMarked, type Announce, type MarkedChannel } from './markedChannel';

/** The streams of one command while it runs. */
export interface CommandSinks {
  readonly stdout: OutputSink;
  readonly stderr: OutputSink;
}

/** A command for a control shell. */
export interface ShellCommand {
  /** Complete in itself; it gets a shell of its own. */
  readonly script: string;
  /** Looked for first; without it nothing is run. */
  readonly program?: string;
}

/** How a command in a control shell came out. */
export interface ShellOutcome {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** As the shell has it in `$?`; `absent`: there is no such program. `signalled`: known to have been ended so. */
  readonly status: number | 'absent' | 'signalled';
}

/**
 * A `/bin/sh` on the far side that stays, and runs one command after the other: each costs one round trip and what the
 * shell costs, without a new channel and without the user's start-up files.
 */
export class ControlShell {
  private readonly mark = new Mark();
  private readonly out = new FrameReader(this.mark.text);
  private readonly err = new FrameReader(this.mark.text);
  private count = 0;
  private isBusy = false;
  private isGone = false;

  private constructor(
    private readonly channel: MarkedChannel,
    private readonly host: string,
  ) {
    channel.io.on('data', (chunk: Buffer) => {
      this.out.push(chunk);
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      this.err.push(chunk);
    });
    channel.io.on('error', () => undefined);
    void channel.ended.then((end) => {
      this.isGone = true;
      const reason = end.kind === 'lost' ? end.reason : 'the shell that runs commands there was ended';
      const error = connectionLost(host, reason);
      this.out.fail(error);
      this.err.fail(error);
    });
  }

  /** @throws HsmError as {@link openMarked} */
  static async open(transport: SshTransport, host: string, signal: AbortSignal): Promise<ControlShell> {
    const script = {
      host,
      write: (announce: Announce) => `${announce('ready')}; exec /bin/sh`,
      abandon: (late: MarkedChannel) => {
        late.close();
      },
    };
    const channel = await openMarked(transport, script, signal);
    return new ControlShell(channel, host);
  }

  /** Its process group is that of every command in it. */
  get pid(): number {
    return this.channel.pid;
  }

  /** No command runs in it any more. */
  get isOver(): boolean {
    return this.isGone;
  }

  /** Whether it can run another command, and nothing of an earlier one is in the way. */
  get isUsable(): boolean {
    return !this.isGone && !this.isBusy && !this.out.hasStrayOutput && !this.err.hasStrayOutput;
  }

  /**
   * Runs a command. One at a time.
   *
   * @throws HsmError `host.unreachable` when the shell is gone; what became of the command is not known then
   */
  async run(command: ShellCommand, sinks: CommandSinks): Promise<ShellOutcome> {
    if (this.isGone) throw connectionLost(this.host, 'the shell that runs commands there is gone');
    const number = ++this.count;
    this.isBusy = true;
    const frames = Promise.all([this.out.read(number, sinks.stdout), this.err.read(number, sinks.stderr)]);
    this.channel.io.write(this.frame(number, command));
    const [stdout, stderr] = await frames;
    this.isBusy = false;
    const status = stdout.status === 'absent' ? 'absent' : Number(stdout.status);
    return { stdout: stdout.bytes, stderr: stderr.bytes, status };
  }

  askToKill(): void {
    this.channel.askToKill?.();
  }

  /** Lets go of the shell; what it runs may go on. */
  close(): void {
    this.isGone = true;
    this.channel.close();
  }

  private frame(number: number, { script, program }: ShellCommand): string {
    const begin = beginLine(this.mark.text, number);
    const end = endLine(this.mark.text, number);
    // The shell's own remarks about how a command ended go nowhere. What stays in the background must hold none of
    // the shell's streams but its own output, or the session could not end.
    const run = `{ ( ${script}\n) 2>&4 4>&- </dev/null; hsm_status=$?; } 4>&2 2>/dev/null`;
    const guarded =
      program === undefined
        ? run
        : `if command -v ${quoteWord(program)} >/dev/null 2>&1; then\n${run}\nelse hsm_status=absent; fi`;
    return `echo '${begin}'; echo '${begin}' >&2\n${guarded}\necho "${end} $hsm_status"; echo '${end}' >&2\n`;
  }
}
