import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectDir } from '../../support/project';
import { waitUntil } from '../../support/waitUntil';
import type { SweepStatus } from '../../support/hsm/sweepStatus';
import { shareSweepProject, type SweepProject } from './sweepProject';

describe('what hsm tells', function () {
  this.timeout(60_000);
  let project: SweepProject;

  shareSweepProject((made) => {
    project = made;
  });
  before(async () => {
    await project.hsm('run', project.writeCodes([0, 3]));
  });

  it('of a sweep by its id, the beginning of it, its directory, or last', async () => {
    const { sweepId, sweepDir } = await project.status();
    for (const name of [sweepId, sweepId.slice(0, -2), sweepDir, `outputs/${sweepId}`, 'last']) {
      assert.equal((await project.status(name)).sweepId, sweepId, name);
    }
  });

  it('of a sweep that there is not, is the nearest id, with code 2', async () => {
    const { sweepId } = await project.status();
    const { code, stderr } = await project.hsm('status', 'swep_1');
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`no sweep "swep_1".\nThe nearest: ${sweepId}`));
  });

  it('of the project from a folder inside it, and with --project from anywhere', async () => {
    mkdirSync(join(project.dir, 'a/b'), { recursive: true });
    const { sweepId } = await project.status();
    for (const [cwd, args] of [
      [join(project.dir, 'a/b'), ['status']],
      [projectDir, ['status', '--project', project.dir]],
      [projectDir, ['status', join(project.dir, 'outputs', sweepId)]],
    ] as const) {
      const { stdout } = await run(args, cwd);
      assert.match(stdout, new RegExp(sweepId), `${args.join(' ')} in ${cwd}`);
    }
  });

  it('of all sweeps is one line each, or an array', async () => {
    const { stdout } = await project.hsm('status');
    assert.match(
      stdout,
      /^SWEEP +STATE +ENDED +FAILED +STARTED +FILE\nsweep_\d+_\d+ +failed +2\/2 +1 +\d\d:\d\d +sweeps\/codes\.yaml\n$/,
    );
    const all = JSON.parse((await project.hsm('status', '--json')).stdout) as SweepStatus[];
    assert.deepEqual(
      all.map(({ state, total, succeeded, failed }) => [state, total, succeeded, failed]),
      [['failed', 2, 1, 1]],
    );
  });

  it('of the tasks of a sweep has their evidence', async () => {
    const { tasks } = await project.status();
    const [first, second] = tasks;
    assert.deepEqual(
      [first?.state, first?.exitCode, second?.state, second?.exitCode, second?.reason],
      ['succeeded', 0, 'failed', 3, 'exit code 3'],
    );
  });

  it('of failures is their causes, or one in full', async () => {
    const groups = JSON.parse((await project.hsm('errors', 'last', '--json')).stdout) as {
      tasks: number[];
      count: number;
    }[];
    assert.deepEqual(
      groups.map(({ tasks, count }) => [tasks, count]),
      [[[2], 1]],
    );
    const { stdout } = await project.hsm('errors', 'last', '2');
    assert.match(stdout, /trouble of 2/);
    assert.match(stdout, /command: .*task\.sh/);
    const { code, stderr } = await project.hsm('errors', 'last', '1');
    assert.equal(code, 2);
    assert.match(stderr, /has not failed/);
  });

  it('of results is a table, CSV or JSON', async () => {
    const { stdout } = await project.hsm('results', 'last');
    assert.match(stdout, /^TASK {2}STATE {6}code {2}score\n {3}1 {2}succeeded {5}0 {6}1\n/);
    const csv = await project.hsm('results', 'last', '--csv');
    assert.equal(csv.stdout, 'task,state,code,score\r\n1,succeeded,0,1\r\n2,failed,3,2\r\n');
    const json = JSON.parse((await project.hsm('results', 'last', '--json')).stdout) as unknown[];
    assert.deepEqual(json[0], {
      number: 1,
      state: 'succeeded',
      parameters: { code: 0 },
      metrics: { score: 1 },
    });
  });

  it('of a task is what it wrote', async () => {
    assert.equal((await project.hsm('logs', 'last', '1')).stdout, 'output of 1\n');
    assert.equal((await project.hsm('logs', 'last', 'task_0002', '--stderr')).stdout, 'trouble of 2\n');
    assert.equal((await project.hsm('logs', 'last', '3')).code, 2);
  });

  it('of compute sources is what is configured, and what a test finds', async () => {
    const list = JSON.parse((await project.hsm('sources', '--json')).stdout) as unknown[];
    assert.deepEqual(list, [
      { name: 'local', type: 'local', state: 'unknown', slots: 2, active: 0, problems: [] },
    ]);
    const { code, stdout } = await project.hsm('sources', 'test', 'local', '--json');
    const tested = JSON.parse(stdout) as { state: string; disk: { freeBytes: number } };
    assert.notEqual(tested.state, 'unhealthy');
    assert.ok(tested.disk.freeBytes > 0);
    assert.equal(code, 0);
    assert.equal((await project.hsm('sources', 'test', 'gpubox')).code, 2);
  });

  it('of what is collected is an array per source', async () => {
    const { code, stdout } = await project.hsm('collect', 'last', '--json');
    assert.equal(code, 0);
    const [report] = JSON.parse(stdout) as { source: string; collected: number[] }[];
    assert.deepEqual([report?.source, report?.collected], ['local', [1, 2]]);
  });

  it('of a wrong call is how it is meant, with code 2', async () => {
    const { code, stderr } = await project.hsm('satus');
    assert.equal(code, 2);
    assert.match(stderr, /Did you mean status/);
  });

  async function run(args: readonly string[], cwd: string): Promise<{ stdout: string }> {
    const child = spawn(process.execPath, [join(projectDir, 'dist/cli.js'), ...args], { cwd });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await once(child, 'close');
    return { stdout };
  }
});

describe('what hsm tells of sweep files', function () {
  this.timeout(60_000);
  let project: SweepProject;

  shareSweepProject((made) => {
    project = made;
  });

  it('is their tasks, one JSON object per line', async () => {
    const { code, stdout } = await project.hsm('expand', project.writeCodes([0, 3]), '--json');
    assert.equal(code, 0);
    const [first] = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(Object.keys(first ?? {}), ['number', 'name', 'parameters', 'arguments', 'argv']);
    assert.deepEqual(
      [first?.['number'], first?.['name'], first?.['parameters']],
      [1, 'task_0001', { code: 0 }],
    );
  });

  it('is the count of ten million combinations at once, and the first of them', async () => {
    const axis = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';
    const axes = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}: ${axis}`).join(', ');
    const file = project.write('sweeps/big.yaml', `script: task.sh\nsweep: { grid: { ${axes} } }\n`);
    const startMs = performance.now();
    assert.equal((await project.hsm('expand', file, '--count')).stdout, '10000000\n');
    assert.equal((await project.hsm('expand', file, '--limit', '2')).stdout.split('\n').length, 3);
    assert.ok(performance.now() - startMs < 5_000, `${performance.now() - startMs} ms`);
  });

  it('ends without a word when nobody reads any more', async () => {
    const expand = project.start('expand', 'sweeps/big.yaml');
    await waitUntil('it writes', () => expand.stdout.length > 0);
    expand.stopReading();
    const { code, stderr } = await expand.result();
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('is what is wrong with them, with places, and code 2', async () => {
    const file = project.write('sweeps/bad.yaml', 'script: task.sh\nsweep:\n  grid:\n    code: 0\n');
    const { code, stdout, stderr } = await project.hsm('check', file);
    assert.equal(code, 2);
    assert.match(stdout, /^sweeps\/bad\.yaml:4:11: error: .*\n {2}hint: /);
    assert.match(stderr, /^1 error in 1 file\.$/m);
    const json = JSON.parse((await project.hsm('check', file, '--json')).stdout) as Record<string, unknown>[];
    const { hint, message, ...place } = json[0] ?? {};
    assert.deepEqual(place, {
      file: join(project.dir, file),
      line: 4,
      column: 11,
      severity: 'error',
      code: 'not-a-list',
    });
    assert.equal(typeof hint, 'string');
    assert.equal(typeof message, 'string');
  });

  it('is checked together with the configuration when none is named', async () => {
    project.write('.hsm/config.yaml', 'sources: { here: { type: lokal } }\n');
    const { code, stdout } = await project.hsm('check', '--json');
    assert.equal(code, 2);
    const files = (JSON.parse(stdout) as { file: string }[]).map(({ file }) => basename(file));
    assert.ok(files.includes('config.yaml') && files.includes('bad.yaml'), files.join(', '));
  });

  it('is that a file cannot be read', async () => {
    const { code, stdout } = await project.hsm('check', 'sweeps/none.yaml');
    assert.equal(code, 2);
    assert.match(stdout, /sweeps\/none\.yaml:1:1: error: The file cannot be read: ENOENT/);
  });
});

describe('the log of a task that runs', function () {
  this.timeout(60_000);
  let project: SweepProject;

  shareSweepProject((made) => {
    project = made;
  });

  it('is followed to its end, also when nobody drives the sweep', async () => {
    await project.hsm('run', project.writeGated(3), '--detach');
    const log = project.start('logs', 'last', '1', '--follow');
    const later = project.start('logs', 'last', '3', '--follow', '--stderr');
    await waitUntil('the first line is shown', () => log.stdout === 'output of 1\n');
    assert.ok(log.isRunning);
    project.open();
    assert.deepEqual([(await log.result()).code, (await later.result()).code], [0, 0]);
    assert.equal(later.stdout, 'trouble of 3\n');
  });
});
