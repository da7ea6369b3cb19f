import { HsmError } from '../core/base/errors';
import { displayWidth } from './text/displayWidth';
import { TerminalFilter } from './text/terminalFilter';
import { colorPalette, mayColor, plainPalette, type Palette } from './text/palette';

/** Where a command writes. */
export interface Output {
  readonly isTerminal: boolean;
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number;
  readonly palette: Palette;
  /** Writes lines. */
  print(...lines: readonly string[]): void;
  /** Writes as it is. Resolves when the system has taken it, with false when nobody reads any more. */
  write(chunk: string | Uint8Array): Promise<boolean>;
  /** Lines that stay below everything else until they are replaced. Only on a terminal. */
  setFooter(lines: readonly string[]): void;
}

/** A standard stream of this process. */
export class StreamOutput implements Output {
  readonly palette: Palette;
  private footer: readonly string[] = [];
  /** Printed while somebody types; undefined while nobody does. */
  private held: string | undefined;
  private gone = false;
  private failure: Error | undefined;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    env: NodeJS.ProcessEnv,
  ) {
    this.palette = mayColor(this.isTerminal, env) ? colorPalette : plainPalette;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader has closed its end (`hsm expand … | head`), or the terminal is gone: nobody to write for.
      if (error.code === 'EPIPE' || error.code === 'EIO') this.gone = true;
      else this.failure ??= error;
    });
  }

  get isTerminal(): boolean {
    // Node's typings do not say that it is undefined for files and pipes.
    return (this.stream.isTTY as boolean | undefined) === true;
  }

  get columns(): number {
    return (this.isTerminal && this.stream.columns) || 80;
  }

  print(...lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = lines.map((line) => this.shown(line)).join('\n');
    this.put(`${this.erase()}${text}\n${this.footer.join('\n')}`);
  }

  async write(chunk: string | Uint8Array): Promise<boolean> {
    if (this.gone) return false;
    await new Promise<void>((resolve) => {
      // The error comes by the event too.
      this.stream.write(chunk, () => {
        resolve();
      });
    });
    this.throwFailure();
    return !this.gone;
  }

  setFooter(lines: readonly string[]): void {
    if (!this.isTerminal || (lines.length === 0 && this.footer.length === 0)) return;
    // One write, each line overwritten in place and cleared behind its end: nothing flickers.
    const drawn = lines.map((line) => `${line}\u001b[K`).join('\n');
    this.put(`${this.toTopOfFooter()}${drawn}\u001b[J`);
    this.footer = lines;
  }

  /** Runs a dialogue with somebody who types. What is printed meanwhile, other than by `say`, comes after it. */
  async talk<T>(dialogue: (say: (text: string) => void) => Promise<T>): Promise<T> {
    // Whoever draws the footer draws it again.
    this.setFooter([]);
    this.held = '';
    try {
      return await dialogue((text) => {
        if (!this.gone) this.stream.write(text);
      });
    } finally {
      const text = this.held;
      this.held = undefined;
      this.put(text);
    }
  }

  /** Resolves when everything is written. @throws HsmError `disk.unwritable` */
  async flush(): Promise<void> {
    await this.write('');
  }

  /** Once: what cannot be written is told, and then not tried again. */
  private throwFailure(): void {
    const { failure } = this;
    if (!failure) return;
    this.failure = undefined;
    this.gone = true;
    throw new HsmError('disk.unwritable', `The output cannot be written: ${failure.message}.`, { path: '-' });
  }

  /** On a terminal without what it would obey but colours: a line may hold names from another machine. */
  private shown(line: string): string {
    return this.isTerminal ? new TerminalFilter().pass(line).replace(/[\r\b]/gu, '') : line;
  }

  private put(text: string): void {
    if (this.held !== undefined) this.held += text;
    else if (!this.gone) this.stream.write(text);
  }

  private erase(): string {
    return this.footer.length === 0 ? '' : `${this.toTopOfFooter()}\u001b[J`;
  }

  /** The terminal may have become narrower since: a line then takes several rows. */
  private toTopOfFooter(): string {
    if (this.footer.length === 0) return '';
    const rows = this.footer.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / this.columns)),
      0,
    );
    return rows > 1 ? `\r\u001b[${rows - 1}A` : '\r';
  }
}
