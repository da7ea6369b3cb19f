import assert from 'node:assert/strict';
import { cleanLines } from '../../../../src/core/analysis/cleanLog';
import { parsePythonTraceback, type PythonTraceback } from '../../../../src/core/analysis/pythonTraceback';
import { readTracebackSample } from './fixture';

function parse(text: string): PythonTraceback {
  const traceback = parsePythonTraceback(cleanLines(text));
  assert.ok(traceback, 'no traceback was found');
  return traceback;
}

/** `type: first line of the message <- function@file:line of the deepest frame (frames)`, per exception. */
function outline({ exceptions }: PythonTraceback): string[] {
  return exceptions.map((exception) => {
    const frame = exception.frames.at(-1);
    const place = frame ? `${frame.function ?? '-'}@${frame.file.split('/').pop() ?? ''}:${frame.line}` : '-';
    return `${exception.follows ?? 'first'} ${exception.type}: ${exception.message.split('\n')[0] ?? ''} <- ${place} (${exception.frames.length})`;
  });
}

function checkSamples(program: string, versions: readonly number[], expected: string[]): void {
  for (const version of versions) {
    assert.deepEqual(
      outline(parse(readTracebackSample(`${program}.py${version}`))),
      expected,
      `Python ${version}`,
    );
  }
}

const ALL = [39, 311, 313];

describe('parsePythonTraceback', () => {
  it('reads type, message and frames of an uncaught exception', () => {
    checkSamples('simple', ALL, [
      'first ValueError: loss is nan at epoch 17: the learning rate is too large <- check_loss@model.py:8 (3)',
    ]);
    const [exception] = parse(readTracebackSample('simple.py311')).exceptions;
    assert.deepEqual(exception.frames[0], {
      file: '/home/user/project/simple.py',
      line: 10,
      function: '<module>',
      text: 'train()',
    });
  });

  it('reads a chain in the order in which it was printed, with how each follows the one before', () => {
    checkSamples('chained', ALL, [
      "first KeyError: 'swish' <- forward@model.py:3 (2)",
      "cause ValueError: unknown activation 'swish' <- build@chained.py:8 (2)",
      "context FileNotFoundError: [Errno 2] No such file or directory: '/nonexistent/log.txt' <- main@chained.py:15 (2)",
    ]);
  });

  it('reads an exception group with its members', () => {
    checkSamples(
      'group',
      [311, 313],
      ['first ExceptionGroup: workers failed (2 sub-exceptions) <- run_all@group.py:11 (2)'],
    );
    const [group] = parse(readTracebackSample('group.py313')).exceptions;
    assert.deepEqual(
      group.members?.map((member) => [member.type, member.frames.at(-1)?.line]),
      [
        ['ValueError', 8],
        ['KeyError', 3],
      ],
    );
  });

  it('reads a group that holds a group and a member without a traceback', () => {
    const text = [
      '  + Exception Group Traceback (most recent call last):',
      '  |   File "a.py", line 1, in <module>',
      '  |     run()',
      '  | ExceptionGroup: outer (2 sub-exceptions)',
      '  +-+---------------- 1 ----------------',
      '    | Exception Group Traceback (most recent call last):',
      '    |   File "a.py", line 2, in run',
      '    |     raise ExceptionGroup("inner", errors)',
      '    | ExceptionGroup: inner (1 sub-exception)',
      '    +-+---------------- 1 ----------------',
      '      | TypeError: 2',
      '      +------------------------------------',
      '    +---------------- 2 ----------------',
      '    | OSError: gone',
      '    +------------------------------------',
      'after',
    ].join('\n');
    const traceback = parse(text);
    assert.deepEqual(outline(traceback), [
      'first ExceptionGroup: outer (2 sub-exceptions) <- <module>@a.py:1 (1)',
    ]);
    assert.deepEqual(
      traceback.exceptions[0].members?.map(({ type }) => type),
      ['ExceptionGroup', 'TypeError', 'OSError'],
    );
    assert.deepEqual(traceback.after, ['after']);
  });

  it('reads a syntax error of the script itself, which has no heading', () => {
    checkSamples('broken', ALL, ['first SyntaxError: invalid syntax <- -@broken.py:3 (1)']);
  });

  it('takes the file with the syntax error for the deepest frame of an import', () => {
    checkSamples('imports_broken', ALL, ['first SyntaxError: invalid syntax <- -@broken.py:3 (2)']);
  });

  it('keeps all lines of a message, and none of the markers below the source lines', () => {
    checkSamples('multiline', ALL, [
      'first ShapeMismatch: Error(s) in loading state_dict for Net: <- load@multiline.py:6 (2)',
    ]);
    const [exception] = parse(readTracebackSample('multiline.py39')).exceptions;
    assert.equal(exception.message.split('\n').length, 3);
    const marked = parse(readTracebackSample('library.py313')).exceptions[0].frames[3];
    assert.equal(marked?.text, 'obj, end = self.raw_decode(s, idx=_w(s, 0).end())');
  });

  it('keeps notes with the message', () => {
    const [exception] = parse(readTracebackSample('note.py313')).exceptions;
    assert.equal(exception.message, 'bad batch\nbatch number 12\nworker 3');
  });

  it('reads an exception without message and one of a local class', () => {
    checkSamples('assertion', [311, 313], ['first AssertionError:  <- split@assertion.py:3 (2)']);
    checkSamples('local_class', [311, 313], ['first run.<locals>.Diverged:  <- run@local_class.py:5 (2)']);
    checkSamples('local_class', [39], ['first run.<locals>.Diverged:  <- run@local_class.py:5 (2)']);
  });

  it('reads the collapsed frames of a recursion', () => {
    checkSamples('recursion', ALL, [
      'first RecursionError: maximum recursion depth exceeded <- depth@recursion.py:2 (4)',
    ]);
  });

  it('reads the traceback that multiprocessing brings from another process', () => {
    const same = 'ValueError: loss is nan at epoch 4: the learning rate is too large';
    checkSamples(
      'pool',
      [311, 313],
      [`first ${same} <- check_loss@model.py:8 (4)`, `cause ${same} <- get@pool.py:774 (3)`],
    );
  });

  it('passes over tracebacks that Python marks as ignored or of another thread', () => {
    checkSamples('ignored', ALL, ["first KeyError: 'gelu' <- forward@model.py:3 (2)"]);
    checkSamples('thread', ALL, ["first KeyError: 'gelu' <- forward@model.py:3 (2)"]);
  });

  it('takes another thread’s traceback when there is no other', () => {
    const [own] = readTracebackSample('thread.py311').split(/^Traceback.*\n {2}File.*line 13/mu);
    assert.match(outline(parse(own ?? ''))[0] ?? '', /^first ValueError: loss is nan/u);
  });

  it('takes the last of several tracebacks and keeps the lines after it', () => {
    const handled = readTracebackSample('library.py311');
    const text = `${handled}retrying\n${readTracebackSample('simple.py311')}\n\nwandb: sync\nbye\n`;
    const traceback = parse(text);
    assert.equal(traceback.exceptions[0].type, 'ValueError');
    assert.deepEqual(traceback.after.filter(Boolean), ['wandb: sync', 'bye']);
  });

  it('reads through lines that other processes print between the frames', () => {
    const lines = readTracebackSample('simple.py313').split('\n');
    lines.splice(3, 0, 'Epoch 3: loss 0.2', '[W] queue is full', 'INFO: saved');
    assert.deepEqual(outline(parse(lines.join('\n'))), outline(parse(readTracebackSample('simple.py313'))));
  });

  it('keeps a worker’s traceback in the message of a data loader', () => {
    const text = [
      'Traceback (most recent call last):',
      '  File "/home/user/project/train.py", line 5, in <module>',
      '    for batch in loader:',
      '  File "/usr/lib/python3/site-packages/torch/_utils.py", line 694, in reraise',
      '    raise exception',
      'ValueError: Caught ValueError in DataLoader worker process 0.',
      'Original Traceback (most recent call last):',
      '  File "/home/user/project/data.py", line 9, in __getitem__',
      '    raise ValueError("bad item")',
      'ValueError: bad item',
    ].join('\n');
    const traceback = parse(text);
    assert.deepEqual(outline(traceback), [
      'first ValueError: Caught ValueError in DataLoader worker process 0. <- reraise@_utils.py:694 (2)',
    ]);
    assert.match(traceback.exceptions[0].message, /bad item$/u);
  });

  it('reads the lines of one process where a launcher names the process before each line', () => {
    const sample = readTracebackSample('simple.py311').trimEnd().split('\n');
    const text = sample.flatMap((line) => [`[rank1]: ${line}`, '[rank0]: still waiting']).join('\n');
    assert.deepEqual(outline(parse(text)), outline(parse(readTracebackSample('simple.py311'))));
  });

  it('takes the traceback of a process before that of torchrun, which only says that it failed', () => {
    const launcher = [
      'E0730 12:00:00.000000 77 torch/distributed/elastic/multiprocessing/api.py:826] failed (exitcode: 1)',
      'Traceback (most recent call last):',
      '  File "/usr/bin/torchrun", line 8, in <module>',
      '    sys.exit(main())',
      'torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ',
      '============================================================',
      'train.py FAILED',
    ].join('\n');
    const own = readTracebackSample('simple.py311');
    const prefixed = own.trimEnd().replaceAll(/^/gmu, '[rank0]: ');
    assert.match(outline(parse(`${own}${launcher}\n`))[0] ?? '', /^first ValueError: loss is nan/u);
    assert.match(outline(parse(`${prefixed}\n${launcher}\n`))[0] ?? '', /^first ValueError: loss is nan/u);
    assert.match(outline(parse(`${launcher}\n`))[0] ?? '', /ChildFailedError/u);
  });

  it('reads a heading at the end of a log record', () => {
    checkSamples('logged', ALL, ["first KeyError: 'gelu' <- forward@model.py:3 (2)"]);
    const text = readTracebackSample('simple.py39').replace('Traceback', '2026-01-01 ERROR main: Traceback');
    assert.equal(parse(text).exceptions[0].frames.length, 3);
  });

  it('reads a traceback of which the beginning was cut off', () => {
    const text = readTracebackSample('library.py311').split('\n').slice(2).join('\n');
    assert.deepEqual(outline(parse(text)), [
      'first json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1) <- raw_decode@decoder.py:353 (4)',
    ]);
  });

  it('finds nothing in output without a traceback, or in one without its end', () => {
    for (const text of ['', 'Error: no such option\n', 'usage: train.py\ntrain.py: error: bad\n']) {
      assert.equal(parsePythonTraceback(cleanLines(text)), undefined);
    }
    const cut = readTracebackSample('simple.py311').split('\n').slice(0, 4).join('\n');
    assert.equal(parsePythonTraceback(cleanLines(cut)), undefined);
  });
});
