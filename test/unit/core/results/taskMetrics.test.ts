import assert from 'node:assert/strict';
import { readTaskMetrics, type TaskMetrics } from '../../../../src/core/results/taskMetrics';
import type { TaskFiles } from '../../../../src/core/results/taskFiles';

/** Files of a task's directory, in memory. */
function filesOf(content: Readonly<Record<string, string>>): TaskFiles {
  const find = (path: string): string | undefined => content[path.replace('/task/', '')];
  return {
    readText: (path, maxBytes) => Promise.resolve(find(path)?.slice(0, maxBytes)),
    readTail: (path, maxBytes) => Promise.resolve(find(path)?.slice(-maxBytes)),
    list: () => Promise.resolve(Object.keys(content)),
  };
}

async function checkMetrics(content: Readonly<Record<string, string>>, expected: TaskMetrics): Promise<void> {
  assert.deepEqual(await readTaskMetrics(filesOf(content), '/task'), expected);
}

describe('readTaskMetrics', () => {
  it('finds nothing where a task wrote nothing', async () => {
    await checkMetrics({}, { metrics: {}, problems: [] });
  });

  it('opens no file that is not there', async () => {
    const opened: string[] = [];
    const files = filesOf({ 'stdout.log': 'done' });
    const note = (path: string): Promise<undefined> => {
      opened.push(path);
      return Promise.resolve(undefined);
    };
    await readTaskMetrics({ ...files, readText: note, readTail: note }, '/task');
    assert.deepEqual(opened, []);
  });

  it('prefers final values over a log', async () => {
    await checkMetrics(
      { 'metrics.json': '{"acc": 0.9}', 'metrics.csv': 'epoch,acc\n1,0.1\n' },
      { metrics: { acc: 0.9 }, problems: [] },
    );
  });

  it('prefers metrics.json where results.json has the same name', async () => {
    await checkMetrics(
      { 'metrics.json': '{"acc": 0.9}', 'results.json': '{"acc": 0.1, "loss": 2}' },
      { metrics: { acc: 0.9, loss: 2 }, problems: [] },
    );
  });

  it('falls back to the log when the file with final values cannot be read, and says so', async () => {
    const { metrics, problems } = await readTaskMetrics(
      filesOf({ 'metrics.json': '{"acc"', 'history.csv': 'epoch,acc\n1,0.1\n' }),
      '/task',
    );
    assert.deepEqual(metrics, { epoch: 1, acc: 0.1 });
    assert.match(problems.join(), /^metrics\.json is not JSON/u);
  });

  it('reads only the header and the end of a long log', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `${n},${n / 2}`).join('\n');
    await checkMetrics(
      { 'metrics.csv': `epoch,loss\n${rows}\n` },
      { metrics: { epoch: 19_999, loss: 9999.5 }, problems: [] },
    );
    const lines = Array.from({ length: 20_000 }, (_, n) => JSON.stringify({ n })).join('\n');
    await checkMetrics({ 'metrics.jsonl': `${lines}\n` }, { metrics: { n: 19_999 }, problems: [] });
  });
});
