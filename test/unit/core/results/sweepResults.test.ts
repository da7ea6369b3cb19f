import assert from 'node:assert/strict';
import type { TaskState } from '../../../../src/core/engine/taskState';
import { mergeRows } from '../../../../src/core/results/mergeRows';
import { FIND_METRICS } from '../../../../src/core/results/metricRules';
import { rowAt } from '../../../../src/core/results/resultTable';
import type { ResultSweep } from '../../../../src/core/results/resultSweep';
import { SweepResults, type ReadProgress } from '../../../../src/core/results/sweepResults';
import { MemoryResultFiles } from '../../../support/memoryResultFiles';

interface World {
  readonly states: TaskState[];
  readonly files: MemoryResultFiles;
  readonly results: SweepResults;
  attempt: number;
  isRemote: boolean;
}

function worldOf(...states: TaskState[]): World {
  const files = new MemoryResultFiles();
  const sweep: ResultSweep = {
    get total() {
      return states.length;
    },
    stateOf: (task) => states[task - 1] ?? 'waiting',
    attemptOf: () => world.attempt,
    sourceOf: () => 'local',
    isRemote: () => world.isRemote,
    startedAt: () => 1000,
    endedAt: () => 3500,
    dirOf: (task) => `/${task}`,
    async *parameters() {
      await Promise.resolve();
      for (let number = 1; number <= states.length; number++)
        yield { number, parameters: { lr: number / 10 } };
    },
  };
  const world: World = {
    states,
    files,
    results: new SweepResults(sweep, files),
    attempt: 1,
    isRemote: false,
  };
  return world;
}

async function changed({ results }: World, scope: 'changed' | 'all' = 'changed'): Promise<readonly number[]> {
  return results.refresh(scope, FIND_METRICS);
}

describe('the results of a sweep that goes on', () => {
  it('are parameters, states and what the tasks measured', async () => {
    const world = worldOf('succeeded', 'waiting');
    world.files.put('/1/metrics.json', '{"acc": 0.5}');
    assert.deepEqual(await changed(world), [1, 2]);
    const table = world.results.table();
    assert.deepEqual(rowAt(table, 0), {
      number: 1,
      state: 'succeeded',
      parameters: { lr: 0.1 },
      metrics: { acc: 0.5 },
    });
    assert.deepEqual(rowAt(table, 1), { number: 2, state: 'waiting', parameters: { lr: 0.2 }, metrics: {} });
    assert.deepEqual(table.origins, [{ file: 'metrics.json', how: 'found', tasks: 1 }]);
    assert.deepEqual(
      table.facts.map(({ name, numbers }) => [name, numbers[0]]),
      [
        ['source', NaN],
        ['duration', 2.5],
      ],
    );
  });

  it('are parameters and states before any file was looked at', async () => {
    const world = worldOf('succeeded', 'waiting');
    world.files.put('/1/metrics.json', '{"acc": 0.5}');
    await world.results.load();
    const table = world.results.table();
    assert.deepEqual(rowAt(table, 0), {
      number: 1,
      state: 'succeeded',
      parameters: { lr: 0.1 },
      metrics: {},
    });
    assert.deepEqual([table.tasks.length, world.files.reads], [2, []]);
    // What was loaded early is still a change for the first look.
    assert.deepEqual(await changed(world), [1, 2]);
  });

  it('come in portions when there are many, each row once', async () => {
    const world = worldOf(...Array.from({ length: 2500 }, (): TaskState => 'succeeded'));
    for (let task = 1; task <= 2500; task++) world.files.put(`/${task}/metrics.json`, '{"acc": 0.5}');
    const words: ReadProgress[] = [];
    await world.results.refresh('all', FIND_METRICS, (progress) => {
      words.push(progress);
      // The rows that are told of can be shown.
      const [first = 0] = progress.tasks;
      assert.deepEqual(rowAt(world.results.table([first]), 0).metrics, { acc: 0.5 });
    });
    assert.deepEqual(
      words.map(({ done, total }) => [done, total]),
      [
        [1000, 2500],
        [2000, 2500],
        [2500, 2500],
      ],
    );
    assert.equal(new Set(words.flatMap(({ tasks }) => tasks)).size, 2500);
    assert.equal(words.flatMap(({ tasks }) => tasks).length, 2500);
  });

  it('are read again only where something changed', async () => {
    const world = worldOf('succeeded', 'running', 'waiting');
    world.files.put('/1/metrics.json', '{"acc": 0.5}');
    world.files.put('/2/metrics.jsonl', '{"acc": 0.1}\n');
    await changed(world);
    world.files.reads.length = 0;
    assert.deepEqual(await changed(world), []);
    assert.deepEqual(world.files.reads, []);
    world.files.put('/2/metrics.jsonl', '{"acc": 0.1}\n{"acc": 0.2}\n');
    assert.deepEqual(await changed(world), [2]);
    assert.deepEqual(new Set(world.files.reads), new Set(['/2/metrics.jsonl']));
    assert.equal(rowAt(world.results.table([2]), 0).metrics['acc'], 0.2);
  });

  it('have their columns in the order of the tasks, whichever was read first', async () => {
    const world = worldOf('succeeded', 'succeeded', 'succeeded');
    world.files.put('/1/metrics.json', '{"b": 1, "a": 2}');
    world.files.put('/2/metrics.json', '{"z": 1, "a": 2}');
    world.files.put('/3/metrics.json', '{"c": 3, "b": 1}');
    const { files } = world;
    const readBytes = files.readBytes.bind(files);
    const others = new Promise<void>((resolve) => {
      files.readBytes = async (path, ...range) => {
        if (path.startsWith('/1/')) await others;
        const bytes = await readBytes(path, ...range);
        if (path.startsWith('/3/')) setImmediate(resolve);
        return bytes;
      };
    });
    const names = (): string[] => world.results.table().metrics.map(({ name }) => name);
    await changed(world);
    assert.deepEqual(names(), ['b', 'a', 'z', 'c']);
    assert.deepEqual(world.results.numericMetrics(), ['b', 'a', 'z', 'c']);
    const before = world.results.table();
    world.files.put('/1/metrics.json', '{"a": 2, "c": 1}');
    assert.deepEqual(await changed(world, 'all'), [1]);
    assert.deepEqual(names(), ['a', 'c', 'z', 'b']);
    const merged = mergeRows(before, world.results.table([1]));
    assert.deepEqual(
      merged.metrics.map(({ name }) => name),
      ['a', 'c', 'z', 'b'],
    );
  });

  it('are told to everybody, whoever had them read', async () => {
    const world = worldOf('running');
    const told: (readonly number[])[] = [];
    world.results.onDidChange((tasks) => told.push(tasks));
    await changed(world);
    world.states[0] = 'succeeded';
    await Promise.all([changed(world), changed(world)]);
    assert.deepEqual(told, [[1], [1]]);
  });

  it('lose what an attempt before had when the task waits again', async () => {
    const world = worldOf('failed');
    world.files.put('/1/metrics.json', '{"acc": 0.5}');
    await changed(world);
    world.states[0] = 'waiting';
    assert.deepEqual(await changed(world), [1]);
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, {});
    world.states[0] = 'running';
    assert.deepEqual(await changed(world), [1]);
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, { acc: 0.5 });
  });

  it('lose a name that the file no longer has', async () => {
    const world = worldOf('running');
    world.files.put('/1/metrics.json', '{"a": 1, "b": 2}');
    await changed(world);
    world.files.put('/1/metrics.json', '{"b": 3}');
    await changed(world);
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, { b: 3 });
  });

  it('find by a look at all tasks what was edited after the end', async () => {
    const world = worldOf('succeeded');
    await changed(world);
    world.files.put('/1/metrics.json', '{"a": 1}');
    assert.deepEqual(await changed(world), []);
    assert.deepEqual(await changed(world, 'all'), [1]);
  });

  it('wait for what comes home later from a remote source', async () => {
    const world = worldOf('succeeded');
    world.isRemote = true;
    await changed(world);
    world.files.put('/1/metrics.json', '{"a": 1}');
    const seen = new Set<number>();
    for (let look = 0; look < 4; look++) for (const task of await changed(world)) seen.add(task);
    assert.deepEqual([...seen], [1]);
  });

  it('are looked at again when files came', async () => {
    const world = worldOf('succeeded', 'waiting');
    await changed(world);
    world.files.put('/1/metrics.json', '{"a": 1}');
    world.results.recheck([1, 2]);
    assert.deepEqual(await changed(world), [1]);
  });

  it('grow with the sweep', async () => {
    const world = worldOf('succeeded');
    world.files.put('/1/metrics.json', '{"a": 1}');
    await changed(world);
    world.states.push('succeeded');
    world.files.put('/2/metrics.json', '{"a": 2}');
    assert.deepEqual(await changed(world), [2]);
    assert.deepEqual([...world.results.table().tasks], [1, 2]);
    assert.deepEqual(rowAt(world.results.table(), 1).parameters, { lr: 0.2 });
  });

  it('are read anew under new rules', async () => {
    const world = worldOf('succeeded');
    world.files.put('/1/metrics.json', '{"a": 1}');
    world.files.put('/1/x.json', '{"b": 1}');
    await changed(world);
    await world.results.refresh('changed', { files: ['x.json'], patterns: [] });
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, { b: 1 });
  });

  it('tell what is wrong with a file', async () => {
    const world = worldOf('succeeded');
    world.files.put('/1/metrics.json', '{');
    await changed(world);
    assert.match(rowAt(world.results.table(), 0).problems?.join() ?? '', /metrics\.json is not JSON/u);
  });

  it('follow the output of a task that also writes tables without metrics, and keep it at the end', async () => {
    const world = worldOf('running');
    world.files.put('/1/predictions.csv', 'x,y\n1,2\n');
    world.files.put('/1/stdout.log', 'epoch 1 loss=0.5\n');
    await changed(world);
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, { epoch: 1, loss: 0.5 });
    world.files.put('/1/stdout.log', 'epoch 1 loss=0.5\nepoch 2 loss=0.4\n');
    assert.deepEqual(await changed(world), [1]);
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, { epoch: 2, loss: 0.4 });
    assert.deepEqual(await changed(world), []);
    world.states[0] = 'succeeded';
    world.files.put('/1/attempts.jsonl', '{"attempt":1,"exitCode":0}\n');
    await changed(world);
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, { epoch: 2, loss: 0.4 });
  });

  for (const isRemote of [false, true]) {
    it(`keep the columns of the output when final values come with the end of a task ${isRemote ? 'elsewhere' : 'here'}`, async () => {
      const world = worldOf('running');
      world.isRemote = isRemote;
      world.files.put('/1/stdout.log', 'epoch 1 loss=0.5\n');
      await changed(world);
      assert.deepEqual(rowAt(world.results.table(), 0).metrics, { epoch: 1, loss: 0.5 });
      world.states[0] = 'succeeded';
      world.files.put('/1/stdout.log', 'epoch 1 loss=0.5\nepoch 2 loss=0.4\n');
      await changed(world);
      world.files.put('/1/metrics.json', '{"acc": 0.9}');
      world.results.recheck([1]);
      await changed(world);
      assert.deepEqual(rowAt(world.results.table(), 0).metrics, { acc: 0.9, loss: 0.4 });
      assert.deepEqual(await changed(world), []);
    });
  }

  it('are those of other tasks where one cannot be read, and its own as soon as it can', async () => {
    const world = worldOf('succeeded', 'succeeded', 'succeeded');
    for (const task of [1, 2, 3]) world.files.put(`/${task}/metrics.json`, `{"acc": ${task}}`);
    world.files.unreadable.add('/2');
    world.files.unreadable.add('/3/metrics.json');
    await changed(world);
    const table = world.results.table();
    assert.deepEqual(rowAt(table, 0).metrics, { acc: 1 });
    assert.deepEqual(table.problems, [
      { task: 2, problems: ["Its files cannot be read: EACCES: permission denied, scandir '/2'"] },
      {
        task: 3,
        problems: ["metrics.json cannot be read: EACCES: permission denied, open '/3/metrics.json'"],
      },
    ]);
    world.files.unreadable.clear();
    const seen = new Set<number>();
    for (let look = 0; look < 4; look++) for (const task of await changed(world)) seen.add(task);
    assert.deepEqual([...seen].sort(), [2, 3]);
    assert.deepEqual(rowAt(world.results.table(), 1).metrics, { acc: 2 });
    assert.deepEqual(world.results.table().problems, []);
  });

  it('are not told to have changed as long as nothing about them can be read', async () => {
    const world = worldOf('succeeded');
    world.files.unreadable.add('/1');
    await changed(world);
    for (let look = 0; look < 5; look++) assert.deepEqual(await changed(world), []);
  });

  it('of an attempt that failed at once are not those of the one before', async () => {
    const world = worldOf('failed');
    world.files.put('/1/params.yaml', 'lr: 1');
    world.files.put('/1/metrics.json', '{"acc": 0.9}');
    await changed(world);
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, { acc: 0.9 });
    world.attempt = 2;
    world.files.put('/1/params.yaml', 'lr: 1');
    await changed(world);
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, {});
    world.attempt = 3;
    world.states[0] = 'succeeded';
    world.files.put('/1/params.yaml', 'lr: 1');
    world.files.put('/1/metrics.json', '{"acc": 0.8}');
    await changed(world);
    assert.deepEqual(rowAt(world.results.table(), 0).metrics, { acc: 0.8 });
  });

  it('hold no more texts than there are cells, however often a text changes', async () => {
    const tasks = 20;
    const world = worldOf(...Array.from({ length: tasks }, (): TaskState => 'running'));
    let page = world.results.table();
    for (let look = 0; look < 100; look++) {
      for (let task = 1; task <= tasks; task++)
        world.files.put(`/${task}/metrics.json`, JSON.stringify({ date: `${look} of ${task}`, done: 'no' }));
      const fresh = await changed(world);
      const patch = world.results.table(fresh.slice(0, 3));
      assert.deepEqual(
        patch.metrics.map(({ pool }) => pool.length),
        [3, 1],
      );
      page = mergeRows(page, world.results.table(fresh));
    }
    for (const table of [world.results.table(), page])
      assert.deepEqual(
        table.metrics.map(({ pool }) => pool.length),
        [tasks, 1],
      );
    assert.deepEqual(rowAt(page, 4).metrics, { date: '99 of 5', done: 'no' });
  });
});
