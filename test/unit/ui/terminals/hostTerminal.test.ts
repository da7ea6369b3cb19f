import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/core/base/event';
import type { InteractiveShell, ShellOptions } from '../../../../src/core/compute/hostConnections';
import { HostTerminal } from '../../../../src/ui/terminals/hostTerminal';
import { plainL10n } from '../../../support/plainL10n';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A terminal, what it shows, and the far side of its shells. */
function setUp(refusal?: Error): {
  terminal: HostTerminal;
  shown: () => string;
  calls: string[];
  print: (text: string) => void;
  end: (code: number | undefined) => void;
  codes: number[];
} {
  const calls: string[] = [];
  const printed = new Emitter<string>();
  const ended = new Emitter<number | undefined>();
  const shell: InteractiveShell = {
    onDidPrint: printed.event,
    onDidEnd: ended.event,
    type: (text) => calls.push(`type ${text}`),
    resize: (columns, rows) => calls.push(`size ${columns}x${rows}`),
    dispose: () => calls.push('dispose'),
  };
  const openShell = (host: string, { dir, columns, rows }: ShellOptions): Promise<InteractiveShell> => {
    calls.push(`open ${host} ${dir ?? '~'} ${columns}x${rows}`);
    return refusal ? Promise.reject(refusal) : Promise.resolve(shell);
  };
  const terminal = new HostTerminal({ hosts: { openShell }, host: 'gpu01', dir: '/t', l10n: plainL10n });
  let shown = '';
  const codes: number[] = [];
  terminal.onDidWrite((text) => (shown += text));
  terminal.onDidClose((code) => codes.push(code));
  const print = (text: string): void => {
    printed.fire(text);
  };
  const end = (code: number | undefined): void => {
    ended.fire(code);
  };
  return { terminal, shown: () => shown, calls, print, end, codes };
}

describe('a terminal on a host', () => {
  it('starts in its directory, with its size, and passes everything on', async () => {
    const { terminal, shown, calls, print } = setUp();
    terminal.open({ columns: 100, rows: 30 });
    await settled();
    terminal.handleInput('ls\r');
    terminal.setDimensions({ columns: 50, rows: 10 });
    print('a.txt\r\n');
    assert.deepEqual(calls, ['open gpu01 /t 100x30', 'size 100x30', 'type ls\r', 'size 50x10']);
    assert.equal(shown(), 'Connecting to gpu01 …\r\na.txt\r\n');
  });

  it('closes with the code of its shell', async () => {
    const { terminal, end, codes } = setUp();
    terminal.open(undefined);
    await settled();
    end(3);
    assert.deepEqual(codes, [3]);
  });

  it('says when the connection is gone, and opens another shell by Enter', async () => {
    const { terminal, shown, calls, end, codes } = setUp();
    terminal.open(undefined);
    await settled();
    end(undefined);
    assert.match(shown(), /The connection to gpu01 is gone\.[^]*Press Enter to try again/);
    terminal.handleInput('x');
    terminal.handleInput('\r');
    await settled();
    assert.deepEqual(calls, ['open gpu01 /t 80x24', 'size 80x24', 'open gpu01 /t 80x24', 'size 80x24']);
    assert.deepEqual(codes, []);
  });

  it('says why no shell could be opened, as data', async () => {
    const { terminal, shown, calls } = setUp(new Error('refused\u001b]0;owned\u0007 by gpu01'));
    terminal.open(undefined);
    await settled();
    assert.match(shown(), /31mrefused by gpu01/);
    terminal.handleInput('\r');
    await settled();
    assert.equal(calls.length, 2);
  });

  it('lets go of a shell that is opened after the user has closed it', async () => {
    const { terminal, calls } = setUp();
    terminal.open(undefined);
    terminal.close();
    await settled();
    assert.deepEqual(calls, ['open gpu01 ~ 80x24'.replace('~', '/t'), 'dispose']);
  });
});
