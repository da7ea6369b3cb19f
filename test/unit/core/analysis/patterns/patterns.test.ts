import assert from 'node:assert/strict';
import { analyzeFailure } from '../../../../../src/core/analysis/analyzeFailure';
import type { FailureExplanation } from '../../../../../src/core/analysis/failure';
import { fillIn } from '../../../../../src/core/analysis/patterns/fillIn';
import { matchPattern, type OutputEvidence } from '../../../../../src/core/analysis/patterns/matchPattern';
import { FAILURE_PATTERNS } from '../../../../../src/core/analysis/patterns/patternTable';
import { failedTask } from '../../../../support/failedTask';
import { CONFIG_SAMPLES } from './configSamples';
import { DISTRIBUTED_SAMPLES } from './distributedSamples';
import { GPU_SAMPLES } from './gpuSamples';
import { MEMORY_SAMPLES } from './memorySamples';
import { NETWORK_SAMPLES } from './networkSamples';
import { PYTHON_SAMPLES } from './pythonSamples';
import type { NearMiss } from './sample';
import { SCHEDULER_SAMPLES } from './schedulerSamples';
import { SYSTEM_SAMPLES } from './systemSamples';
import { TRAINING_SAMPLES } from './trainingSamples';

const SAMPLES = [
  ...GPU_SAMPLES,
  ...DISTRIBUTED_SAMPLES,
  ...SCHEDULER_SAMPLES,
  ...CONFIG_SAMPLES,
  ...TRAINING_SAMPLES,
  ...PYTHON_SAMPLES,
  ...NETWORK_SAMPLES,
  ...SYSTEM_SAMPLES,
  ...MEMORY_SAMPLES,
];

function explain({ stderr, exitCode, reason }: NearMiss): FailureExplanation | undefined {
  const task = failedTask({ exitCode, ...(reason === undefined ? {} : { reason }) });
  const input = { task, stderrTail: stderr, stdoutTail: '', projectDir: '/home/ada/project' };
  return analyzeFailure(input).explanation;
}

function stderr(...lines: string[]): OutputEvidence {
  return { log: 'stderr', lines };
}

describe('the table of failure patterns', () => {
  it('has one entry per id, each with words, advice and the address of its source', () => {
    assert.equal(new Set(FAILURE_PATTERNS.map(({ id }) => id)).size, FAILURE_PATTERNS.length);
    for (const { id, explanation, advice, source } of FAILURE_PATTERNS) {
      assert.match(id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      assert.match(source, /^https:\/\//, id);
      assert.ok(explanation.length > 10 && advice.length > 10, id);
      assert.match(explanation + advice, /^[^\u2014]*$/, id);
    }
  });

  it('has a real sample for every entry', () => {
    const sampled = new Set(SAMPLES.map(({ id }) => id));
    assert.deepEqual(
      FAILURE_PATTERNS.map(({ id }) => id).filter((id) => !sampled.has(id)),
      [],
    );
  });

  it('has expressions for lines that can be joined into one', () => {
    for (const { id, matchers } of FAILURE_PATTERNS) {
      for (const matcher of matchers) {
        if (matcher.in !== 'output') continue;
        assert.match(matcher.text.flags, /^i?u$/u, id);
        assert.doesNotMatch(matcher.text.source, /\\\d|\\k</u, `${id} refers back to a group`);
      }
    }
  });

  it('fills only places that one of its expressions catches', () => {
    for (const { id, matchers, explanation, advice } of FAILURE_PATTERNS) {
      const caught = matchers.map((matcher) => (matcher.in === 'end' ? '' : matcher.text.source)).join();
      for (const [, name = ''] of `${explanation} ${advice}`.matchAll(/\{(\w+)\}/gu)) {
        assert.ok(caught.includes(`(?<${name}>`), `${id}: {${name}}`);
      }
    }
  });

  for (const sample of SAMPLES) {
    it(`knows ${sample.id} as ${sample.from} tells it, and not what only looks like it`, () => {
      const found = explain(sample);
      assert.equal(found?.pattern, sample.id);
      assert.equal(found.isOnlyRelated, undefined, 'it is the cause');
      assert.equal(found.explanation, sample.says);
      assert.doesNotMatch(found.advice, /\{\w+\}| {2}|undefined/u);
      assert.notEqual(explain(sample.nearMiss)?.pattern, sample.id, 'the near miss');
    });
  }
});

describe('an explanation', () => {
  const ofPython = (exception: string): string =>
    `Traceback (most recent call last):\n  File "/home/ada/project/train.py", line 12, in main\n    step()\n${exception}\n`;

  function checkUnexplained(stderrText: string, exitCode = 1): void {
    assert.equal(explain({ stderr: stderrText, exitCode })?.explanation, undefined, stderrText);
  }

  it('does not take the words of other exceptions for those of Hydra or OmegaConf', () => {
    for (const exception of [
      "RuntimeError: Could not load 'weights.pt'",
      "RuntimeError: In 'data.zip': Could not find 'labels'",
      "ValueError: Value 'abc' could not be converted to float",
      "ValueError: Incompatible value 'abc' for field of type 'int'",
      "KeyError: Key 'x' not in 'mydict'",
      'ValueError: Missing mandatory value: name',
      "KeyError: Environment variable 'DATA_ROOT' not found",
    ])
      checkUnexplained(ofPython(exception));
  });

  it('does not take lines of other programs for those of Hydra or OmegaConf', () => {
    for (const line of [
      "Could not load 'weights.pt'",
      "Value 'abc' could not be converted to float",
      "column 3: Value 'abc' of type 'str' could not be converted to Integer",
      'row 3 has a missing mandatory value: name',
      "Environment variable 'DATA_ROOT' not found",
    ])
      checkUnexplained(`${line}\n`);
  });

  it('does not take the words of Python for those of Node.js', () => {
    for (const exception of [
      "ImportError: Cannot find module 'x'",
      "plugins.PluginError: Cannot find module './x.py'",
      "ImportError: Cannot find package 'x'",
    ])
      checkUnexplained(ofPython(exception));
  });

  it('does not take what a program says of a line of its data for the words of a shell', () => {
    checkUnexplained('cache.db: 12: index.dat: not found\n');
    checkUnexplained('cache.db: 12: data/index.dat: not found\n');
    checkUnexplained('import of torch module: not found\n');
  });
});

describe('matchPattern', () => {
  it('takes the word of the scheduler before what the program said', () => {
    const evidence = {
      reason: 'OUT_OF_MEMORY',
      exceptions: [{ text: "FileNotFoundError: [Errno 2] No such file or directory: 'x'" }],
      outputs: [],
    };
    assert.equal(matchPattern(evidence)?.pattern.id, 'job-out-of-memory');
  });

  it('takes the exception that ended the program before its causes, and both before other lines', () => {
    const evidence = {
      exceptions: [
        { text: 'RuntimeError: something' },
        { text: "ModuleNotFoundError: No module named 'torch'" },
      ],
      outputs: [stderr('Disk quota exceeded')],
    };
    assert.equal(matchPattern(evidence)?.pattern.id, 'python-module-missing');
  });

  it('takes the last line that it knows', () => {
    const outputs = [stderr('curl: (7) Connection refused', 'next', 'x: line 3: 4711 Segmentation fault')];
    assert.equal(matchPattern({ exceptions: [], outputs })?.pattern.id, 'segmentation-fault');
  });

  it('takes a line for the cause although a progress bar is left behind it', () => {
    const bar = 'Epoch 0:   3%|▎         | 30/1000 [00:05<02:41,  6.00it/s]';
    const match = matchPattern({ exceptions: [], outputs: [stderr('cp: No space left on device', bar)] });
    assert.equal(match?.pattern.id, 'disk-full');
    assert.equal(match.isOnlyRelated, undefined);
  });

  it('does not look further up than the last lines', () => {
    const chatter = Array.from({ length: 100 }, (_, index) => `step ${index}`);
    const outputs = [stderr('cp: No space left on device', ...chatter)];
    assert.equal(matchPattern({ exitCode: 3, exceptions: [], outputs }), undefined);
  });

  it('says nothing about a failure that it does not know', () => {
    const evidence = { exitCode: 1, exceptions: [{ text: 'ValueError: rate' }], outputs: [] };
    assert.equal(matchPattern(evidence), undefined);
  });

  it('stays quick on hostile lines', () => {
    const hostile = [
      'a'.repeat(2000),
      'File "'.repeat(300),
      'x: '.repeat(600),
      `error: argument ${'/'.repeat(1900)}`,
      `Error in ${' '.repeat(1900)}`,
      `${"'".repeat(1900)} not found`,
      `x: cannot ${'open '.repeat(380)}`,
      `x: ${'a: '.repeat(600)}No such file or director`,
      `in "${'in "'.repeat(480)}`,
      `ncclSystemError ${'Last error'.repeat(180)}`,
      `x: line 1: ${'1 '.repeat(900)}Kille`,
    ];
    const began = performance.now();
    for (let round = 0; round < 10; round += 1)
      matchPattern({ exceptions: hostile.map((text) => ({ text })), outputs: [stderr(...hostile)] });
    assert.ok(performance.now() - began < 3000);
  });
});

describe('fillIn', () => {
  it('quotes what was caught and leaves no hole for what was not', () => {
    assert.equal(fillIn('There is no {file} here ({size}).', { file: 'a b' }), 'There is no "a b" here.');
    assert.equal(fillIn('No licence {code}. {why}', {}), 'No licence.');
  });

  it('changes nothing else in a text, be it of the table or caught', () => {
    for (const { explanation, advice, matchers } of FAILURE_PATTERNS) {
      for (const text of [explanation, advice, ...matchers.flatMap((own) => [own.explanation, own.advice])]) {
        if (text === undefined) continue;
        const names = [...text.matchAll(/\{(\w+)\}/gu)].map(([, name = '']) => name);
        const filled = fillIn(text, Object.fromEntries(names.map((name) => [name, 'x'])));
        assert.equal(filled, text.replaceAll(/\{\w+\}/gu, '"x"'));
      }
    }
    const odd = '--a .5 --b :x run() $& {file} ( )';
    assert.equal(fillIn('It got {what} ({what}).', { what: odd }), `It got "${odd}" ("${odd}").`);
  });

  it('lists what differs among the tasks of a group, as far as that is few', () => {
    const file = (...files: string[]): string => fillIn('There is no {file} here.', { file: files });
    assert.equal(file(), 'There is no here.');
    assert.equal(file('a'), 'There is no "a" here.');
    assert.equal(file('a', 'b'), 'There is no "a" or "b" here.');
    assert.equal(file('a', 'b', 'c', 'd'), 'There is no "a", "b", "c" or "d" here.');
    assert.equal(file('a', 'b', 'c', 'd', 'e'), 'There is no "a", "b", "c" or 2 more here.');
  });
});
