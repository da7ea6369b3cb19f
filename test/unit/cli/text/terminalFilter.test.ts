import assert from 'node:assert/strict';
import { TerminalFilter } from '../../../../src/cli/text/terminalFilter';

const ESC = '\u001b';

function checkShown(what: string, pieces: readonly string[], shown: string): void {
  it(what, () => {
    const filter = new TerminalFilter();
    assert.equal(pieces.map((piece) => filter.pass(piece)).join(''), shown);
  });
}

describe('output of another machine on a terminal', () => {
  checkShown(
    'keeps text, colours and progress bars',
    [`a\tb\r${ESC}[1;31m50 %${ESC}[0m${ESC}[K\n`],
    `a\tb\r${ESC}[1;31m50 %${ESC}[0m${ESC}[K\n`,
  );
  checkShown(
    'sets no titles and fills no clipboard',
    [`x${ESC}]0;owned\u0007y${ESC}]52;c;aGk=${ESC}\\z`],
    'xyz',
  );
  checkShown('moves no cursor and clears no screen', [`x${ESC}[2J${ESC}[10;10Hy${ESC}cz`], 'xyz');
  checkShown('asks the terminal for nothing', [`x${ESC}[6n${ESC}P$q"p${ESC}\\${ESC}Zy`], 'xy');
  checkShown('has no one-byte controls', ['x\u009b2J\u0007\u0000y'], 'x2Jy');
  checkShown(
    'is the same in pieces',
    ['x', ESC, ']0;ow', 'ned', '\u0007y', `${ESC}[3`, '1mred'],
    `xy${ESC}[31mred`,
  );
  checkShown(
    'loses nothing behind a sequence that never ends',
    [`x${ESC}]0;`, 'y'.repeat(5000), 'z'],
    `x]0;${'y'.repeat(5000)}z`,
  );
  checkShown(
    'goes on behind a sequence that is broken',
    [`x${ESC}[3\ny`, `${ESC}]0;half\nz`],
    'x[3\ny]0;half\nz',
  );
});
