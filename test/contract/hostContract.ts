import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync, statSync } from 'node:fs';
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
