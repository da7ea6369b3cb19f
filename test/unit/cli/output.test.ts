import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { StreamOutput } from '../../../src/cli/output';
import { HsmError } from '../../../src/core/base/errors';

/** A terminal of a few columns that remembers its screen: what people see in the end. */
class Screen extends Writable {
  readonly isTTY: boolean;
  columns: number;
  rows: string[] = [''];
  private row = 0;
  private column = 0;
  writes = 0;
  /** As it was written. */
  raw = '';
  failure: NodeJS.ErrnoException | undefined;

  constructor(columns = 40, isTTY = true) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.isTTY = isTTY;
  }

  override _write(chunk: string | Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    if (this.failure) {
      done(this.failure);
      return;
    }
    this.writes++;
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    this.raw += text;
    // eslint-disable-next-line no-control-regex -- what a terminal reads
    for (const [token] of text.matchAll(/\u001b\[(\d*)([A-Za-z])|[^]/gu)) this.obey(token);
    done();
  }

  get output(): StreamOutput {
    return new StreamOutput(this as unknown as NodeJS.WriteStream, { TERM: 'xterm' });
  }

  private obey(token: string): void {
    if (token === '\n') {
      this.row++;
      this.column = 0;
      this.rows[this.row] ??= '';
    } else if (token === '\r') this.column = 0;
    else if (token.endsWith('A')) this.row -= Number(token.slice(2, -1));
    else if (token.endsWith('K')) this.rows[this.row] = (this.rows[this.row] ?? '').slice(0, this.column);
    else if (token.endsWith('J')) {
      this.rows[this.row] = (this.rows[this.row] ?? '').slice(0, this.column);
      this.rows.length = this.row + 1;
    } else if (!token.startsWith('\u001b')) {
      const line = (this.rows[this.row] ?? '').padEnd(this.column);
      this.rows[this.row] = line.slice(0, this.column) + token + line.slice(this.column + 1);
      this.column++;
    }
  }
}

describe('output with a footer', () => {
  it('redraws it in place with one write', () => {
    const screen = new Screen();
    const { output } = screen;
    output.setFooter(['3/9 running', 'task 4']);
    const before = screen.writes;
    output.setFooter(['4/9', 'task 5']);
    assert.equal(screen.writes, before + 1);
    assert.deepEqual(screen.rows, ['4/9', 'task 5']);
  });

  it('shrinks without leaving lines behind', () => {
    const screen = new Screen();
    const { output } = screen;
    output.setFooter(['one', 'two', 'three']);
    output.setFooter(['one']);
    assert.deepEqual(screen.rows, ['one']);
  });

  it('keeps it below what is printed meanwhile', () => {
    const screen = new Screen();
    const { output } = screen;
    output.setFooter(['1/2', 'task 1']);
    output.print('a message');
    output.setFooter(['2/2', 'task 2']);
    assert.deepEqual(screen.rows, ['a message', '2/2', 'task 2']);
    output.setFooter([]);
    output.print('over');
    assert.deepEqual(screen.rows, ['a message', 'over', '']);
  });

  it('writes none where there is no terminal', () => {
    const screen = new Screen(80, false);
    screen.output.setFooter(['1/2']);
    assert.equal(screen.writes, 0);
  });
});

describe('a dialogue', () => {
  it('is alone on the screen while it lasts; what else is printed comes after it', async () => {
    const screen = new Screen();
    const { output } = screen;
    output.setFooter(['0/2']);
    let answer: () => void = () => undefined;
    const dialogue = output.talk(async (say) => {
      say('Password: ');
      await new Promise<void>((resolve) => (answer = resolve));
      say('\n');
    });
    output.print('a task failed');
    output.setFooter(['1/2']);
    assert.deepEqual(screen.rows, ['Password: ']);
    answer();
    await dialogue;
    assert.deepEqual(screen.rows, ['Password: ', 'a task failed', '1/2']);
  });

  it('lets the output go on when it fails', async () => {
    const screen = new Screen();
    const { output } = screen;
    await assert.rejects(
      output.talk(() => Promise.reject(new Error('no keys'))),
      /no keys/,
    );
    output.print('next');
    assert.deepEqual(screen.rows, ['next', '']);
  });
});

describe('output', () => {
  it('shows a terminal nothing that it would obey but colours, and a file the bytes', () => {
    const line = '\u001b[31mhsm:\u001b[39m a\u001b]52;c;cm0=\u0007b\u009b2J\rc\u001b]8;;x';
    const screen = new Screen();
    screen.output.print(line);
    assert.equal(screen.raw, '\u001b[31mhsm:\u001b[39m ab2Jc\n');
    const file = new Screen(80, false);
    file.output.print(line);
    assert.equal(file.raw, `${line}\n`);
  });

  it('says when nobody reads any more, and goes on without a word', async () => {
    const screen = new Screen(80, false);
    const { output } = screen;
    screen.failure = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    assert.equal(await output.write('a'), false);
    output.print('b');
    assert.equal(await output.write('c'), false);
  });

  it('fails when the disk under it is full', async () => {
    const screen = new Screen(80, false);
    const { output } = screen;
    screen.failure = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    await assert.rejects(output.write('a'), (error) => HsmError.is(error, 'disk.unwritable'));
  });

  for (const [env, isTerminal, colored] of [
    [{ TERM: 'xterm' }, true, true],
    [{ TERM: 'xterm', NO_COLOR: '1' }, true, false],
    [{ TERM: 'dumb' }, true, false],
    [{ TERM: 'xterm' }, false, false],
  ] as const) {
    it(`${colored ? 'has' : 'has no'} colours with ${JSON.stringify(env)} ${isTerminal ? 'on a terminal' : 'in a pipe'}`, () => {
      const screen = new Screen(80, isTerminal) as unknown as NodeJS.WriteStream;
      assert.equal(new StreamOutput(screen, env).palette.red('x') !== 'x', colored);
    });
  }
});
