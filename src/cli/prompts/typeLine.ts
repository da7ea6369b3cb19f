import { StringDecoder } from 'node:string_decoder';

/** The part of a terminal's input that is needed here; `process.stdin` on a terminal is one. */
export interface Keyboard {
  setRawMode(raw: boolean): unknown;
  on(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  off(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface TypeOptions {
  /** Shown when the keyboard is listened to: nothing that is typed after it shows by itself. */
  readonly question: string;
  /** Whether what is typed may be seen. */
  readonly echo: boolean;
  readonly signal: AbortSignal;
  /** Shows on the terminal. */
  readonly show: (text: string) => void;
  /** Ctrl-C was pressed: the terminal does not make a signal of it while it is read key by key. */
  readonly onInterrupt: () => void;
}

/**
 * Reads one line from the keyboard, key by key, so that nothing is shown that must not be seen. The keys are those of a
 * terminal: Backspace, Ctrl-U, Enter; Ctrl-C and Ctrl-D leave.
 *
 * @returns undefined when the user left or `signal` aborted
 */
export async function typeLine(keyboard: Keyboard, options: TypeOptions): Promise<string | undefined> {
  const { signal, show, question } = options;
  if (signal.aborted) return undefined;
  const line = new Line(options);
  const decoder = new StringDecoder('utf8');
  let finish: (answer: string | undefined) => void = () => undefined;
  const onData = (chunk: Buffer | string): void => {
    const outcome = line.take(typeof chunk === 'string' ? chunk : decoder.write(chunk));
    if (outcome === 'left') finish(undefined);
    else if (outcome === 'done') finish(line.text);
  };
  const onAbort = (): void => {
    finish(undefined);
  };
  keyboard.setRawMode(true);
  keyboard.on('data', onData);
  keyboard.resume();
  signal.addEventListener('abort', onAbort);
  show(question);
  try {
    return await new Promise<string | undefined>((resolve) => (finish = resolve));
  } finally {
    signal.removeEventListener('abort', onAbort);
    keyboard.off('data', onData);
    keyboard.pause();
    keyboard.setRawMode(false);
    show('\n');
  }
}

/** Arrow keys and the like, which move nothing here. */
// eslint-disable-next-line no-control-regex -- they begin with the escape character
const FUNCTION_KEYS = /\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z]|.)/gu;

class Line {
  private readonly characters: string[] = [];

  constructor(private readonly options: TypeOptions) {}

  get text(): string {
    return this.characters.join('');
  }

  take(keys: string): 'going on' | 'done' | 'left' {
    for (const key of keys.replace(FUNCTION_KEYS, '')) {
      if (key === '\r' || key === '\n') return 'done';
      if (key === '\u0003') {
        this.options.onInterrupt();
        return 'left';
      }
      if (key === '\u0004' && this.characters.length === 0) return 'left';
      if (key === '\u007f' || key === '\b') this.erase(1);
      else if (key === '\u0015') this.erase(this.characters.length);
      else if (key >= ' ') this.add(key);
    }
    return 'going on';
  }

  private add(key: string): void {
    this.characters.push(key);
    if (this.options.echo) this.options.show(key);
  }

  private erase(count: number): void {
    const erased = this.characters.splice(this.characters.length - count, count);
    if (this.options.echo) this.options.show('\b \b'.repeat(erased.length));
  }
}
