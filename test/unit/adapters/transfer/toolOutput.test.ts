import { strict as assert } from 'node:assert';
import { parseSent } from '../../../../src/adapters/transfer/rsyncArguments';
import { isFit, parseRsyncVersion, parseTools } from '../../../../src/adapters/transfer/transferTools';
import { parseComplaints, parseListing } from '../../../../src/adapters/transfer/treeListing';
import { parseSums } from '../../../../src/adapters/transfer/verification';

describe('the version of rsync', () => {
  function checkFit(text: string, fit: boolean): void {
    assert.equal(isFit(parseRsyncVersion(text)), fit, text);
  }

  it('decides whether rsync can be used', () => {
    checkFit('rsync  version 3.2.7  protocol version 31\nCopyright', true);
    checkFit('rsync  version v3.5.0  protocol version 32', true);
    checkFit('rsync  version 4.0.0  protocol version 33', true);
    checkFit('rsync  version 2.6.9  protocol version 29', false);
    checkFit('openrsync: protocol version 29\nrsync version 2.6.9 compatible', false);
    checkFit('openrsync: protocol version 31\nrsync version 3.4.1 compatible', false);
    checkFit('sh: 1: rsync: not found', false);
    checkFit('', false);
  });
});

describe('what a host has for transfers', () => {
  it('is read from the words of its tools', () => {
    const text = [
      '== rsync',
      'rsync  version 3.2.7  protocol version 31',
      '== tar',
      'tar (GNU tar) 1.34',
      'sh: 1: sha256sum: not found',
      '== shasum -a 256',
      '== openssl dgst -sha256 -r',
    ].join('\n');
    assert.deepEqual(parseTools(text), {
      rsync: { major: 3, minor: 2, isOpenRsync: false },
      tar: 'gnu',
      sha256: ['openssl', 'dgst', '-sha256', '-r'],
    });
    assert.deepEqual(parseTools('== shasum -a 256\n').sha256, ['shasum', '-a', '256']);
    assert.equal(parseTools('== tar\ntar (busybox) 1.35.0\n').tar, 'busybox');
    assert.equal(parseTools('== tar\nbsdtar 3.6.2 - libarchive 3.6.2\n').tar, 'bsd');
    assert.deepEqual(parseTools('== rsync\nnot found\n== tar\nnot found\n'), {
      rsync: undefined,
      tar: undefined,
      sha256: undefined,
    });
  });
});

describe('what rsync says it sent', () => {
  it('is the files that crossed, with the bytes that it had escaped', () => {
    const output = [
      'cd+++++++++ dir/',
      '<f+++++++++ dir/a b.txt',
      '<f.st...... line\\#012break',
      'hf          linked',
      'cL+++++++++ link -> there',
      '<f+++++++++ gr\\#303\\#274n',
      '',
    ].join('\n');
    assert.deepEqual(parseSent(Buffer.from(output)), ['dir/a b.txt', 'line\nbreak', 'link -> there', 'grün']);
  });
});

describe('a listing', () => {
  it('has a record for each entry, whatever its name', () => {
    const text =
      'd|4096|1|.|M\nf|5|17.25|./a b|M\nd|0|2|./d|M\no|3|4|./l\nf|9|9|./x|M\nf|1|-3|./old|M\nend|M\n';
    assert.deepEqual(parseListing(Buffer.from(text), 'M'), [
      { path: 'a b', kind: 'file', size: 5, mtimeSec: 17 },
      { path: 'd', kind: 'directory', size: 0, mtimeSec: 2 },
      { path: 'l\nf|9|9|./x', kind: 'other', size: 3, mtimeSec: 4 },
      { path: 'old', kind: 'file', size: 1, mtimeSec: -3 },
    ]);
  });

  it('is none without its end', () => {
    assert.equal(parseListing(Buffer.from('f|5|17|./a|M\n'), 'M'), undefined);
    assert.equal(parseListing(Buffer.from(''), 'M'), undefined);
    assert.deepEqual(parseListing(Buffer.from('end|M\n'), 'M'), []);
  });
});

describe('sums from the other side', () => {
  const [one, two, three] = ['1'.repeat(64), '2'.repeat(64), '3'.repeat(64)];

  it('are those of plain files, their names escaped or not', () => {
    const text = [
      'f|1|9|./a|M',
      'f|2|9|./b\nc|M',
      'o|3|9|./link|M',
      'f|4|9|./d\\e|M',
      `${one}  ./a`,
      `\\${two}  ./b\\nc`,
      `${three}  ./link`,
      `\\${three} *./d\\\\e`,
      '|M',
      'end|M\n',
    ].join('\n');
    const sums = parseSums(text, 'M');
    assert.deepEqual(
      [...(sums ?? [])],
      [
        ['a', { size: 1, sha256: one }],
        ['b\nc', { size: 2, sha256: two }],
        ['d\\e', { size: 4, sha256: three }],
      ],
    );
  });

  it('may have a name that goes on in the next line', () => {
    const text = `f|1|9|./b\nc|M\nf|1|9|./d|M\n${one}  ./b\nc\n${two}  ./d\n|M\nend|M\n`;
    assert.deepEqual([...(parseSums(text, 'M')?.keys() ?? [])], ['b\nc', 'd']);
  });

  it('are none without their end', () => {
    assert.equal(parseSums(`f|1|9|./a|M\n${one}  ./a\n`, 'M'), undefined);
  });
});

describe('what could not be listed', () => {
  function checkComplaint(
    stderr: string,
    ...expected: readonly [path: string | undefined, reason: string][]
  ) {
    assert.deepEqual(
      parseComplaints(stderr),
      expected.map(([path, reason]) => ({ path, reason })),
    );
  }

  it('is read from the words of find and stat', () => {
    checkComplaint("find: './task_1/a b': Permission denied\n", ['task_1/a b', 'Permission denied']);
    checkComplaint('find: ‘./task_1/x: y’: Input/output error', ['task_1/x: y', 'Input/output error']);
    checkComplaint('/usr/bin/find: ./task_1: Permission denied', ['task_1', 'Permission denied']);
    checkComplaint("stat: cannot statx './t/f': Stale file handle", ['t/f', 'Stale file handle']);
  });

  it('is not what was gone when its turn came, nor what others say', () => {
    checkComplaint("sh: warning: setlocale\nfind: './gone': No such file or directory\n");
  });

  it('may be anything where they do not name it', () => {
    checkComplaint('find: failed to restore working directory', [
      undefined,
      'find: failed to restore working directory',
    ]);
    checkComplaint('', [undefined, 'find failed without a word']);
    checkComplaint('Killed', [undefined, 'Killed']);
  });
});
