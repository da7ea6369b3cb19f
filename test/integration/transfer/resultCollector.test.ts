import { strict as assert } from 'node:assert';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalHost } from '../../../src/adapters/host/localHost';
import { RemoteResultCollector } from '../../../src/adapters/remote/remoteResultCollector';
import { FileTransfer } from '../../../src/adapters/transfer/fileTransfer';
import { silentLogger } from '../../../src/core/base/logger';
import type { CollectionReport } from '../../../src/core/compute/computeSource';
import type { CollectRules } from '../../../src/core/project/sourceConfig';
import { findCommand, rsync, skipUnless } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';

const { signal } = new AbortController();
const tasks = new Map([
  [1, 'task_0001'],
  [2, 'task_0002'],
]);

for (const method of ['rsync', 'tar'] as const) describeCollector(method);

function describeCollector(method: 'rsync' | 'tar'): void {
  describe(`the results that come by ${method}`, function () {
    this.timeout(60_000);
    let dir: ReturnType<typeof makeTempDir>;

    before(function () {
      skipUnless(this, rsync);
    });
    beforeEach(() => {
      dir = makeTempDir();
      for (const name of tasks.values()) write(there(`${name}/metrics.json`), `{"loss": "${name}"}`);
    });
    afterEach(() => {
      dir.dispose();
    });

    const there = (path = '') => join(dir.path, 'there', path);
    const here = (path = '') => join(dir.path, 'here', path);

    function collect(
      programs = process.env['PATH'],
      rules: CollectRules = {},
      wanted: ReadonlyMap<number, string> = tasks,
    ): Promise<CollectionReport> {
      const host = new LocalHost({ PATH: programs });
      const transfer = new FileTransfer(host, { log: silentLogger, method });
      return new RemoteResultCollector({
        source: 'box',
        transfer,
        host,
        log: silentLogger,
        remoteTasksDir: there(),
        localTasksDir: here(),
        rules,
      }).collect(wanted, signal);
    }

    /** A `find` that cannot read one directory, as on a broken disk: root may read everything else. */
    function brokenFind(complaint: string): string {
      const programs = join(dir.path, 'programs');
      mkdirSync(programs, { recursive: true });
      const script = `#!/bin/sh\n${findCommand('find') ?? 'find'} "$@" || exit\ncase "$*" in */task_000*|.*) ;; *) exit 0 ;; esac\nprintf '%s\\n' "${complaint}" >&2\nexit 1\n`;
      write(join(programs, 'find'), script);
      chmodSync(join(programs, 'find'), 0o755);
      return `${programs}:${process.env['PATH'] ?? ''}`;
    }

    it('are repaired where the same size and time hide another content', async () => {
      await collect();
      write(here('task_0002/metrics.json'), '{"loss": "task_XXXX"}');
      const { mtime } = statSync(there('task_0002/metrics.json'));
      utimesSync(here('task_0002/metrics.json'), mtime, mtime);
      const report = await collect();
      assert.deepEqual([report.collected, report.failed, report.errors], [[1, 2], [], []]);
      assert.equal(readFileSync(here('task_0002/metrics.json'), 'utf8'), '{"loss": "task_0002"}');
    });

    it('are not said to be all there is where a directory could not be read', async () => {
      const report = await collect(brokenFind("find: './task_0002/deep': Input/output error"));
      assert.deepEqual([report.collected, report.failed], [[1], [2]]);
      assert.match(report.errors.join(), /task_0002.*Input\/output error/);
      assert.deepEqual([report.failure?.source, report.failure?.fault], ['box', 'unreadable']);
    });

    it('are none of them sure where nobody knows what could not be read', async () => {
      const report = await collect(brokenFind('find: something went wrong'));
      assert.deepEqual([report.collected, report.failed], [[], [1, 2]]);
      assert.match(report.errors.join(), /something went wrong/);
    });

    it('say what the configuration leaves there, and how large it is', async () => {
      write(there('task_0001/deep/model.ckpt'), 'x'.repeat(300));
      write(there('task_0002/data.bin'), 'x'.repeat(2000));
      for (const name of ['task_0003/a.ckpt', 'task_0003/b.ckpt']) write(there(name), 'x');
      const all = new Map([...tasks, [3, 'task_0003']]);
      const report = await collect(undefined, { exclude: ['*.ckpt'], maxBytes: 1000 }, all);
      assert.deepEqual([report.collected, report.failed], [[1, 2, 3], []]);
      const reason = 'is excluded';
      assert.deepEqual(report.leftOut, [
        { task: 2, path: 'data.bin', reason: 'has 2000 bytes, more than the 1000 allowed', bytes: 2000 },
        { task: 1, path: 'deep/model.ckpt', reason, bytes: 300, isByChoice: true },
        { task: 3, path: 'a.ckpt', reason, bytes: 1, isByChoice: true },
        { task: 3, path: 'b.ckpt', reason, bytes: 1, isByChoice: true },
      ]);
      assert.deepEqual(report.leftOutTotal, { files: 4, bytes: 2302 });
      assert.equal(existsSync(here('task_0001/deep/model.ckpt')), false);
    });

    it('are what is left of a task whose other one is gone', async () => {
      rmSync(there('task_0002'), { recursive: true });
      const report = await collect();
      assert.deepEqual([report.collected, report.failed], [[1], [2]]);
      assert.match(report.errors.join(), /nothing of task_0002 is there any more/);
      assert.equal(report.failure?.fault, 'gone');
    });
  });
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
