import { strict as assert } from 'node:assert';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../src/core/compute/host';
import { makeTempDir } from '../support/tempDir';

const signal = new AbortController().signal;

/** Arguments that a shell on the way, or careless quoting, would change. */
export const NASTY_WORDS: readonly string[] = [
  '',
  ' ',
  'a b',
  "it's",
  '"',
  '\\',
  '\\n',
  '$HOME `id` $(id)',
  'line\nbreak\n',
  '\t',
  '-n',
  '--',
  '*',
  '?[a-z]',
  '~',
  '#',
  '!',
  ';&|<>(){}',
  'é ß 漢字 🜂',
  '\u0081\u0088',
  'a=b',
  '%s',
  '\r',
  "'''",
];

/** What every host must do. `dir` of the fixture is an empty directory there that this process can look into. */
export function describeHost(name: string, open: () => Host): void {
  describe(`${name} as a host`, () => {
    let host: Host;
    let dir: ReturnType<typeof makeTempDir>;

    beforeEach(() => {
      host = open();
      dir = makeTempDir();
    });

    afterEach(() => {
      dir.dispose();
    });

    it('gives a program exactly the arguments that it was told', async () => {
      const print = 'for word do printf "<%s>" "$word"; done';
      const result = await host.run(['sh', '-c', print, 'x', ...NASTY_WORDS], signal);
      assert.equal(result.stdout, NASTY_WORDS.map((word) => `<${word}>`).join(''));
    });

    it('gives a program its input, then the end of it', async () => {
      const stdin = 'häh\n'.repeat(50_000);
      assert.equal((await host.run(['cat'], signal, { stdin })).stdout, stdin);
      assert.equal((await host.run(['cat'], signal)).stdout, '');
    });

    it('tells output, errors and exit code apart', async () => {
      const result = await host.run(['sh', '-c', 'echo out; echo err >&2; exit 3'], signal);
      assert.deepEqual(result, { stdout: 'out\n', stderr: 'err\n', exitCode: 3 });
    });

    it('tells that a signal ended a program', async () => {
      assert.equal((await host.run(['sh', '-c', 'kill -9 $$'], signal)).exitCode, undefined);
    });

    it('does not mind a program that ignores its input', async () => {
      const result = await host.run(['true'], signal, { stdin: 'x'.repeat(1_000_000) });
      assert.equal(result.exitCode, 0);
    });

    it('rejects when a program does not end in time', async () => {
      await assert.rejects(
        host.run(['sleep', '60'], signal, { timeoutMs: 50 }),
        /sleep 60 did not end within 50 ms/,
      );
    });

    it('rejects when the caller gives up', async () => {
      const giveUp = new AbortController();
      const running = host.run(['sleep', '60'], giveUp.signal);
      giveUp.abort();
      await assert.rejects(running, { name: 'AbortError' });
      await assert.rejects(host.run(['true'], giveUp.signal), { name: 'AbortError' });
    });

    it('rejects when there is no such program', async () => {
      await assert.rejects(host.run(['no-such-program'], signal), /no-such-program/);
    });

    it('ends a program that prints more than anybody keeps, and rejects', async () => {
      const many = host.run(['sh', '-c', 'while :; do echo many words; done'], signal, {
        maxOutputBytes: 100_000,
      });
      await assert.rejects(many, /printed more than 100000 bytes/);
      assert.equal((await host.run(['echo', 'on'], signal)).stdout, 'on\n');
    });

    it('keeps the last of many messages', async () => {
      const script =
        'i=0; while [ $i -lt 30 ]; do printf "%100000d\\n" $i >&2; i=$((i+1)); done; echo last words >&2';
      const { stderr, exitCode } = await host.run(['sh', '-c', script], signal);
      assert.equal(exitCode, 0);
      assert.match(stderr, /last words\n$/);
      assert.ok(stderr.length <= 2 * 1024 * 1024, `${stderr.length} characters`);
    });

    it('reads a file from an offset in bytes to its end', async () => {
      const path = join(dir.path, 'log');
      await host.writeFile(path, 'größe\n', signal);
      assert.deepEqual(await host.readFrom(path, 0, signal), { text: 'größe\n', end: 8 });
      assert.deepEqual(await host.readFrom(path, 6, signal), { text: 'e\n', end: 8 });
      assert.deepEqual(await host.readFrom(path, 8, signal), { text: '', end: 8 });
    });

    it('reads nothing past the end, and tells where the end is', async () => {
      const path = join(dir.path, 'log');
      await host.writeFile(path, 'short', signal);
      assert.deepEqual(await host.readFrom(path, 100, signal), { text: '', end: 5 });
      assert.deepEqual(await host.readFrom(join(dir.path, 'absent'), 7, signal), { text: '', end: 0 });
    });

    it('reads a piece of a file, from its beginning or its end, and never half a character', async () => {
      const path = join(dir.path, 'log');
      await host.writeFile(path, 'größe\nÄ', signal);
      const piece = (offset: number, limit: number) => host.readRange(path, { offset, limit }, signal);
      assert.deepEqual(await piece(0, 3), { text: 'gr', next: 2, end: 10 });
      assert.deepEqual(await piece(2, 4), { text: 'öß', next: 6, end: 10 });
      assert.deepEqual(await piece(-3, 100), { text: '\nÄ', next: 10, end: 10 });
      assert.deepEqual(await piece(-100, 1), { text: 'g', next: 1, end: 10 });
      assert.deepEqual(await piece(99, 5), { text: '', next: 10, end: 10 });
      const absent = await host.readRange(join(dir.path, 'absent'), { offset: -5, limit: 5 }, signal);
      assert.deepEqual(absent, { text: '', next: 0, end: 0 });
    });

    it('rejects reading what is no file', async () => {
      await assert.rejects(host.readFrom(dir.path, 0, signal));
      await assert.rejects(host.readRange(dir.path, { offset: 0, limit: 5 }, signal));
    });

    for (const [kind, length] of [
      ['small', 10],
      ['big', 400_000],
    ] as const) {
      it(`writes several ${kind} files at once, with any content and name`, async () => {
        const names = ['plain', "it's", '-n', 'with space', '$HOME `id`', 'ä', '!x', 'line\nbreak'];
        const files = names.map((name, index) => ({
          path: join(dir.path, name),
          content: `${NASTY_WORDS.join('\n')}${String(index).repeat(length)}`,
          ...(index === 2 ? { mode: 0o600 } : {}),
        }));
        await host.writeFiles([...files, { path: join(dir.path, 'empty'), content: '' }], signal);
        assert.deepEqual(readdirSync(dir.path).sort(), [...names, 'empty'].sort());
        for (const { path, content } of files) assert.equal(readFileSync(path, 'utf8'), content);
        assert.equal(statSync(join(dir.path, '-n')).mode & 0o777, 0o600);
        assert.equal(readFileSync(join(dir.path, 'empty'), 'utf8'), '');
      });
    }

    it('writes the last of several files after the others, and none of them over a directory', async () => {
      mkdirSync(join(dir.path, 'taken'));
      const writing = host.writeFiles(
        [
          { path: join(dir.path, 'taken'), content: 'first' },
          { path: join(dir.path, 'last'), content: 'last' },
        ],
        signal,
      );
      await assert.rejects(writing, /taken/);
      assert.deepEqual(readdirSync(dir.path), ['taken']);
      assert.deepEqual(readdirSync(join(dir.path, 'taken')), []);
    });

    it('replaces a file in one step, leaving nothing else behind', async () => {
      const path = join(dir.path, 'file');
      const versions = ['a'.repeat(100_000), 'b'.repeat(100_000)];
      await host.writeFile(path, versions[0] ?? '', signal);
      const readings = Array.from({ length: 20 }, async (_, index) => {
        await host.writeFile(path, versions[index % 2] ?? '', signal);
        return host.readFrom(path, 0, signal);
      });
      for (const { text } of await Promise.all(readings)) {
        assert.ok(versions.includes(text), `${text.length} bytes, ${new Set(text).size} kinds`);
      }
      assert.deepEqual(readdirSync(dir.path), ['file']);
    });

    it('writes a file with a mode', async () => {
      const path = join(dir.path, 'program');
      await host.writeFile(path, '#!/bin/sh\necho hello\n', signal, 0o700);
      assert.equal(statSync(path).mode & 0o777, 0o700);
      assert.equal((await host.run([path], signal)).stdout, 'hello\n');
    });

    it('rejects a write that cannot be made, and keeps what was there', async () => {
      await assert.rejects(host.writeFile(join(dir.path, 'absent', 'file'), 'text', signal));
      const path = join(dir.path, 'file');
      await host.writeFile(path, 'old', signal);
      await assert.rejects(host.writeFile(path, 'new', AbortSignal.abort()));
      assert.equal(readFileSync(path, 'utf8'), 'old');
    });

    it('makes directories with their parents, as often as asked', async () => {
      const paths = [join(dir.path, 'a', 'b'), join(dir.path, 'c')];
      await host.makeDirs(paths, signal);
      await host.makeDirs(paths, signal);
      for (const path of paths) assert.ok(statSync(path).isDirectory());
    });
  });
}
