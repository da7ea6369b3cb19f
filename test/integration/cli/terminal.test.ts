import assert from 'node:assert/strict';
import { findCommand, skipUnless, type Requirement } from '../../support/requirement';
import { useSweepProject, type SweepProject } from './sweepProject';

/** Runs a command in a terminal of its own, and passes on what it shows and how it ends. */
const IN_TERMINAL = `
import os, pty, sys
status = pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 65536), lambda fd: b'')
sys.exit(os.waitstatus_to_exitcode(status))
`;

const python: Requirement = {
  what: 'Python 3',
  debianPackages: ['python3'],
  isPresent: () => findCommand('python3') !== undefined,
};

describe('hsm on a terminal', function () {
  this.timeout(60_000);
  let project: SweepProject;

  before(function () {
    skipUnless(this, python);
  });

  useSweepProject((made) => {
    project = made;
  });

  it('shows a block that is redrawn, and leaves only the summary', async () => {
    const { code, stdout } = await project
      .startInTerminal(IN_TERMINAL, 'run', project.writeCodes([0, 3]))
      .result();
    assert.equal(code, 1);
    const shown = readable(stdout);
    assert.match(shown, /0\/2 {2}.*ESC\[K/, 'lines are cleared behind their ends');
    const last = shown.slice(shown.lastIndexOf('ESC[J'));
    assert.match(last, /failedESC\[39m: of 2 tasks 1 succeeded, 1 failed/);
    assert.doesNotMatch(last, /━|─/, 'the block is gone');
  });

  it('shows the line of a problem with a caret', async () => {
    const file = project.write('sweeps/bad.yaml', 'script: task.sh\nsweep:\n  grid:\n    code: 12\n');
    const { code, stdout } = await project.startInTerminal(IN_TERMINAL, 'check', file).result();
    assert.equal(code, 2);
    const plain = readable(stdout).replace(/ESC\[\d*m/gu, '');
    assert.match(plain, /^ {2}4 \| {5}code: 12\n {4}\| {11}\^\^\n {2}hint: /m);
  });
});

/** What a terminal was sent, with the escape character as a word. */
function readable(text: string): string {
  return text.replaceAll('\u001b', 'ESC').replaceAll('\r\n', '\n');
}
