import assert from 'node:assert/strict';
import { ONE_ATTEMPT, type AttemptView } from '../../../../src/core/results/attemptStart';
import { matchHere, type LineMatcher } from '../../../../src/core/results/lineMatcher';
import { FIND_METRICS, parseMetricRule, type MetricRules } from '../../../../src/core/results/metricRules';
import { readTaskMetrics, readTaskSeries, type TaskToRead } from '../../../../src/core/results/taskMetrics';
import type { JsonValue } from '../../../../src/core/sweep/value';
import { eventFile } from '../../../support/eventFile';
import { MemoryResultFiles } from '../../../support/memoryResultFiles';

type Content = Readonly<Record<string, string | Uint8Array>>;

function filesOf(content: Content): MemoryResultFiles {
  return new MemoryResultFiles(
    Object.fromEntries(Object.entries(content).map(([name, bytes]) => [`/task/${name}`, bytes])),
  );
}

function rulesOf(...entries: readonly string[]): MetricRules {
  const rules = entries.map(parseMetricRule);
  return {
    files: rules.flatMap((rule) => (typeof rule !== 'string' && 'file' in rule ? [rule.file] : [])),
    patterns: rules.flatMap((rule) => (typeof rule !== 'string' && 'pattern' in rule ? [rule.pattern] : [])),
  };
}

function taskOf(attempt: Partial<AttemptView> = {}): TaskToRead {
  return { dir: '/task', rules: rulesOf(), attempt: { ...ONE_ATTEMPT, ...attempt } };
}

interface Expected {
  readonly metrics: Readonly<Record<string, JsonValue>>;
  /** Default: none. */
  readonly ranges?: Readonly<Record<string, readonly [low: number, high: number]>>;
  readonly from?: readonly string[];
  readonly problems?: readonly (string | RegExp)[];
}

async function checkMetrics(
  content: Content,
  expected: Expected,
  ...rules: readonly string[]
): Promise<void> {
  const read = await readTaskMetrics(filesOf(content), '/task', rulesOf(...rules));
  assert.deepEqual(Object.fromEntries(read.metrics), expected.metrics);
  const ranges = [...read.ranges].map(([name, { low, high }]) => [name, [low, high]]);
  if (expected.ranges) assert.deepEqual(Object.fromEntries(ranges), expected.ranges);
  if (expected.from)
    assert.deepEqual(
      read.origins.map(({ file }) => file),
      expected.from,
    );
  const problems = expected.problems ?? [];
  assert.equal(read.problems.length, problems.length, read.problems.join('\n'));
  for (const [index, problem] of problems.entries()) {
    if (typeof problem === 'string') assert.equal(read.problems[index], problem);
    else assert.match(read.problems[index] ?? '', problem);
  }
}

describe('the metrics of a task', () => {
  it('are none where it wrote nothing', async () => {
    await checkMetrics({}, { metrics: {}, from: [] });
  });

  it('do not come from the record of its attempts', async () => {
    await checkMetrics({ 'attempts.jsonl': '{"step": 1, "loss": 2}\n' }, { metrics: {}, from: [] });
  });

  it('need no file that is not there', async () => {
    const files = filesOf({ 'metrics.json': '{"a": 1}', 'model.bin': 'x' });
    await readTaskMetrics(files, '/task');
    assert.deepEqual(new Set(files.reads), new Set(['/task/metrics.json']));
  });

  it('are not what the runner notes of the task', async () => {
    const records = {
      'attempts.jsonl': '{"attempt":1,"slot":2,"exitCode":0}\n',
      'params.yaml': 'lr: 1\n',
      'failure.txt': 'loss=1',
    };
    await checkMetrics(records, { metrics: {}, from: [] });
    await checkMetrics(records, { metrics: {}, from: [] }, '*.jsonl', '*.json');
  });

  it('are on the output when no file had any, whatever other tables lie there', async () => {
    await checkMetrics(
      {
        'attempts.jsonl': '{"attempt":1}\n',
        'predictions.csv': 'x,y\n1,2\n',
        'data.jsonl': '{"text": "a"}\n',
        'stdout.log': 'epoch 1 loss=0.5\nepoch 2 loss=0.25\n',
      },
      {
        metrics: { epoch: 2, loss: 0.25 },
        ranges: { epoch: [1, 2], loss: [0.25, 0.5] },
        from: ['stdout.log'],
      },
    );
  });

  it('are on the output too when a file has only final values, which win', async () => {
    await checkMetrics(
      {
        'metrics.json': '{"acc": 0.9}',
        'stdout.log': 'epoch 1 loss=0.5 acc=0.1\nepoch 2 loss=0.25 acc=0.3\n',
      },
      {
        metrics: { acc: 0.9, loss: 0.25 },
        ranges: { acc: [0.1, 0.3], loss: [0.25, 0.5] },
        from: ['metrics.json', 'stdout.log'],
      },
    );
  });

  it('are not looked for on the output beside a log by step', async () => {
    await checkMetrics(
      { 'metrics.csv': 'epoch,acc\n1,0.5\n', 'stdout.log': 'epoch 1 loss=0.5\n' },
      { metrics: { epoch: 1, acc: 0.5 }, from: ['metrics.csv'] },
    );
  });

  it('are read around a file that cannot be read, which is said', async () => {
    const files = filesOf({ 'metrics.json': '{"acc": 1}', 'metrics.csv': 'step,loss\n1,2\n' });
    files.unreadable.add('/task/metrics.json');
    const read = await readTaskMetrics(files, '/task');
    assert.deepEqual(Object.fromEntries(read.metrics), { step: 1, loss: 2 });
    assert.deepEqual(read.problems, [
      "metrics.json cannot be read: EACCES: permission denied, open '/task/metrics.json'",
    ]);
    assert.ok(read.isIncomplete);
  });

  it('are final values, with what only the log has and without its counters', async () => {
    await checkMetrics(
      { 'metrics.json': '{"acc": 0.9}', 'metrics.csv': 'epoch,acc,lr\n1,0.1,5\n2,0.3,4\n' },
      {
        metrics: { acc: 0.9, lr: 4 },
        ranges: { acc: [0.1, 0.3], lr: [4, 5] },
        from: ['metrics.json', 'metrics.csv'],
      },
    );
  });

  it('come from metrics.json where results.json has the same name', async () => {
    await checkMetrics(
      { 'metrics.json': '{"acc": 0.9}', 'results.json': '{"acc": 0.1, "loss": 2}' },
      { metrics: { acc: 0.9, loss: 2 } },
    );
  });

  it('come from the log when the file with final values cannot be read, and that is said', async () => {
    await checkMetrics(
      { 'metrics.json': '{"acc"', 'history.csv': 'epoch,acc\n1,0.1\n' },
      { metrics: { epoch: 1, acc: 0.1 }, problems: [/^metrics\.json is not JSON/u] },
    );
  });

  it('are the last values of a CSV log, with the smallest and the largest', async () => {
    await checkMetrics(
      { 'metrics.csv': 'epoch,train_loss,val_acc\n1,0.5,\n1,,0.81\n2,0.75,\n3,0.25,\n' },
      {
        metrics: { epoch: 3, train_loss: 0.25, val_acc: 0.81 },
        ranges: { epoch: [1, 3], train_loss: [0.25, 0.75] },
      },
    );
  });

  it('are numbers, words and truth values of CSV cells', async () => {
    await checkMetrics(
      { 'metrics.csv': 'a,b,c,d,"e,f",g,h\r\n1e-3,nan,-inf,True,"say ""hi""",.5,0x10\r\n' },
      { metrics: { a: 0.001, b: NaN, c: -Infinity, d: true, 'e,f': 'say "hi"', g: 0.5, h: '0x10' } },
    );
  });

  it('pass over a last row that is still being written', async () => {
    await checkMetrics({ 'metrics.csv': 'epoch,loss\n1,0.5\n2' }, { metrics: { epoch: 1, loss: 0.5 } });
    await checkMetrics({ 'metrics.jsonl': '{"epoch": 1}\n{"epo' }, { metrics: { epoch: 1 } });
  });

  it('may lie in one folder of the directory, however the program calls it', async () => {
    await checkMetrics(
      { 'a/b/c/metrics.json': '{"acc": 1}', 'a/b/c/eval_results.json': '{"loss": 2}' },
      { metrics: { acc: 1, loss: 2 }, from: ['a/b/c/metrics.json', 'a/b/c/eval_results.json'] },
    );
    await checkMetrics(
      { 'metrics.json': '{"acc": 1}', 'old/metrics.json': '{"acc": 2}' },
      { metrics: { acc: 1 } },
    );
  });

  it('are none where several folders have them, or in folders that are too deep, and that is told', async () => {
    await checkMetrics(
      { 'fold1/metrics.json': '{"acc": 1}', 'fold2/metrics.json': '{"acc": 2}' },
      { metrics: {}, problems: [/^Several folders have final values \(fold1\/metrics\.json, fold2\//u] },
    );
    await checkMetrics(
      { 'a/b/c/d/e/metrics.json': '{"acc": 1}' },
      { metrics: {}, problems: [/looked for in the first 5 levels of folders/u] },
    );
    const many = Array.from({ length: 70 }, (_, index) => [`f${index}/x.txt`, ''] as const);
    await checkMetrics(Object.fromEntries(many), { metrics: {}, problems: [/60 folders at most/u] });
    await checkMetrics({ 'a/b/c/d/e/x.txt': '', 'metrics.json': '{"acc": 1}' }, { metrics: { acc: 1 } });
  });

  it('come from tables with semicolons or tabs, too, and with a decimal comma where that can be none', async () => {
    await checkMetrics(
      { 'metrics.csv': 'epoch;val_loss;"a;b";note\r\n1;0,5;"x ""y""; z";1,2,3\r\n2;2,5e-1;w;"q, r"\r\n' },
      {
        metrics: { epoch: 2, val_loss: 0.25, 'a;b': 'w', note: 'q, r' },
        ranges: { epoch: [1, 2], val_loss: [0.25, 0.5] },
        from: ['metrics.csv'],
      },
    );
    await checkMetrics(
      { 'metrics.csv': 'epoch\tloss\n1\t0.5\n2\t"0.25"\n' },
      { metrics: { epoch: 2, loss: 0.25 } },
    );
    await checkMetrics({ 'metrics.csv': 'epoch,"a;b;c"\n1,2\n' }, { metrics: { epoch: 1, 'a;b;c': 2 } });
  });

  it('have no decimal comma where a number of the same table has a point', async () => {
    await checkMetrics(
      { 'metrics.csv': 'epoch;n;loss;gpus\n1;1,234;;0,1\n2;2,345;0.5;0,1\n' },
      { metrics: { epoch: 2, n: '2,345', loss: 0.5, gpus: '0,1' }, ranges: { epoch: [1, 2] } },
    );
    await checkMetrics(
      { 'metrics.csv': 'epoch;n\n1;1,234.5\n2;1,234\n' },
      { metrics: { epoch: 2, n: '1,234' } },
    );
    const rows = Array.from({ length: 250 }, (_, index) => `${index};${index},5;v1.2`);
    await checkMetrics(
      { 'metrics.csv': `step;x;note\n${rows.join('\n')}\n` },
      { metrics: { step: 249, x: 249.5, note: 'v1.2' }, ranges: { step: [0, 249], x: [0.5, 249.5] } },
    );
  });

  it('are nothing for a header alone', async () => {
    await checkMetrics({ 'metrics.csv': 'epoch,loss\n' }, { metrics: {} });
    await checkMetrics({ 'metrics.csv': 'epoch;loss\n' }, { metrics: {} });
    await checkMetrics({ 'metrics.csv': '' }, { metrics: {} });
  });

  it('are read around a broken line, which is said', async () => {
    await checkMetrics(
      { 'metrics.jsonl': '{"step": 1}\noops\n{"step": 2, "val": {"loss": NaN}}\n' },
      {
        metrics: { step: 2, 'val.loss': NaN },
        problems: ['metrics.jsonl: unreadable lines: 1, the first: oops'],
      },
    );
    await checkMetrics(
      { 'metrics.csv': 'step,a\n1,2\n3\n4,5,6\n' },
      { metrics: { step: 1, a: 2 }, problems: ['metrics.csv: rows that do not fit its header: 2.'] },
    );
  });

  it('come from any table with a column of steps, and from no other table', async () => {
    await checkMetrics({ 'learning.csv': 'step,x\n1,2\n' }, { metrics: { step: 1, x: 2 } });
    await checkMetrics({ 'predictions.csv': 'name,x\na,2\n' }, { metrics: {} });
  });

  it('come from the last version of Lightning and the last run of W&B', async () => {
    await checkMetrics(
      {
        'lightning_logs/version_9/metrics.csv': 'epoch,step,val_loss\n0,10,3\n',
        'lightning_logs/version_10/metrics.csv': 'epoch,step,val_loss\n0,10,4\n',
      },
      { metrics: { epoch: 0, step: 10, val_loss: 4 }, from: ['lightning_logs/version_10/metrics.csv'] },
    );
    await checkMetrics(
      {
        'wandb/offline-run-20260101_101010-aaaa/files/wandb-summary.json': '{"acc": 1}',
        'wandb/offline-run-20260102_101010-bbbb/files/wandb-summary.json':
          '{"acc": 2, "_wandb": {"runtime": 3}}',
      },
      {
        metrics: { acc: 2, '_wandb.runtime': 3 },
        from: ['wandb/offline-run-*/files/wandb-summary.json'],
      },
    );
  });

  it('come from TensorBoard, the folder before the tag where there are several', async () => {
    const events = eventFile([{ step: 3, tag: 'loss', value: 0.5 }]);
    await checkMetrics({ 'tb/events.out.tfevents.17.host.1.0': events }, { metrics: { loss: 0.5 } });
    await checkMetrics(
      { 'tb/train/events.out.tfevents.1': events, 'tb/validation/events.out.tfevents.2': events },
      { metrics: { 'train/loss': 0.5, 'validation/loss': 0.5 } },
    );
  });

  it('have the same names in every task, whatever the writers call their folders', async () => {
    const events = eventFile([{ step: 3, tag: 'loss', value: 0.5 }]);
    const hparams = eventFile([{ step: 0, tag: 'hparam/acc', value: 0.25 }]);
    await checkMetrics(
      { 'logs/events.out.tfevents.1': events, 'logs/1795348889.22/events.out.tfevents.2': hparams },
      {
        metrics: { 'hparam/acc': 0.25, loss: 0.5 },
        from: ['logs/*/events.out.tfevents.*', 'logs/events.out.tfevents.*'],
      },
    );
    await checkMetrics(
      {
        'runs/Nov21_09-00-00_a/events.out.tfevents.1': hparams,
        'runs/Nov22_09-00-00_a/events.out.tfevents.2': events,
      },
      { metrics: { loss: 0.5 } },
    );
  });

  it('of two logs with the same names are told apart by their files', async () => {
    await checkMetrics(
      { 'train.csv': 'epoch,loss\n1,2\n', 'val.csv': 'epoch,loss\n1,3\n' },
      { metrics: { epoch: 1, loss: 2, 'val.loss': 3 } },
    );
  });

  it('are found on the output when no file has any', async () => {
    const output =
      'loading 12 files\nepoch 1 loss=0.5 lr: 3\nepoch 2 train_loss: nan  val acc 91.5\nport=80\n';
    await checkMetrics(
      { 'stdout.log': output },
      { metrics: { epoch: 2, loss: 0.5, train_loss: NaN, acc: 91.5 }, from: ['stdout.log'] },
    );
    await checkMetrics({ 'stdout.log': 'port=80, files: 3\n' }, { metrics: {} });
  });

  it('come from nothing but what is configured', async () => {
    const content = {
      'metrics.json': '{"acc": 1}',
      'logs/a.csv': 'x,y\n1,2\n',
      'stdout.log': 'it 1 | score 0.25\nit 2 | score 0.5\n',
    };
    await checkMetrics(content, { metrics: { x: 1, y: 2 } }, 'logs/*.csv');
    await checkMetrics(
      content,
      { metrics: { iter: 2, score: 0.5 }, ranges: { iter: [1, 2], score: [0.25, 0.5] } },
      String.raw`/it (?<iter>\d+) \| score (?<score>\S+)/`,
    );
  });

  it('of a huge log take bounded memory', async () => {
    const rows = Array.from({ length: 200_000 }, (_, n) => `${n},${n / 2}`).join('\n');
    const files = filesOf({ 'metrics.csv': `epoch,loss\n${rows}\n` });
    const { metrics, ranges } = await readTaskMetrics(files, '/task');
    assert.deepEqual(
      [...metrics],
      [
        ['epoch', 199_999],
        ['loss', 99_999.5],
      ],
    );
    assert.deepEqual(ranges.get('loss'), { low: 0, high: 99_999.5 });
    assert.ok(files.largestPiece <= 1024 * 1024, `${files.largestPiece} bytes at one time`);
  });
});

describe('the course of a metric', () => {
  async function checkSeries(content: Content, metric: string, xs: number[], ys: number[]): Promise<void> {
    const series = await readTaskSeries(filesOf(content), taskOf(), { metric, maxPoints: 100 });
    assert.deepEqual([...(series?.xs ?? [])], xs);
    assert.deepEqual([...(series?.ys ?? [])], ys);
  }

  it('goes by the finest column that counts', async () => {
    await checkSeries(
      { 'metrics.csv': 'epoch,step,loss\n1,10,3\n1,20,2\n2,30,\n' },
      'loss',
      [10, 20],
      [3, 2],
    );
  });

  it('goes by rows when nothing counts', async () => {
    await checkSeries({ 'metrics.jsonl': '{"loss": 3}\n{"loss": 2}\n' }, 'loss', [0, 1], [3, 2]);
  });

  it('is read from the file that the name says', async () => {
    const content = { 'train.csv': 'epoch,loss\n1,2\n', 'val.csv': 'epoch,loss\n1,3\n' };
    await checkSeries(content, 'val.loss', [1], [3]);
    await checkSeries(content, 'loss', [1], [2]);
  });

  it('keeps its spikes and its end when it is thinned', async () => {
    const rows = Array.from({ length: 60_000 }, (_, n) => `${n},${n === 31_234 ? 999 : 1}`).join('\n');
    const files = filesOf({ 'metrics.csv': `step,loss\n${rows}\n` });
    const series = await readTaskSeries(files, taskOf(), { metric: 'loss', maxPoints: 50 });
    assert.ok(series);
    assert.ok(series.xs.length <= 52, `${series.xs.length} points`);
    assert.equal(series.ys[series.xs.indexOf(31_234)], 999);
    assert.equal(series.xs.at(-1), 59_999);
  });

  it('is on the output when no file has it', async () => {
    const content = {
      'metrics.json': '{"acc": 1}',
      'table.csv': 'a,b\n1,2\n',
      'stdout.log': 'loss=1\nloss=2\n',
    };
    const series = await readTaskSeries(filesOf(content), taskOf(), { metric: 'loss', maxPoints: 9 });
    assert.deepEqual([...(series?.ys ?? [])], [1, 2]);
  });

  it('is undefined for what has only a final value', async () => {
    const files = filesOf({ 'metrics.json': '{"acc": 1}' });
    assert.equal(await readTaskSeries(files, taskOf(), { metric: 'acc', maxPoints: 9 }), undefined);
  });
});

describe('patterns for the output', () => {
  it('that take too long are told, and the others are read all the same', async () => {
    const [score, slow] = [/score (?<score>\d+)/u, /(?<x>slow)/u];
    const matcher: LineMatcher = {
      match: async (_, lines) => ({ ...(await matchHere.match([score], lines)), tooSlow: [slow] }),
    };
    const files = filesOf({ 'stdout.log': 'score 3\nslow\n' });
    const read = await readTaskMetrics(files, '/task', { files: [], patterns: [score, slow], matcher });
    assert.deepEqual(Object.fromEntries(read.metrics), { score: 3 });
    assert.equal(read.problems.length, 1);
    assert.match(read.problems[0] ?? '', /^The pattern \/\(\?<x>slow\)\/ takes too long on some line/u);
    // Another look would find the same.
    assert.equal(read.isIncomplete, false);
  });
});

describe('the metrics of a task that ran again', () => {
  /** Files with their times, in milliseconds. */
  async function checkAttempt(
    times: Readonly<Record<string, number>>,
    attempt: Partial<AttemptView>,
    expected: { readonly metrics: object; readonly problems?: readonly string[] },
  ): Promise<void> {
    const files = new MemoryResultFiles();
    for (const [name, time] of Object.entries(times)) {
      files.now = time;
      files.put(`/task/${name}`, name.endsWith('.json') ? `{"acc": ${time}}` : 'loss=0.5\n');
    }
    const whole = { ...ONE_ATTEMPT, number: 2, ...attempt };
    const read = await readTaskMetrics(files, '/task', FIND_METRICS, whole);
    assert.deepEqual(Object.fromEntries(read.metrics), expected.metrics);
    assert.deepEqual(read.problems, expected.problems ?? []);
  }
  const older = ['Written before attempt 2 began, so not counted as its results: metrics.json.'];

  it('are not those that the attempt before left, which is said', async () => {
    const times = { 'metrics.json': 5_000, 'params.yaml': 9_000 };
    await checkAttempt(times, { state: 'failed' }, { metrics: {}, problems: older });
    await checkAttempt(times, { state: 'succeeded' }, { metrics: {}, problems: older });
    // It may still write them.
    await checkAttempt(times, { state: 'running' }, { metrics: {} });
  });

  it('are what it wrote, and what it went on with', async () => {
    const times = { 'params.yaml': 9_000, 'metrics.json': 9_500 };
    await checkAttempt(times, { state: 'failed' }, { metrics: { acc: 9_500 } });
    await checkAttempt(times, { state: 'succeeded' }, { metrics: { acc: 9_500 } });
  });

  it('are on its output when the files are older', async () => {
    const times = { 'metrics.json': 5_000, 'params.yaml': 9_000, 'stdout.log': 9_100 };
    await checkAttempt(times, { state: 'running' }, { metrics: { loss: 0.5 } });
  });

  it('count by the very second, as files that came home have it, only when it succeeded', async () => {
    const times = { 'metrics.json': 9_000, 'params.yaml': 9_000 };
    await checkAttempt(times, { state: 'succeeded' }, { metrics: { acc: 9_000 } });
    await checkAttempt(times, { state: 'failed' }, { metrics: {}, problems: older });
  });

  it('are not those of a remote attempt before whose start is not home yet', async () => {
    const times = { 'params.yaml': 1_000, 'metrics.json': 5_000 };
    const started = { startedAtMs: 500_000, isRemote: true };
    await checkAttempt(times, { state: 'running', ...started }, { metrics: {} });
    // A minute is the most that the clock of a disk is believed to be wrong.
    const close = { 'params.yaml': 1_000, 'metrics.json': 450_000 };
    await checkAttempt(close, { state: 'running', ...started }, { metrics: { acc: 450_000 } });
  });

  it('are told apart by the start of the attempt for a task without parameters', async () => {
    const started = { state: 'failed', startedAtMs: 9_000 } as const;
    await checkAttempt({ 'metrics.json': 5_000 }, started, { metrics: {}, problems: older });
    await checkAttempt({ 'metrics.json': 9_001 }, started, { metrics: { acc: 9_001 } });
  });

  it('have no course that the attempt before logged', async () => {
    const files = new MemoryResultFiles({ '/task/metrics.csv': 'step,loss\n1,2\n', '/task/params.yaml': '' });
    const wanted = { metric: 'loss', maxPoints: 10 };
    assert.equal(await readTaskSeries(files, taskOf({ number: 2 }), wanted), undefined);
    assert.ok(await readTaskSeries(files, taskOf(), wanted));
  });
});
