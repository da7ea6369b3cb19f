import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { FileTransfer } from '../../src/adapters/transfer/fileTransfer';
import type {
  Selection,
  TransferMethod,
  TransferProgress,
  TransferResult,
} from '../../src/adapters/transfer/transfer';
import type { StreamHost } from '../../src/adapters/host/streamHost';
import { HsmError } from '../../src/core/base/errors';
import { silentLogger } from '../../src/core/base/logger';
import { makeTempDir } from '../support/tempDir';

const { signal } = new AbortController();

/** Names that a shell, an option parser or a list of names on the way would take for something else. */
const NASTY_NAMES: readonly string[] = [
  'a b',
  "it's",
  '"quoted"',
  'back\\slash\\n',
  'line\nbreak',
  '-n',
  '--exclude=*',
  '#comment',
  ';semicolon',
  ' leading and trailing ',
  '*?[a-z]',
  '$HOME `id` $(id)',
  '~',
  '@list',
  'grüße 漢字 🜂',
  'a:b',
  '%s',
  '\u001b[31mred',
  `long ${'x'.repeat(200)}`,
  `${'deep/'.repeat(60)}file`,
];

/** The host of a contract, and by which method it is expected to work. */
export interface TransferFixture {
  readonly host: StreamHost;
  readonly method: TransferMethod;
}

/** What file transfer must do, whatever the host, by whatever method. This process sees the host's files. */
export function describeTransfer(name: string, open: () => Promise<TransferFixture>): void {
  describe(`${name}: file transfer`, function () {
    this.timeout(60_000);
    let dir: ReturnType<typeof makeTempDir>;
    let transfer: FileTransfer;
    let method: string;

    beforeEach(async () => {
      dir = makeTempDir();
      mkdirSync(there());
      const fixture = await open();
      method = fixture.method;
      transfer = new FileTransfer(fixture.host, { log: silentLogger, method: fixture.method });
    });
    afterEach(() => {
      dir.dispose();
    });

    const there = (path = '') => join(dir.path, 'there', path);
    const here = (path = '') => join(dir.path, 'here', path);
    const pull = (wanted: Selection = {}): Promise<TransferResult> =>
      transfer.pull(there(), here(), wanted, { signal });
    const push = (files: readonly string[], linkFrom?: string, to = there()): Promise<TransferResult> =>
      transfer.push(here(), files, { dir: to, ...(linkFrom !== undefined && { linkFrom }) }, { signal });

    it('brings files and empty directories whatever their names', async () => {
      for (const each of NASTY_NAMES) write(there(each), `content of ${each}`);
      write(there('empty file'), '');
      mkdirSync(there('empty/directory'), { recursive: true });
      const result = await pull();
      assert.deepEqual(result.skipped, []);
      assert.equal(result.method, method);
      assert.deepEqual(sorted(result.files), sorted([...NASTY_NAMES, 'empty file']));
      for (const each of NASTY_NAMES) assert.equal(read(here(each)), `content of ${each}`, each);
      assert.deepEqual(readdirSync(here('empty/directory')), []);
      assert.deepEqual(listAll(here()), listAll(there()));
      assert.deepEqual(readdirSync(dir.path).sort(), ['here', 'there'], 'nothing is left beside them');
    });

    it('lets nothing appear that is called off at the last moment, and has it the next time', async () => {
      for (const each of ['t/a', 't/b']) write(there(each), each);
      mkdirSync(here('t'), { recursive: true });
      const abort = new AbortController();
      const beforeAppearing = (): Promise<void> => {
        abort.abort(new Error('the task went on here'));
        return Promise.resolve();
      };
      const run = { signal: abort.signal, beforeAppearing };
      await assert.rejects(transfer.pull(there(), here(), {}, run), /went on here/);
      assert.deepEqual(listAll(here()), ['t']);
      assert.equal((await pull()).files.length, 2);
      assert.deepEqual(listAll(here()), ['t', 't/a', 't/b']);
    });

    it('sends files and empty directories whatever their names', async () => {
      for (const each of NASTY_NAMES) write(here(each), `content of ${each}`);
      mkdirSync(here('empty/directory'), { recursive: true });
      const result = await push([...NASTY_NAMES, 'empty/directory'], undefined, there('new/place'));
      assert.deepEqual(result.skipped, []);
      assert.deepEqual(sorted(result.files), sorted(NASTY_NAMES));
      for (const each of NASTY_NAMES)
        assert.equal(read(there(`new/place/${each}`)), `content of ${each}`, each);
      assert.deepEqual(readdirSync(there('new/place/empty/directory')), []);
    });

    it('brings only what changed the next time', async () => {
      for (const each of ['a', 'b/c', 'd']) write(there(each), each);
      assert.equal((await pull()).files.length, 3);
      write(there('b/c'), 'longer');
      write(there('new'), 'new');
      const result = await pull();
      assert.deepEqual(sorted(result.files), ['b/c', 'new']);
      assert.deepEqual(sorted(result.unchanged), ['a', 'd']);
      assert.equal(result.bytes, 'longernew'.length);
      assert.equal(read(here('b/c')), 'longer');
      assert.deepEqual((await pull()).files, []);
    });

    it('brings a directory that is new as a whole, and into one that is here what it lacks', async () => {
      for (const each of ['old/a', 'old/deep/b']) write(there(each), each);
      await pull();
      write(here('old/mine'), 'mine');
      for (const each of ['old/c', 'old/new/d', 'new/deep/e', 'new/f']) write(there(each), each);
      symlinkSync('f', there('new/link'));
      const result = await pull();
      assert.deepEqual(sorted(result.files), ['new/deep/e', 'new/f', 'old/c', 'old/new/d']);
      const all = ['new/deep/e', 'new/f', 'old/a', 'old/c', 'old/deep/b', 'old/mine', 'old/new/d'];
      assert.deepEqual(listFiles(here()), all);
      assert.equal(statSync(here('new/deep')).mode, statSync(there('new/deep')).mode);
      assert.deepEqual(readdirSync(dir.path).sort(), ['here', 'there'], 'nothing is left beside them');
    });

    it('brings what changed of a large file', async () => {
      const content = Buffer.alloc(3_000_000, 'content that differs ');
      write(there('large'), content);
      await pull();
      content.write('changed', 1_500_000);
      write(there('large'), Buffer.concat([content, Buffer.from('more')]));
      assert.deepEqual((await pull()).files, ['large']);
      assert.ok(readFileSync(here('large')).equals(readFileSync(there('large'))));
    });

    it('keeps the time of change, takes the right to execute away', async () => {
      write(there('tool'), '#!/bin/sh\n');
      chmodSync(there('tool'), 0o6755);
      utimesSync(there('tool'), 1_600_000_000, 1_600_000_000);
      await pull();
      const stat = statSync(here('tool'));
      assert.equal(stat.mtimeMs, 1_600_000_000_000);
      assert.equal(stat.mode & 0o7111, 0);
      assert.equal(stat.mode & 0o600, 0o600);
    });

    it('brings what matches, leaves what is excluded, and names what is too large', async () => {
      for (const each of ['metrics.csv', 'logs/train.log', 'logs/x.ckpt', 'deep/metrics.csv', 'large.csv'])
        write(there(each), each);
      write(there('large.csv'), 'x'.repeat(1001));
      const result = await pull({ include: ['*.csv', '/logs'], exclude: ['*.ckpt'], maxSize: 1000 });
      assert.deepEqual(sorted(result.files), ['deep/metrics.csv', 'logs/train.log', 'metrics.csv']);
      assert.deepEqual(listFiles(here()), ['deep/metrics.csv', 'logs/train.log', 'metrics.csv']);
      assert.deepEqual(result.skipped.map(({ path, reason }) => [path, reason]).sort(), [
        ['large.csv', 'size'],
        ['logs/x.ckpt', 'unwanted'],
      ]);
    });

    it('brings only the files and directories that are named', async () => {
      for (const each of ['task_1/a', 'task_1/b/c', 'task_2/a', '-x/y']) write(there(each), each);
      const result = await pull({ files: ['task_1', '-x/y', 'gone'] });
      assert.deepEqual(sorted(result.files), ['-x/y', 'task_1/a', 'task_1/b/c']);
      assert.deepEqual(listFiles(here()), ['-x/y', 'task_1/a', 'task_1/b/c']);
      assert.deepEqual(result.skipped, []);
    });

    it('finds nothing in a directory that is not there', async () => {
      const result = await transfer.pull(there('nowhere'), here(), {}, { signal });
      assert.deepEqual([result.files, result.skipped], [[], []]);
    });

    it('makes neither links nor pipes nor devices of those there, and says so', async () => {
      write(join(dir.path, 'secret'), 'secret');
      symlinkSync('../secret', there('link to file'));
      symlinkSync('/etc', there('link to directory'));
      symlinkSync('/nowhere', there('dangling'));
      execFileSync('mkfifo', [there('pipe')]);
      write(there('file'), 'plain');
      const result = await pull();
      assert.deepEqual(listAll(here()), ['file']);
      assert.deepEqual(sorted(result.skipped.map(({ path, reason }) => `${reason} ${path}`)), [
        'kind dangling',
        'kind link to directory',
        'kind link to file',
        'kind pipe',
      ]);
    });

    it('makes the links that lead to what is below the same top directory, when they are wanted', async () => {
      for (const each of ['task/epoch3.ckpt', 'task/run-1/log']) write(there(each), each);
      mkdirSync(there('task/sub dir'));
      symlinkSync('epoch3.ckpt', there('task/best.ckpt'));
      symlinkSync('run-1', there('task/latest run'));
      symlinkSync('../epoch3.ckpt', there('task/sub dir/up'));
      symlinkSync('not/there', there('task/dangling'));
      symlinkSync('../epoch3.ckpt', there('task/out'));
      symlinkSync('latest run/../../../secret', there('task/winding'));
      symlinkSync('/etc', there('task/absolute'));
      symlinkSync('task', there('top'));
      const result = await pull({ keepLinks: true });
      assert.equal(read(here('task/best.ckpt')), 'task/epoch3.ckpt');
      assert.equal(read(here('task/latest run/log')), 'task/run-1/log');
      assert.equal(readlinkSync(here('task/sub dir/up')), '../epoch3.ckpt');
      assert.equal(readlinkSync(here('task/dangling')), 'not/there');
      assert.deepEqual(sorted(result.skipped.map(({ path, detail }) => `${path} ${detail}`)), [
        'task/absolute is a symbolic link to /etc',
        'task/out is a symbolic link to ../epoch3.ckpt',
        'task/winding is a symbolic link to latest run/../../../secret',
        'top is a symbolic link to task',
      ]);
      for (const { path } of result.skipped)
        assert.equal(lstatSync(here(path), { throwIfNoEntry: false }), undefined, path);
    });

    it('lets a link lead elsewhere when it does there, and puts nothing in the place of a directory', async () => {
      for (const each of ['t/a', 't/b']) write(there(each), each);
      symlinkSync('a', there('t/best'));
      symlinkSync('a', there('t/busy'));
      mkdirSync(here('t/busy'), { recursive: true });
      const first = await pull({ keepLinks: true });
      assert.deepEqual(
        first.skipped.map(({ path, reason }) => `${reason} ${path}`),
        ['place t/busy'],
      );
      unlinkSync(there('t/best'));
      symlinkSync('b', there('t/best'));
      await pull({ keepLinks: true });
      assert.equal(readlinkSync(here('t/best')), 'b');
      unlinkSync(there('t/best'));
      write(there('t/best'), 'a file now');
      await pull({ keepLinks: true });
      assert.equal(lstatSync(here('t/best')).isFile(), true);
      assert.equal(read(here('t/a')), 't/a');
      assert.deepEqual(listAll(here()), ['t', 't/a', 't/b', 't/best', 't/busy']);
    });

    it('makes files of their own of two names for one file', async () => {
      write(there('first'), 'one content');
      linkSync(there('first'), there('second'));
      const result = await pull();
      assert.deepEqual(result.skipped, []);
      assert.deepEqual([read(here('first')), read(here('second'))], ['one content', 'one content']);
      assert.equal(lstatSync(here('first')).nlink, 1);
    });

    it('follows no link that stands here in the way', async () => {
      mkdirSync(here(), { recursive: true });
      const outside = join(dir.path, 'outside');
      write(join(outside, 'victim'), 'mine');
      symlinkSync(outside, here('dir'));
      symlinkSync(join(outside, 'victim'), here('file'));
      mkdirSync(here('busy'));
      for (const each of ['dir/victim', 'dir/new', 'file', 'busy', 'fine']) write(there(each), 'theirs');
      const result = await pull();
      assert.deepEqual(listAll(outside), ['victim']);
      assert.equal(read(join(outside, 'victim')), 'mine');
      assert.deepEqual(sorted(result.files), ['file', 'fine']);
      assert.equal(lstatSync(here('file')).isSymbolicLink(), false);
      const places = result.skipped.map(({ path, reason }) => `${reason} ${path}`);
      assert.deepEqual(sorted(places), ['place busy', 'place dir/new', 'place dir/victim']);
    });

    it('names files whose names are no text', async () => {
      writeFileSync(Buffer.concat([Buffer.from(there('bad ')), Buffer.from([0xff, 0xfe])]), 'x');
      write(there('good'), 'x');
      const result = await pull();
      assert.deepEqual(result.files, ['good']);
      assert.deepEqual(
        result.skipped.map(({ path, reason }) => [path, reason]),
        [['bad \ufffd\ufffd', 'name']],
      );
    });

    it('tells how far it is', async () => {
      const content = Buffer.alloc(3_000_000, 'content that differs ');
      write(there('large'), content);
      const reports: TransferProgress[] = [];
      const onProgress = (progress: TransferProgress) => {
        reports.push(progress);
      };
      await transfer.pull(there(), here(), {}, { signal, onProgress });
      const last = reports.at(-1);
      assert.ok(last && last.bytes >= content.length && last.bytesPerSecond > 0, JSON.stringify(last));
      assert.deepEqual([last.totalBytes, last.totalFiles], [content.length, 1]);
    });

    it('sends with the right to execute, links as links, and only what changed', async () => {
      write(here('run.sh'), '#!/bin/sh\n');
      chmodSync(here('run.sh'), 0o755);
      symlinkSync('run.sh', here('link'));
      write(here('data'), 'data');
      const files = ['run.sh', 'link', 'data', 'gone'];
      const first = await push(files);
      assert.deepEqual(
        first.skipped.map(({ path }) => path),
        ['gone'],
      );
      assert.equal(statSync(there('run.sh')).mode & 0o777, 0o755);
      assert.equal(readlinkSync(there('link')), 'run.sh');
      write(here('data'), 'other data');
      const second = await push(files);
      assert.equal(read(there('data')), 'other data');
      assert.ok(second.files.includes('data') && !second.files.includes('run.sh'));
      assert.ok(second.unchanged.includes('run.sh'));
    });

    it('links what is unchanged to an earlier copy, which stays as it was', async () => {
      const files = ['a', 'b/c d', "b/it's", 'e/f'];
      for (const each of files) write(here(each), each);
      await push(files, undefined, there('first'));
      write(here('a'), 'changed');
      const result = await push(files, there('first'), there('second'));
      assert.deepEqual(result.files, ['a']);
      for (const each of files.slice(1))
        assert.equal(statSync(there(`second/${each}`)).ino, statSync(there(`first/${each}`)).ino, each);
      assert.equal(read(there('second/a')), 'changed');
      assert.equal(read(there('first/a')), 'a');
      write(here('e/f'), 'later');
      await push(files, undefined, there('second'));
      assert.equal(read(there('first/e/f')), 'e/f');
    });

    it('sends nothing from outside of the directory', async () => {
      write(join(dir.path, 'secret'), 'secret');
      for (const path of ['../secret', '/etc/passwd', 'a/../../secret', '.', ''])
        await assert.rejects(push([path]), (error) => HsmError.is(error, 'input.invalid'), path);
      assert.deepEqual(listAll(there()), []);
    });

    it('finds every file that is not the same on both sides', async () => {
      for (const each of [...NASTY_NAMES, 'same', 'size', 'content', 'gone here', 'link here', 'empty'])
        write(there(each), each === 'empty' ? '' : `content of ${each}`);
      await pull();
      assert.deepEqual(await transfer.verify(there(), here(), listFiles(there()), signal), []);
      write(here('size'), 'short');
      write(here('content'), 'content of CONTENT');
      unlinkSync(here('gone here'));
      unlinkSync(here('link here'));
      symlinkSync('same', here('link here'));
      write(here('gone there'), 'x');
      const files = [...listFiles(there()), 'gone there'];
      const found = await transfer.verify(there(), here(), files, signal);
      assert.deepEqual(found.map(({ path, kind }) => `${path}: ${kind}`).sort(), [
        'content: content',
        'gone here: missing here',
        'gone there: missing there',
        'link here: missing here',
        'size: size',
      ]);
    });

    it('brings a file again that only its content tells apart', async () => {
      write(there('metrics'), 'true');
      await pull();
      write(here('metrics'), 'fake');
      const { mtime } = statSync(there('metrics'));
      utimesSync(here('metrics'), mtime, mtime);
      assert.deepEqual((await pull()).files, []);
      const [difference] = await transfer.verify(there(), here(), ['metrics'], signal);
      assert.deepEqual(difference, { path: 'metrics', kind: 'content' });
      assert.deepEqual((await pull({ files: ['metrics'], evenIfUnchanged: true })).files, ['metrics']);
      assert.equal(read(here('metrics')), 'true');
    });

    it('can be stopped at any moment, and goes on from there', async () => {
      const names = Array.from({ length: 300 }, (_, index) => `d${index % 7}/file ${index}`);
      for (const each of names) write(there(each), each.repeat(50));
      write(there('large'), Buffer.alloc(8_000_000, 'large'));
      for (const waitMs of [1, 20, 60, 120, 200]) {
        const reason = new Error('stopped by the test');
        const controller = new AbortController();
        const timer = setTimeout(() => {
          controller.abort(reason);
        }, waitMs);
        const run = { signal: controller.signal };
        await transfer.pull(there(), here(), {}, run).catch((error: unknown) => {
          assert.equal(error, reason);
        });
        clearTimeout(timer);
        if (existsSync(here()))
          for (const each of listFiles(here())) assert.equal(read(here(each)), read(there(each)));
      }
      await pull();
      assert.deepEqual(await transfer.verify(there(), here(), [...names, 'large'], signal), []);
      assert.deepEqual(readdirSync(dir.path).sort(), ['here', 'there'], 'nothing is left beside them');
    });
  });
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}

/** Everything below a directory, directories without a slash. */
function listAll(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
}

function listFiles(dir: string): string[] {
  return listAll(dir).filter((path) => lstatSync(join(dir, path)).isFile());
}
