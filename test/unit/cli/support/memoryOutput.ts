import type { Output } from '../../../../src/cli/output';
import { plainPalette } from '../../../../src/cli/text/palette';

/** Keeps what is written. */
export class MemoryOutput implements Output {
  readonly palette = plainPalette;
  readonly columns = 100;
  text = '';
  footer: readonly string[] = [];
  /** After so many characters nobody reads any more. */
  readerStopsAt = Infinity;

  constructor(readonly isTerminal = false) {}

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }

  print(...lines: readonly string[]): void {
    for (const line of lines) this.text += `${line}\n`;
  }

  write(chunk: string | Uint8Array): Promise<boolean> {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
    return Promise.resolve(this.text.length < this.readerStopsAt);
  }

  setFooter(lines: readonly string[]): void {
    if (this.isTerminal) this.footer = lines;
  }
}
