import { randomBytes } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { errorText } from '../../../core/base/errors';
import { Emitter } from '../../../core/base/event';
import type { Logger } from '../../../core/base/logger';
import { quoteWord } from '../../../core/base/shellWord';
import type { InteractiveShell, ShellOptions } from '../../../core/compute/hostConnections';
import { toCommandLine } from '../remote/bootstrap';
import type { SshChannel } from '../sshTransport';

export interface ShellMaker {
  /** Runs a command line on a terminal. */
  openTerminal(commandLine: string): Promise<SshChannel>;
  /** Runs one beside it. */
  exec(commandLine: string): Promise<SshChannel>;
  readonly log: Logger;
}

/**
 * A login shell on a terminal. `ssh` takes the size of a terminal from its own, and here it has none: so the far side
 * is told by `stty`, first by the command that becomes the shell, later by another session that names the terminal.
 */
export async function openShellOver(maker: ShellMaker, options: ShellOptions): Promise<InteractiveShell> {
  const mark = `hsm-${randomBytes(8).toString('hex')}`;
  const { columns, rows, dir } = options;
  const script = [
    // Not echoed: nobody has typed yet.
    `printf '%s %s\\n' ${mark} "$(tty)"`,
    // With no terminal here ssh asks for one with every mode off.
    `stty sane cols ${count(columns)} rows ${count(rows)} 2>/dev/null`,
    'TERM=xterm-256color; export TERM',
    ...(dir === undefined ? [] : [`cd -- ${quoteWord(dir)}`]),
    'exec "${SHELL:-/bin/sh}" -l',
  ];
  const channel = await maker.openTerminal(toCommandLine(script.join('\n')));
  return new OpenSshShell(channel, mark, maker);
}

class OpenSshShell implements InteractiveShell {
  private readonly printed = new Emitter<string>();
  private readonly ended = new Emitter<number | undefined>();
  readonly onDidEnd = this.ended.event;
  private readonly decoder = new StringDecoder('utf8');
  /** What came before the mark; undefined once it was found. */
  private preface: string | undefined = '';
  private terminal: string | undefined;
  private size: { readonly columns: number; readonly rows: number } | undefined;
  private resizing = false;

  constructor(
    private readonly channel: SshChannel,
    private readonly mark: string,
    private readonly maker: ShellMaker,
  ) {
    channel.io.pause();
    channel.io.on('data', (bytes: Buffer) => {
      this.print(this.decoder.write(bytes));
    });
    channel.io.on('error', () => undefined);
    channel.stderr.on('data', (bytes: Buffer) => {
      this.print(bytes.toString('utf8'));
    });
    void channel.ended.then((end) => {
      this.ended.fire(end.kind === 'exited' ? end.exitCode : undefined);
    });
  }

  /** Nothing is printed before somebody listens. */
  readonly onDidPrint: InteractiveShell['onDidPrint'] = (listener) => {
    const subscription = this.printed.event(listener);
    this.channel.io.resume();
    return subscription;
  };

  type(text: string): void {
    if (this.channel.io.writable) this.channel.io.write(text);
  }

  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
    if (!this.resizing) void this.passSizeOn();
  }

  dispose(): void {
    this.channel.close();
  }

  private print(text: string): void {
    if (this.preface === undefined) {
      this.printed.fire(text);
      return;
    }
    this.preface += text;
    const [all, terminal] = new RegExp(`${this.mark} (\\S*)\\r?\\n`).exec(this.preface) ?? [];
    if (all === undefined) return;
    const rest = this.preface.replace(all, '');
    this.preface = undefined;
    this.terminal = terminal?.startsWith('/dev/') === true ? terminal : undefined;
    if (rest !== '') this.printed.fire(rest);
    if (this.size) void this.passSizeOn();
  }

  /** One at a time, and only the newest: a window that is dragged has many. */
  private async passSizeOn(): Promise<void> {
    if (this.terminal === undefined) return;
    this.resizing = true;
    try {
      while (this.size) {
        const { columns, rows } = this.size;
        this.size = undefined;
        await this.stty(this.terminal, columns, rows);
      }
    } catch (error) {
      this.maker.log.debug(`the size of a terminal was not passed on: ${errorText(error)}`);
    } finally {
      this.resizing = false;
    }
  }

  private async stty(terminal: string, columns: number, rows: number): Promise<void> {
    const script = `stty cols ${count(columns)} rows ${count(rows)} <${quoteWord(terminal)}`;
    const channel = await this.maker.exec(toCommandLine(script));
    channel.io.resume();
    channel.stderr.resume();
    channel.io.end();
    await channel.ended;
  }
}

function count(value: number): number {
  return Math.min(Math.max(Math.trunc(value), 1), 10_000);
}
