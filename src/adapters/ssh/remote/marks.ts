import { randomBytes } from 'node:crypto';

/**
 * A text that nothing else prints, to tell our output from the noise of start-up files. In scripts it stands in two
 * halves, so that a shell that echoes what it runs does not print it.
 */
export class Mark {
  readonly text: string;

  constructor(text = `hsm-${randomBytes(12).toString('hex')}`) {
    this.text = text;
  }

  /** Shell words that `printf '%s%s'` joins. */
  get halves(): string {
    const middle = this.text.length >> 1;
    return `${this.text.slice(0, middle)} ${this.text.slice(middle)}`;
  }
}
