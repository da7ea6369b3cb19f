import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { quoteWord } from '../../../src/core/base/shellWord';
import { escapeBytes, MAX_COMMAND_LINE, toCommandLine } from '../../../src/adapters/ssh/remote/bootstrap';
import { commandScript } from '../../../src/adapters/ssh/remote/commandScript';
import { NASTY_WORDS } from '../../contract/hostContract';
import { findCommand } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';

/** Names by which login shells are called; csh and ash are names of others here. */
const names = ['sh', 'bash', 'dash', 'zsh', 'ksh', 'mksh', 'tcsh', 'fish', 'csh', 'ash'];

describe('The command line that every login shell gets', function () {
  this.timeout(30_000);
  const dir = makeTempDir();
  const shells = names.flatMap((name) => {
    const standIn = { csh: 'tcsh', ash: 'busybox' }[name];
    const found = findCommand(standIn ?? name);
    if (found === undefined) return [];
    return [{ name, path: standIn === undefined ? found : link(found, name) }];
  });

  after(() => {
    dir.dispose();
  });

  function link(target: string, name: string): string {
    mkdirSync(join(dir.path, 'bin'), { recursive: true });
    const path = join(dir.path, 'bin', name);
    symlinkSync(target, path);
    return path;
  }

  /** As sshd does it. */
  function login(shell: string, line: string): { out: Buffer; err: string } {
    const { stdout, stderr } = spawnSync(shell, ['-c', line], {
      env: { PATH: process.env['PATH'], HOME: dir.path },
    });
    return { out: stdout, err: stderr.toString() };
  }

  for (const { name, path } of shells) {
    it(`carries any script through ${name}`, () => {
      fc.assert(
        fc.property(fc.array(anyWord(), { minLength: 1, maxLength: 6 }), (words) => {
          const script = `printf '<%s>' ${words.map(quoteWord).join(' ')}`;
          const { out, err } = login(path, toCommandLine(script));
          assert.equal(out.toString(), words.map((word) => `<${word}>`).join(''), err);
        }),
        { numRuns: 25, examples: [[[...NASTY_WORDS]]] },
      );
    });

    it(`carries any input through ${name}`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => {
          const { out, err } = login(path, toCommandLine(commandScript(['cat'], bytes)));
          assert.equal(out.toString('hex'), Buffer.from(bytes).toString('hex'), err);
        }),
        { numRuns: 15, examples: [[Uint8Array.from({ length: 256 }, (_, byte) => byte)]] },
      );
    });

    it(`may be as long as the system lets it: ${name}`, () => {
      const room = MAX_COMMAND_LINE - toCommandLine('printf %s ').length;
      const word = 'x'.repeat(room);
      const { out, err } = login(path, toCommandLine(`printf %s ${word}`));
      assert.equal(out.length, room, err);
    });
  }

  it('has nothing that a shell reads in its own way', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.match(escapeBytes(bytes), /^(?:[ -~]*)$/);
        assert.doesNotMatch(escapeBytes(bytes), /['!]|\\(?!0[0-3][0-7]{2})/);
      }),
    );
  });
});

/** Texts of what is special to some shell, and any others; a program takes no NUL. */
function anyWord(): fc.Arbitrary<string> {
  const special = fc.stringMatching(/^[\\'"!$`~#^&*(){}[\]|;<>?\s%=+-]{0,12}$/);
  return fc.oneof(fc.string({ unit: 'binary' }), special).map((word) => word.replaceAll('\0', ''));
}
