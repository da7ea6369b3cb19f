import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyzeFailure } from '../../../../src/core/analysis/analyzeFailure';
import type { TaskFailure } from '../../../../src/core/analysis/failure';
import { withoutBoxes } from '../../../../src/core/analysis/richTraceback';
import { failedTask } from '../../../support/failedTask';

const PROJECT = '/home/ada/project';

function read(name: string): string {
  return readFileSync(new URL(`../../../fixtures/traces/${name}.txt`, import.meta.url), 'utf8');
}

function analyze(stderrTail: string, exitCode = 1): TaskFailure {
  const task = failedTask({ exitCode });
  return analyzeFailure({ task, stderrTail, stdoutTail: '', projectDir: PROJECT });
}

function checkBox(text: string, expected: { title: string; at: string; frames: number }): void {
  const { title, culprit, frames } = analyze(text);
  const at = `${culprit?.localFile ?? ''}:${culprit?.line ?? ''}`.replace(`${PROJECT}/`, '');
  assert.deepEqual({ title, at, frames: frames.length }, expected);
}

describe('tracebacks in boxes', () => {
  const title = "KeyError: 'subject42'";

  it('are read with their frames and the lines of code', () => {
    checkBox(read('rich'), { title, at: 'train.py:4', frames: 3 });
    const { frames } = analyze(read('rich'));
    assert.deepEqual(
      frames.map(({ line, function: name, text }) => [line, name, text]),
      [
        [8, '<module>', 'main()'],
        [7, 'main', 'load("x")'],
        [4, 'load', 'return {}["subject42"]'],
      ],
    );
  });

  it('are read with local variables, or drawn with other characters', () => {
    checkBox(read('rich_locals'), { title, at: 'locals.py:4', frames: 3 });
    checkBox(read('rich_ascii'), { title, at: 'train.py:4', frames: 3 });
  });

  it('are read where the log has other lines before them, and a prefix of blanks', () => {
    const indented = read('rich').replace(/^/gmu, '            ');
    checkBox(`12:00:01 ERROR failed\n${indented}`, { title, at: 'train.py:4', frames: 3 });
  });

  for (const sample of ['typer', 'typer_narrow'])
    it(`are read as a chain, with the lines whole that were broken (${sample})`, () => {
      checkBox(read(sample), {
        title:
          'RuntimeError: cannot load a rather long name that needs more than one line in a narrow console abc',
        at: 'app.py:11',
        frames: 1,
      });
      const [cause] = analyze(read(sample)).related ?? [];
      assert.equal(cause?.relation, 'cause');
      assert.equal(
        cause.title,
        'JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)',
      );
      assert.deepEqual(
        cause.frames.map(
          ({ file, line, function: name }) => `${file.split('/').at(-1) ?? ''}:${line} ${name ?? ''}`,
        ),
        [
          'app.py:9 main',
          'app.py:4 load',
          '__init__.py:346 loads',
          'decoder.py:337 decode',
          'decoder.py:353 raw_decode',
        ],
      );
    });

  it('are read where a file has a syntax error', () => {
    checkBox(read('rich_syntax'), { title: 'SyntaxError: invalid syntax', at: 'brokenmod.py:2', frames: 2 });
  });

  it('are read with the members of a group', () => {
    checkBox(read('rich_group'), {
      title: 'ExceptionGroup: jobs failed (2 sub-exceptions); the first: ValueError: a bad',
      at: 'group.py:4',
      frames: 2,
    });
    assert.equal(analyze(read('rich_group')).related?.length, 2);
  });

  it('tell what a command line refused', () => {
    assert.equal(analyze(read('typer_usage'), 2).title, "exit code 2; stderr says: Missing argument 'name'.");
  });

  it('have the same signature as the plain ones', () => {
    const plain = `Traceback (most recent call last):\n  File "${PROJECT}/train.py", line 4, in load\n    x\nKeyError: 'subject42'\n`;
    assert.equal(analyze(read('rich')).signature, analyze(plain).signature);
  });

  it('leave output alone that has none', () => {
    for (const text of [
      '+------+------+\n| a    | b    |\n+------+------+',
      '╭─ Error ─╮\n│ text │\n╰─────────╯',
    ])
      assert.deepEqual(withoutBoxes(text.split('\n')), text.split('\n'));
  });

  const plain = `Traceback (most recent call last):\n  File "${PROJECT}/eval.py", line 3, in check\n    x\nValueError: no data\n`;
  const cut = read('rich').split('\n').slice(0, 6).join('\n');

  it('hide nothing of what others print below one that was cut off', () => {
    for (const below of [plain, `${' '.repeat(8)}step 4\n${plain}`, `step 4\n\n${plain}done\n`])
      checkBox(`${cut}\n${below}`, { title: 'ValueError: no data', at: 'eval.py:3', frames: 1 });
    checkBox(`${cut}\n${read('rich')}`, { title, at: 'train.py:4', frames: 3 });
    const after = ['step 4', '', 'slurmstepd: error: killed', ''];
    assert.deepEqual(withoutBoxes([...cut.split('\n'), ...after]).slice(-after.length), after);
  });

  it('keep the lines that others print into them', () => {
    const lines = read('rich').split('\n');
    const mixed = [...lines.slice(0, 4), 'step 4', ...lines.slice(4, 7), '', 'step 5', ...lines.slice(7)];
    checkBox(mixed.join('\n'), { title, at: 'train.py:4', frames: 3 });
    assert.deepEqual(
      withoutBoxes(mixed).filter((line) => line.startsWith('step')),
      ['step 4', 'step 5'],
    );
    const group = read('rich_group').replace(/^(.*group\.py:4 in a.*\n)/mu, '$1step 4\n');
    assert.equal(analyze(group).related?.length, 2);
    assert.match(withoutBoxes(group.split('\n')).join('\n'), /^step 4$/mu);
  });

  it('stay quick where one is cut off or has no end', () => {
    const started = process.cpuUsage().user;
    const head = '╭────── Traceback (most recent call last) ──────╮';
    withoutBoxes(Array.from({ length: 3000 }, () => head));
    withoutBoxes([head, ...Array.from({ length: 3000 }, () => `│ ${'x'.repeat(200)} │`)]);
    withoutBoxes(Array.from({ length: 3000 }, (_, index) => (index % 2 === 0 ? head : 'x')));
    withoutBoxes([`╭${'─'.repeat(2000)}`, head, '│ a:1 in b │']);
    assert.ok(process.cpuUsage().user - started < 2_000_000);
  });
});
