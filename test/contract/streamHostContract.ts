import { strict as assert } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { HostProcess, ProcessEnd, StreamHost } from '../../src/adapters/host/streamHost';
import { waitUntil } from '../support/waitUntil';
import { NASTY_WORDS } from './hostContract';

const signal = new AbortController().signal;

/**
 * What every host that streams must do.
 *
 * @param killed - what it tells of a program that SIGKILL ended
 */
export function describeStreamHost(
  name: string,
  open: () => StreamHost,
  killed: ProcessEnd = { kind: 'signalled', signal: 'SIGKILL' },
): void {
  describe(`${name} as a host that streams`, () => {
    let host: StreamHost;

    beforeEach(() => {
      host = open();
    });

    it('gives a program exactly the arguments that it was told', async () => {
      const print = 'for word do printf "<%s>" "$word"; done';
      const program = await host.start(['sh', '-c', print, 'x', ...NASTY_WORDS], signal);
      program.stdin.end();
      program.stderr.resume();
      assert.equal(await text(program.stdout), NASTY_WORDS.map((word) => `<${word}>`).join(''));
    });

    it('takes more arguments than fit on a line, and input after them', async () => {
      const words = Array.from({ length: 4_000 }, (_, index) => `it's number ${index}, and not the last\n`);
      const program = await host.start(['sh', '-c', 'cat; printf %s "$@"', 'sh', ...words], signal);
      program.stderr.resume();
      program.stdin.end('input\n');
      assert.equal(await text(program.stdout), `input\n${words.join('')}`);
    });

    it('tells output, errors and end apart', async () => {
      const program = await host.start(['sh', '-c', 'cat; echo err >&2; exit 3'], signal);
      program.stdin.end('in');
      const [out, err, end] = await Promise.all([text(program.stdout), text(program.stderr), program.ended]);
      assert.deepEqual({ out, err, end }, { out: 'in', err: 'err\n', end: { kind: 'exited', exitCode: 3 } });
    });

    it('tells that a signal ended a program', async () => {
      const program = await host.start(['sh', '-c', 'kill -9 $$'], signal);
      drain(program);
      assert.deepEqual(await program.ended, killed);
    });

    it('carries bytes both ways as they are', async () => {
      const bytes = Buffer.concat([Buffer.from([0, 10, 13, 27, 255]), randomBytes(3_000_000)]);
      const program = await host.start(['cat'], signal);
      program.stderr.resume();
      const [back] = await Promise.all([
        buffer(program.stdout),
        pipeline(Readable.from([bytes]), program.stdin),
      ]);
      assert.equal(sha(back), sha(bytes));
      assert.deepEqual(await program.ended, { kind: 'exited', exitCode: 0 });
    });

    it('waits with what a program prints until somebody reads it', async () => {
      const program = await host.start(['sh', '-c', 'head -c 50000000 /dev/zero; echo done >&2'], signal);
      const errors = text(program.stderr);
      const early = await Promise.race([errors, quiet(500)]);
      assert.equal(early, undefined);
      const bytes = await buffer(program.stdout);
      assert.equal(bytes.length, 50_000_000);
      assert.equal(await errors, 'done\n');
    });

    it('lets go of input that a program does not read', async () => {
      const program = await host.start(['sh', '-c', 'exit 4'], signal);
      drain(program);
      const endless = Readable.from(zeros());
      await assert.rejects(pipeline(endless, program.stdin));
      assert.deepEqual(await program.ended, { kind: 'exited', exitCode: 4 });
    });

    it('ends the input of a program when what is sent breaks off', async () => {
      const program = await host.start(['sh', '-c', 'wc -c; exit 5'], signal);
      program.stderr.resume();
      const broken = async function* (): AsyncGenerator<Buffer> {
        yield Buffer.alloc(100_000);
        await Promise.resolve();
        throw new Error('it changed');
      };
      const [read] = await Promise.all([
        text(program.stdout),
        assert.rejects(pipeline(Readable.from(broken()), program.stdin), /it changed/),
      ]);
      assert.ok(Number(read) <= 100_000, read);
      assert.deepEqual(await program.ended, { kind: 'exited', exitCode: 5 });
    });

    it('ends a program when the caller gives up', async () => {
      const giveUp = new AbortController();
      const program = await host.start(['sh', '-c', 'echo $$; exec sleep 600'], giveUp.signal);
      program.stderr.resume();
      const [pid] = (await once(program.stdout, 'data')) as [Buffer];
      program.stdout.resume();
      giveUp.abort();
      const end = await program.ended;
      assert.notEqual(end.kind, 'exited');
      const isThere = ['kill', '-0', pid.toString().trim()];
      await waitUntil('the program is gone', async () => {
        return (await host.run(['sh', '-c', '"$@" 2>/dev/null', 'sh', ...isThere], signal)).exitCode !== 0;
      });
    });

    it('ends a shell that waits for a program of its own', async () => {
      const giveUp = new AbortController();
      const script = 'trap "exit 0" TERM; echo; cat >/dev/null';
      const program = await host.start(['sh', '-c', script], giveUp.signal);
      program.stderr.resume();
      await once(program.stdout, 'data');
      program.stdout.resume();
      giveUp.abort();
      await program.ended;
    });

    it('rejects when the caller gave up before, and when there is no such program', async () => {
      await assert.rejects(host.start(['true'], AbortSignal.abort()), { name: 'AbortError' });
      await assert.rejects(host.start(['no-such-program'], signal), /no-such-program/);
    });

    it('leaves nothing running for a caller who gave up while it started', async () => {
      const giveUp = new AbortController();
      // A number of this test's own in the place of the seconds.
      const seconds = String(100_000 + Math.floor(Math.random() * 800_000));
      const starting = host.start(['sleep', seconds], giveUp.signal);
      setTimeout(() => {
        giveUp.abort();
      }, 2);
      const program = await starting.catch(() => undefined);
      program?.stdout.resume();
      program?.stderr.resume();
      // What may begin has begun by then.
      await host.run(['sleep', '0.2'], signal);
      await waitUntil('it is gone', async () => {
        const { stdout } = await host.run(['sh', '-c', 'ps -eo args 2>/dev/null || ps'], signal);
        return !stdout.includes(`sleep ${seconds}`);
      });
    });

    it('runs several programs side by side', async () => {
      const programs = await Promise.all(
        ['a', 'b', 'c'].map(async (word) => host.start(['sh', '-c', 'read x; echo "$0$x"', word], signal)),
      );
      const outputs = programs.map((program) => text(program.stdout));
      for (const program of [...programs].reverse()) program.stdin.end('1\n');
      assert.deepEqual(await Promise.all(outputs), ['a1\n', 'b1\n', 'c1\n']);
    });
  });
}

function drain(program: HostProcess): void {
  program.stdout.resume();
  program.stderr.resume();
}

function sha(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function quiet(durationMs: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs, undefined);
  });
}

function* zeros(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(65_536);
}
