import type * as vscode from 'vscode';
import { errorText } from '../../core/base/errors';
import { Emitter } from '../../core/base/event';
import { DisposableStore } from '../../core/base/lifecycle';
import type { HostConnections, InteractiveShell } from '../../core/compute/hostConnections';
import { harmlessText } from '../text/harmlessText';
import type { L10n } from '../text/l10n';

export interface HostTerminalOptions {
  readonly hosts: Pick<HostConnections, 'openShell'>;
  readonly host: string;
  /** Where it starts, absolute there. Default: the home directory. */
  readonly dir?: string;
  readonly l10n: L10n;
}

/** VS Code gives no size for a terminal that is not on screen. */
const USUAL_SIZE: vscode.TerminalDimensions = { columns: 80, rows: 24 };

/**
 * A terminal on the connection that everything else on the host uses: no second log-in. When the shell cannot be opened
 * or is cut off, it says why, and Enter opens another one.
 */
export class HostTerminal implements vscode.Pseudoterminal {
  private readonly store = new DisposableStore();
  private readonly written = this.store.add(new Emitter<string>());
  private readonly closed = this.store.add(new Emitter<number>());
  private readonly abort = new AbortController();
  private shell: InteractiveShell | undefined;
  private size = USUAL_SIZE;
  private opening: Promise<void> | undefined;

  readonly onDidWrite: vscode.Event<string> = this.written.event;
  readonly onDidClose: vscode.Event<number> = this.closed.event;

  constructor(private readonly options: HostTerminalOptions) {}

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.size = dimensions ?? USUAL_SIZE;
    this.start();
  }

  handleInput(data: string): void {
    if (this.shell) this.shell.type(data);
    else if (data.includes('\r')) this.start();
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.size = dimensions;
    this.shell?.resize(dimensions.columns, dimensions.rows);
  }

  /** The user closed it. */
  close(): void {
    this.abort.abort();
    this.shell?.dispose();
    this.store.dispose();
  }

  private start(): void {
    this.opening ??= this.openShell()
      .catch((error: unknown) => {
        if (!this.abort.signal.aborted) this.offerAgain(errorText(error));
      })
      .finally(() => (this.opening = undefined));
  }

  private async openShell(): Promise<void> {
    const { hosts, host, dir, l10n } = this.options;
    const { signal } = this.abort;
    this.written.fire(`${l10n.t('Connecting to {0} …', host)}\r\n`);
    const { columns, rows } = this.size;
    const shell = await hosts.openShell(host, { ...(dir !== undefined && { dir }), columns, rows }, signal);
    if (signal.aborted) {
      shell.dispose();
      return;
    }
    this.shell = shell;
    this.store.add(
      shell.onDidPrint((text) => {
        this.written.fire(text);
      }),
    );
    this.store.add(
      shell.onDidEnd((code) => {
        this.shell = undefined;
        if (code !== undefined) this.closed.fire(code);
        else this.offerAgain(l10n.t('The connection to {0} is gone.', host));
      }),
    );
    // It may have changed while the shell was opened.
    shell.resize(this.size.columns, this.size.rows);
  }

  private offerAgain(reason: string): void {
    const again = this.options.l10n.t('Press Enter to try again.');
    this.written.fire(`\r\n\u001b[31m${harmlessText(reason)}\u001b[39m\r\n${again}\r\n`);
  }
}
