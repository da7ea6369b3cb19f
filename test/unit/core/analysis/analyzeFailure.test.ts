import assert from 'node:assert/strict';
import { analyzeFailure, type FailureInput } from '../../../../src/core/analysis/analyzeFailure';
import type { FailedTask } from '../../../../src/core/analysis/failedTask';
import type { TaskFailure } from '../../../../src/core/analysis/failure';
import { groupFailures } from '../../../../src/core/analysis/groupFailures';
import { failedTask } from '../../../support/failedTask';
import { readTracebackSample } from './fixture';

const PROJECT = '/home/user/project';

function task(changes: Partial<FailedTask> = {}): FailedTask {
  return failedTask({ number: 3, name: 'task_0003', ...changes });
}

function analyze(
  stderrTail: string,
  changes: Partial<FailedTask> = {},
  input: Partial<FailureInput> = {},
): TaskFailure {
  return analyzeFailure({ task: task(changes), stderrTail, stdoutTail: '', projectDir: PROJECT, ...input });
}

function analyzeSample(name: string, changes: Partial<FailedTask> = {}): TaskFailure {
  return analyze(readTracebackSample(name), changes);
}

function checkTitle(stderr: string, changes: Partial<FailedTask>, expected: string): void {
  assert.equal(analyze(stderr, changes).title, expected);
}

function checkCulprit(sample: string, expected: string | undefined): void {
  const { culprit } = analyzeSample(sample);
  const found = culprit && `${culprit.localFile ?? ''}:${culprit.line}`;
  assert.equal(found, expected, sample);
}

describe('analyzeFailure', () => {
  it('does not take output that is not here for none', () => {
    assert.equal(analyze('').title, 'exit code 1; it printed nothing');
    assert.equal(analyze('', {}, { isOutputHere: false }).title, 'exit code 1');
  });

  it('names a failure after the exception that ended it', () => {
    const failure = analyzeSample('simple.py311');
    assert.equal(failure.title, 'ValueError: loss is nan at epoch 17: the learning rate is too large');
    assert.equal(failure.exceptionType, 'ValueError');
    assert.equal(failure.frames.length, 3);
    assert.equal(
      failure.signature,
      'ValueError: loss is <n> at epoch <n>: the learning rate is too large @ model.py:check_loss',
    );
  });

  it('keeps no secret that a program printed', () => {
    const stderrTail =
      'connecting with password=hunter22\nRuntimeError: bad token ghp_0123456789abcdefghijABCDEFGHIJ012345\n';
    const told = JSON.stringify(analyze(stderrTail, {}, { stdoutTail: stderrTail }));
    assert.doesNotMatch(told, /hunter22|ghp_0123/);
    assert.match(told, /RuntimeError: bad token/);
  });

  it('gives the same signature for every Python', () => {
    for (const sample of ['simple', 'chained', 'imports_broken', 'local_class', 'thread']) {
      const signatures = [39, 311, 313].map((version) => analyzeSample(`${sample}.py${version}`).signature);
      assert.equal(new Set(signatures).size, 1, signatures.join('\n'));
    }
  });

  it('takes the deepest frame in the project for the place to look', () => {
    checkCulprit('simple.py311', `${PROJECT}/model.py:8`);
    checkCulprit('library.py39', `${PROJECT}/library.py:5`);
    checkCulprit('broken.py313', `${PROJECT}/broken.py:3`);
  });

  it('looks where another process failed, and not where its failure was gathered', () => {
    checkCulprit('pool.py311', `${PROJECT}/model.py:8`);
    const failure = analyzeSample('pool.py311');
    assert.equal(failure.frames.length, 4);
    assert.deepEqual(failure.related, []);
  });

  it('looks into the first member of an exception group and names it', () => {
    checkCulprit('asyncio_group.py313', `${PROJECT}/model.py:8`);
    assert.equal(
      analyzeSample('group.py311').title,
      'ExceptionGroup: workers failed (2 sub-exceptions); the first: ValueError: loss is nan at epoch 3: the learning rate is too large',
    );
  });

  it('keeps the exceptions before the last one', () => {
    const { related, title } = analyzeSample('chained.py311');
    assert.match(title, /^FileNotFoundError/u);
    assert.deepEqual(
      related?.map((other) => [other.relation, other.title]),
      [
        ['cause', "KeyError: 'swish'"],
        ['context', "ValueError: unknown activation 'swish'"],
      ],
    );
  });

  it('does not take installed packages and environments inside the project for the project’s code', () => {
    for (const folder of [
      '.venv/lib/python3.11/site-packages',
      'env/lib/python3.9',
      'venv',
      'node_modules',
    ]) {
      const text = `Traceback (most recent call last):\n  File "${PROJECT}/train.py", line 4, in main\n    f()\n  File "${PROJECT}/${folder}/x.py", line 1, in f\n    g()\nValueError: bad\n`;
      const failure = analyze(text);
      assert.equal(failure.culprit?.localFile, `${PROJECT}/train.py`, folder);
      assert.equal(failure.frames[1]?.localFile, undefined);
    }
  });

  it('counts a relative path from the project, and takes a neighbour of the project for foreign', () => {
    const text = (file: string): string =>
      `Traceback (most recent call last):\n  File "${file}", line 4, in main\n    f()\nValueError: bad\n`;
    assert.equal(analyze(text('src/train.py')).culprit?.localFile, `${PROJECT}/src/train.py`);
    assert.equal(analyze(text(`${PROJECT}-2/train.py`)).culprit, undefined);
    assert.equal(analyze(text('<string>')).culprit, undefined);
    assert.equal(analyze(text(`${PROJECT}/..data/train.py`)).culprit?.line, 4);
  });

  it('finds the project under its other paths too, and names it by its own', () => {
    const text = readTracebackSample('simple.py311').replaceAll(PROJECT, '/nfs/disk7/home/user/project');
    const failure = analyze(text, {}, { projectAliases: ['/nfs/disk7/home/user/project'] });
    assert.equal(failure.culprit?.localFile, `${PROJECT}/model.py`);
    assert.equal(failure.signature, analyzeSample('simple.py311').signature);
  });

  it('finds the files of another machine through the mapping that it is given', () => {
    const text =
      'Traceback (most recent call last):\n  File "/scratch/u/x/train.py", line 4, in main\n    f()\nValueError: bad\n';
    const toLocalFile = (path: string): string => path.replace('/scratch/u/x', PROJECT);
    const failure = analyze(text, {}, { toLocalFile });
    assert.equal(failure.culprit?.localFile, `${PROJECT}/train.py`);
    assert.equal(failure.signature, 'ValueError: bad @ train.py:main');
  });

  it('names a failure without traceback after its exit code and last words', () => {
    checkTitle('a\nusage: x\n\n', { exitCode: 2 }, 'exit code 2; the last line of stderr: usage: x');
    checkTitle('', { exitCode: 3 }, 'exit code 3; it printed nothing');
    assert.equal(
      analyze('', { exitCode: 3 }, { stdoutTail: 'epoch 3\n' }).title,
      'exit code 3; stderr is empty, the last line of stdout: epoch 3',
    );
    checkTitle(
      'sh: 1: trane: not found\n',
      { exitCode: 127 },
      'command not found (exit code 127); the last line of stderr: sh: 1: trane: not found',
    );
    checkTitle('', { exitCode: 126 }, 'the command could not be run (exit code 126); it printed nothing');
  });

  it('names what may be a kill by its signal, and a time limit and a loss by the engine’s words', () => {
    checkTitle(
      '',
      { exitCode: 137, signal: 'SIGKILL' },
      'exit code 137, which often means killed by SIGKILL; it printed nothing',
    );
    checkTitle(
      'x',
      { exitCode: 143, endedBy: 'timeout', reason: 'ended after 60 s (timeout)' },
      'ended after 60 s (timeout)',
    );
    checkTitle('x', { exitCode: undefined, state: 'lost', reason: 'process gone' }, 'lost: process gone');
    checkTitle('x', { exitCode: undefined }, 'failed, and nothing tells how it ended');
  });

  it('names a refused override by what Hydra says of it', () => {
    const text =
      "Could not override 'foo'.\nTo append to your config use +foo=1\nKey 'foo' is not in struct\n    full_key: foo\n    object_type=dict\n\nSet the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.\n";
    checkTitle(`warning\n\n${text}`, {}, "exit code 1; Hydra says: Could not override 'foo'.");
  });

  it('names what Hydra could not make, and not what the task was started with', () => {
    const end = '\n\nSet the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.\n';
    const started = "Error executing job with overrides: ['kind=target', 'lr=0.2']\n";
    checkTitle(
      `${started}Error locating target 'nomod.Net', set env var HYDRA_FULL_ERROR=1 to see chained exception.\nfull_key: model${end}`,
      {},
      "exit code 1; Hydra says: Error locating target 'nomod.Net' (full_key: model)",
    );
    checkTitle(
      `${started}Error in call to target 'json.loads':\nJSONDecodeError('Expecting value: line 1')\nfull_key: r${end}`,
      {},
      "exit code 1; Hydra says: Error in call to target 'json.loads': JSONDecodeError('Expecting value: line 1') (full_key: r)",
    );
  });

  it('tells the exception that frames lead to where the program ended with a code of its own', () => {
    const stderr =
      'Exception in thread Thread-1 (work):\nTraceback (most recent call last):\n  File "train.py", line 4, in work\n    raise\nValueError: lr is bad\n';
    const { title, raised, culprit } = analyze(stderr, { exitCode: 3 });
    assert.equal(title, 'exit code 3; the last line of stderr: ValueError: lr is bad');
    assert.equal(raised, 'ValueError: lr is bad');
    assert.equal(culprit?.line, 4);
    assert.equal(analyze(stderr).raised, undefined);
  });

  it('names what PyYAML refuses, and the file and line of it', () => {
    const head = 'Traceback (most recent call last):\n  File "train.py", line 2, in <module>\n    load()\n';
    checkTitle(
      `${head}yaml.parser.ParserError: while parsing a flow sequence\n  in "conf/a.yaml", line 1, column 4\nexpected ',' or ']', but got ':'\n  in "conf/a.yaml", line 2, column 2\n`,
      {},
      `yaml.parser.ParserError: expected ',' or ']', but got ':' in "conf/a.yaml", line 2`,
    );
    checkTitle(
      `${head}yaml.scanner.ScannerError: mapping values are not allowed here\n  in "conf/a.yaml", line 2, column 5\n`,
      {},
      'yaml.scanner.ScannerError: mapping values are not allowed here in "conf/a.yaml", line 2',
    );
    checkTitle(`${head}ValueError: bad value\n  in "x", somewhere\n`, {}, 'ValueError: bad value');
  });

  it('makes one cause of what Hydra says of many combinations', () => {
    const signatures = ['lr=0.1', 'lr=0.2', 'model=big'].map((override) => {
      const text = `Error executing job with overrides: ['${override}']\nError locating target 'nomod.Net'\n\nSet the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.\n`;
      return analyze(text).signature;
    });
    assert.equal(new Set(signatures).size, 1, signatures.join('\n'));
  });

  it('does not take a traceback that was only printed for the end', () => {
    const failure = analyzeSample('logged.py311', { exitCode: 3 });
    assert.equal(failure.title, 'exit code 3; the last line of stderr: giving up: no model');
    assert.equal(failure.culprit, undefined);
    assert.equal(failure.explanation, undefined);
    assert.equal(failure.earlier?.title, "KeyError: 'gelu'");
    assert.equal(failure.earlier.place?.line, 3, 'it may still tell where to look');
  });

  describe('of a program that handled an exception and went on', () => {
    const handled = `Traceback (most recent call last):\n  File "${PROJECT}/data.py", line 5, in load\n    open("cache")\nFileNotFoundError: [Errno 2] No such file or directory: 'cache'\nno cache, going on\nepoch 1\n`;

    function checkUnblamed(changes: Partial<FailedTask>, title: RegExp, pattern: string | undefined): void {
      const failure = analyze(handled, changes);
      const { culprit, frames, signature, earlier } = failure;
      assert.match(failure.title, title);
      assert.deepEqual(
        [culprit, frames, failure.exceptionType, failure.message],
        [undefined, [], undefined, undefined],
      );
      assert.doesNotMatch(signature, /FileNotFound|data\.py/u);
      assert.match(earlier?.title ?? '', /^FileNotFoundError/u);
      assert.equal(earlier?.place?.localFile, `${PROJECT}/data.py`);
      const certain = failure.explanation?.isOnlyRelated === true ? undefined : failure.explanation;
      assert.equal(certain?.pattern, pattern);
    }

    it('blames the kernel for a kill', () => {
      checkUnblamed(
        { exitCode: 137, signal: 'SIGKILL' },
        /^exit code 137, which often means killed by SIGKILL/u,
        'killed',
      );
    });

    it('blames nothing for an end by an exit code', () => {
      checkUnblamed({ exitCode: 1 }, /^exit code 1; /u, undefined);
      checkUnblamed({ exitCode: 3 }, /^exit code 3; /u, undefined);
    });

    it('blames a time limit for its end', () => {
      checkUnblamed(
        { exitCode: 143, signal: 'SIGTERM', endedBy: 'timeout', reason: 'ended after 60 s (timeout)' },
        /^ended after 60 s/u,
        'time-limit',
      );
    });
  });

  it('takes the exception for the end also where others have a word after it', () => {
    const text = `${readTracebackSample('simple.py311')}wandb: Find logs at: ./wandb\nsrun: error: node1: task 0: Exited with exit code 1\n 45%|####      | 45/100 [00:03<00:04, 13.2it/s]\n`;
    const failure = analyze(text);
    assert.match(failure.title, /^ValueError: loss is nan/u);
    assert.doesNotMatch(failure.message ?? '', /wandb/u);
  });

  it('takes the exception for the end although a progress bar with a description is left behind it', () => {
    const text = readTracebackSample('simple.py311');
    for (const bar of [
      'Epoch 0:   3%|▎         | 30/1000 [00:05<02:41,  6.00it/s, v_num=0]',
      'Epoch 0/9 ━━━━━━╸━━━━━━ 30/1000 0:00:05 • 0:02:41 6.00it/s',
    ]) {
      const [plain, followed] = [analyze(text), analyze(`${text}${bar}\n`)];
      assert.equal(followed.title, plain.title);
      assert.equal(followed.signature, plain.signature);
      assert.deepEqual(followed.culprit, plain.culprit);
    }
  });

  it('takes the exception for the end also when a line of its message looks like progress', () => {
    const text = readTracebackSample('simple.py311');
    for (const rest of ['step 1200: loss=nan\n', 'step 1200: loss=nan\n\nwandb: Find logs at: ./wandb\n']) {
      const failure = analyze(`${text}${rest}`);
      assert.match(failure.title, /^ValueError: loss is nan/u);
      assert.equal(failure.culprit?.line, 8);
    }
  });

  it('sees by progress and what follows it that the program went on', () => {
    const text = readTracebackSample('simple.py311');
    for (const rest of ['step 1200\nstep 1201\n', 'step 1200\nsaved\n', 'going on\nstep 1200\n']) {
      assert.match(analyze(`${text}${rest}`).title, /^exit code 1; /u);
    }
  });

  it('keeps a message of several lines and takes its exception for the end', () => {
    const text = readTracebackSample('simple.py311').trimEnd();
    const failure = analyze(`${text}\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1.\n`);
    assert.match(failure.title, /^ValueError/u);
    assert.match(failure.message ?? '', /BLOCKING=1\.$/u);
  });

  it('takes the exception of a program that left with a code of its own for its last words', () => {
    const failure = analyze(readTracebackSample('simple.py311'), { exitCode: 3 });
    assert.match(failure.title, /^exit code 3; the last line of stderr: ValueError/u);
    assert.equal(failure.culprit?.line, 8);
  });

  it('does not blame an older traceback for a kill', () => {
    const text = `${readTracebackSample('library.py311')}\nepoch 1\nepoch 2\n`;
    const failure = analyze(text, { exitCode: 137, signal: 'SIGKILL' });
    assert.equal(failure.culprit, undefined);
    assert.deepEqual(failure.frames, []);
  });

  it('tells different exit codes apart, and not different numbers in the last words', () => {
    const signature = (exitCode: number, text: string): string => analyze(text, { exitCode }).signature;
    assert.notEqual(signature(3, 'x'), signature(4, 'x'));
    assert.equal(signature(3, 'stopped at step 10'), signature(3, 'stopped at step 12'));
  });

  it('gives kills one signature whatever the program was printing', () => {
    const bar = (percent: number): string =>
      ` ${percent}%|${'█'.repeat(percent / 10)}▌     | ${percent}/100 [00:0${percent % 7}<00:04, 1${percent % 9}.2it/s]\n`;
    const signature = (text: string, changes: Partial<FailedTask>): string =>
      analyze(text, changes).signature;
    for (const changes of [
      { exitCode: 137, signal: 'SIGKILL' },
      { exitCode: 143, signal: 'SIGTERM', endedBy: 'timeout', reason: 'ended after 60 s (timeout)' },
      { exitCode: undefined, state: 'lost', reason: 'its process is gone' },
    ] as const) {
      assert.equal(signature(bar(45), changes), signature(`batch 3\nother words\n${bar(82)}`, changes));
    }
    assert.equal(
      signature('sh: 1: trane: not found\n', { exitCode: 127 }),
      signature('loading 3\nsh: 1: trane: not found\n', { exitCode: 127 }),
    );
    assert.notEqual(
      signature('sh: 1: trane: not found\n', { exitCode: 127 }),
      signature('sh: 1: pythn: not found\n', { exitCode: 127 }),
    );
    assert.equal(signature(bar(45), { exitCode: 3 }), signature(bar(82), { exitCode: 3 }));
  });

  it('does not name a failure after a progress bar or a warning', () => {
    checkTitle(
      'cannot go on\n 45%|####      | 45/100 [00:03<00:04, 13.2it/s]\n',
      { exitCode: 3 },
      'exit code 3; stderr says: cannot go on',
    );
    const warning = '/x/y.py:3: UserWarning: old\n  warnings.warn("old")\n';
    assert.equal(
      analyze(warning, { exitCode: 3 }, { stdoutTail: 'giving up\n' }).title,
      'exit code 3; stderr has only warnings and progress, the last line of stdout: giving up',
    );
  });

  it('names a failure after the line that explains it, whichever output it is in', () => {
    const warning = '/x/y.py:3: UserWarning: old\n  warnings.warn("old")\n';
    const stdoutTail = 'CUDA error: out of memory\nbye\n';
    const failure = analyze(warning, { exitCode: 3 }, { stdoutTail });
    assert.equal(failure.title, 'exit code 3; stdout says: CUDA error: out of memory');
    assert.deepEqual(failure.explanation?.said, {
      log: 'stdout',
      line: 'CUDA error: out of memory',
      linesAfter: 1,
    });
    assert.deepEqual(failure.stdoutTail, ['CUDA error: out of memory', 'bye']);
  });

  it('says of a line that a program went on after that it may be related, and no more', () => {
    const lines = (count: number): string =>
      Array.from({ length: count }, (_, at) => `fine ${at}\n`).join('');
    const failure = analyze(`curl: (7) Connection refused\nconnected\n${lines(30)}validation failed\n`, {
      exitCode: 3,
    });
    assert.equal(failure.title, 'exit code 3; the last line of stderr: validation failed');
    assert.equal(failure.explanation?.isOnlyRelated, true);
    assert.equal(failure.explanation.remedy, undefined);
    assert.equal(failure.explanation.said?.linesAfter, 32);
    const exception = `OSError seen before: No space left on device\n${lines(2)}Traceback (most recent call last):\n  File "${PROJECT}/train.py", line 4, in step\n    check()\nAssertionError in step\n`;
    const other = analyze(exception.replace('AssertionError in step', 'AssertionError: in step'));
    assert.equal(other.title, 'AssertionError: in step');
    assert.equal(other.explanation?.isOnlyRelated, true);
  });

  it('takes a stack below a line for no words of a program that went on', () => {
    const stack = Array.from(
      { length: 12 },
      (_, at) => `${at}: 0xb78db3 node::OOM(char const*) [node]\n`,
    ).join('');
    const failure = analyze(
      `FATAL ERROR: Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n${stack}Aborted\n`,
      { exitCode: 134, signal: 'SIGABRT' },
    );
    assert.equal(failure.explanation?.pattern, 'node-out-of-memory');
    assert.equal(failure.explanation.isOnlyRelated, undefined);
  });

  it('explains an exception by its own message, not by what may have been printed after it', () => {
    const text = (after: string): string =>
      `Traceback (most recent call last):\n  File "${PROJECT}/train.py", line 4, in step\n    check()\nValueError: bad\n${after}`;
    const explained = (after: string): string | undefined => {
      const { explanation } = analyze(text(after));
      return explanation?.isOnlyRelated === true ? `${explanation.pattern}?` : explanation?.pattern;
    };
    assert.equal(explained('curl: (7) Connection refused\n'), 'connection-refused?');
    assert.equal(explained('  caused by: Connection refused\n'), 'connection-refused');
    assert.equal(
      explained('slurmstepd: error: Detected 1 oom_kill event in StepId=1.batch\n'),
      'job-out-of-memory',
    );
    const empty = analyze(
      text('').replace(
        'ValueError: bad',
        'ImportError: \nlibcudnn.so.8: cannot open shared object file: No such file or directory',
      ),
    );
    assert.equal(empty.explanation?.isOnlyRelated, undefined);
    assert.notEqual(empty.explanation?.pattern, undefined);
  });

  it('passes over warnings and what is tried again', () => {
    for (const line of [
      'wandb: WARNING Could not write: No space left on device',
      'Connection refused, retrying',
      'WARNING: connection refused, falling back to the cache',
    ]) {
      assert.equal(analyze(`${line}\nvalidation failed\n`, { exitCode: 3 }).explanation, undefined, line);
    }
  });

  it('keeps the last lines as a terminal would show them', () => {
    const failure = analyze('\u001b[31mred\u001b[0m\n 1%\r99%\n', { exitCode: 2 });
    assert.deepEqual(failure.stderrTail, ['red', '99%']);
  });
});

describe('groupFailures', () => {
  const fail = (number: number, sample: string): TaskFailure => analyzeSample(sample, { number });

  it('puts the biggest cause first and keeps tasks in order', () => {
    const groups = groupFailures([
      fail(9, 'simple.py39'),
      fail(4, 'library.py311'),
      fail(2, 'simple.py311'),
      fail(5, 'simple.py313'),
    ]);
    assert.deepEqual(
      groups.map(({ tasks }) => tasks),
      [[2, 5, 9], [4]],
    );
    assert.deepEqual([groups[0]?.file, groups[0]?.line], [`${PROJECT}/model.py`, 8]);
  });

  it('puts the group with the lowest task first among equals', () => {
    const groups = groupFailures([fail(7, 'simple.py39'), fail(4, 'library.py311')]);
    assert.deepEqual(
      groups.map(({ tasks }) => tasks),
      [[4], [7]],
    );
  });

  it('makes no group of no failures', () => {
    assert.deepEqual(groupFailures([]), []);
  });
});
