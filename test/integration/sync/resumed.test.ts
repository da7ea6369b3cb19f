import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { LocalHost } from '../../../src/adapters/host/localHost';
import type { HostProcess, StreamHost } from '../../../src/adapters/host/streamHost';
import { HsmError } from '../../../src/core/base/errors';
import { SOURCE, useCopies, verdicts, type Copies, type Copy } from './copies';

const KIB = 1024;
const PATHS = Array.from({ length: 6 }, (_, index) => `d/f${index}`);
const SIZE = 100 * KIB;
/** Enough for three of the files and a half. */
const CUT = 3.5 * SIZE;

/** Counts what a transfer carries, and breaks off the next one. */
class CountingHost extends LocalHost implements StreamHost {
  /** Shell text before the next `apply`. */
  sabotage = '';
  /** Bytes of what a pull reads after which the connection is lost. */
  losesAfter = Infinity;
  sent = 0;
  fetched = 0;
  /** Programs that were asked what is left. */
  asked = 0;

  override async start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    const [sh = 'sh', flag = '-c', script = '', ...rest] = argv;
    if (script.includes('# Standard input: the SHA-256 of every content')) this.asked += 1;
    if (script.includes('# $3: id of this sync')) {
      const process = await super.start([sh, flag, `${this.sabotage}\n${script}`, ...rest], signal);
      return this.counting(process);
    }
    const process = await super.start(argv, signal);
    return script.includes('Output: their sizes') ? this.losing(process) : process;
  }

  private counting(process: HostProcess): HostProcess {
    const stdin = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.sent += chunk.length;
        process.stdin.write(chunk, () => {
          done();
        });
      },
      final: (done) => {
        process.stdin.end();
        done();
      },
    });
    process.stdin.on('error', (error) => stdin.destroy(error));
    return { ...process, stdin };
  }

  private losing(process: HostProcess): HostProcess {
    const limit = this.losesAfter;
    const take = async function* (this: CountingHost): AsyncGenerator<Buffer> {
      let left = limit;
      for await (const chunk of process.stdout as AsyncIterable<Buffer>) {
        const piece = chunk.subarray(0, left);
        left -= piece.length;
        this.fetched += piece.length;
        yield piece;
        if (left === 0) return;
      }
    };
    const lost = { kind: 'lost', reason: 'cut' } as const;
    const stdout = Readable.from(take.call(this), { objectMode: false });
    return { ...process, stdout, ended: limit === Infinity ? process.ended : Promise.resolve(lost) };
  }
}

/** Lets so many bytes arrive, then ends the program there at once, or its input. */
const KILLED = `tar() { head -c ${CUT} | command tar "$@"; kill -9 $$; }`;
const ENDED = `tar() { head -c ${CUT} | command tar "$@"; }`;

describe('a sync that broke off on its way', function () {
  this.timeout(60_000);
  let copies: Copies;
  let host: CountingHost;
  const make = useCopies((made) => {
    copies = made;
  });

  function edit(side: 'here' | 'there', git: 'both' | 'none' = 'both'): void {
    host = new CountingHost();
    make({ host, git });
    for (const [index, path] of PATHS.entries())
      copies[side].write(path, `${index}`.repeat(SIZE), index === 1 ? 0o755 : 0o644);
  }

  async function breakPush(sabotage: string): Promise<void> {
    await copies.compare();
    const before = copies.there.tree();
    host.sabotage = sabotage;
    await assert.rejects(copies.sync.push(SOURCE), (error) => HsmError.is(error, 'host.unreachable'));
    host.sabotage = '';
    host.sent = 0;
    assert.deepEqual(copies.there.tree(), before);
  }

  /** Files of the broken push that lie there. */
  function leftThere(): string[] {
    const staging = join(copies.there.dir, '.hsm/sync/staging');
    return readdirSync(staging).flatMap((id) => {
      const folder = join(staging, id, 'files');
      return readdirSync(folder).map((name) => join(folder, name));
    });
  }

  function checkExact(): void {
    assert.deepEqual(copies.there.tree(), copies.here.tree());
    for (const side of [copies.here, copies.there]) checkNothingLeft(side);
  }

  function checkNothingLeft(side: Copy): void {
    for (const name of ['staging', 'arrived', 'pending', 'over'])
      assert.equal(side.exists(`.hsm/sync/${name}`), false, name);
    assert.equal(side.isLocked(), false);
  }

  for (const [how, sabotage] of [
    ['the program there was killed', KILLED],
    ['the connection was cut', ENDED],
  ] as const) {
    for (const git of ['both', 'none'] as const) {
      it(`sends only the rest of a push after ${how} (git: ${git}), also from another process`, async () => {
        edit('here', git);
        await breakPush(sabotage);
        copies.sync = copies.reopen();
        assert.deepEqual(Object.keys(verdicts(await copies.compare())), PATHS);
        if (git === 'both') assert.equal(copies.there.git('status', '--porcelain'), '');
        await copies.sync.push(SOURCE);
        assert.ok(host.sent > 3 * SIZE && host.sent < 3.5 * SIZE, `${host.sent} bytes were sent`);
        checkExact();
        assert.equal(copies.there.mode('d/f1') & 0o111, 0o111);
      });
    }
  }

  it('goes on from what several broken pushes brought together', async () => {
    edit('here');
    await breakPush(KILLED);
    await breakPush(`tar() { head -c ${1.5 * SIZE} | command tar "$@"; kill -9 $$; }`);
    await copies.sync.push(SOURCE);
    assert.ok(host.sent > 2 * SIZE && host.sent < 2.5 * SIZE, `${host.sent} bytes were sent`);
    checkExact();
  });

  it('sends again what changed here since, and what lies there altered', async () => {
    edit('here');
    await breakPush(KILLED);
    copies.here.write('d/f0', 'another'.repeat(1000), 0o755);
    appendFileSync(leftThere().find((file) => file.endsWith('/files/1')) ?? '', 'x');
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.ok(host.sent > 4 * SIZE && host.sent < 4.5 * SIZE, `${host.sent} bytes were sent`);
    checkExact();
  });

  it('places nothing that was altered after it was found sound, and goes through the next time', async () => {
    edit('here');
    await breakPush(KILLED);
    const before = copies.there.tree();
    host.sabotage = 'tar() { for f in .hsm/sync/arrived/*; do echo x >>"$f"; done; command tar "$@"; }';
    await copies.compare();
    await assert.rejects(copies.sync.push(SOURCE), /what had arrived before is not there any more/);
    assert.deepEqual(copies.there.tree(), before);
    [host.sabotage, host.sent] = ['', 0];
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.ok(host.sent > 3 * SIZE && host.sent < 3.5 * SIZE, `${host.sent} bytes were sent`);
    checkExact();
  });

  it('sets the executable bit as it is wanted now', async () => {
    edit('here');
    await breakPush(KILLED);
    copies.here.write('d/f0', '0'.repeat(SIZE), 0o755).write('d/f1', '1'.repeat(SIZE), 0o644);
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.ok(host.sent < 3.5 * SIZE, `${host.sent} bytes were sent`);
    checkExact();
  });

  it('uses content that two files have for one, and sends it for the other', async () => {
    edit('here');
    await breakPush(KILLED);
    copies.here.write('twin', '0'.repeat(SIZE));
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.ok(host.sent > 4 * SIZE && host.sent < 4.5 * SIZE, `${host.sent} bytes were sent`);
    checkExact();
  });

  it('leaves alone what may be of another transfer under way', async () => {
    edit('here');
    await breakPush(KILLED);
    const other = join(copies.there.dir, '.hsm/sync/staging/20200101T000000000Z-abcdef');
    mkdirSync(join(other, 'files'), { recursive: true });
    writeFileSync(join(other, 'pid'), `${process.pid} ${hostname()} \n`);
    writeFileSync(join(other, 'files/0'), '5'.repeat(SIZE));
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.ok(host.sent > 3 * SIZE && host.sent < 3.5 * SIZE, `${host.sent} bytes were sent`);
    assert.deepEqual(copies.there.tree(), copies.here.tree());
    assert.deepEqual(leftThere(), [join(other, 'files/0')]);
  });

  it('asks nothing more of a checkout where nothing broke off', async () => {
    edit('here');
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.equal(host.asked, 0);
    checkExact();
  });

  it('keeps nothing of a link that leads out of the staging folder', async () => {
    edit('here');
    await breakPush(KILLED);
    const outside = join(copies.here.dir, '..', 'outside/files');
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, '0'), '5'.repeat(SIZE));
    copies.there.link('.hsm/sync/staging/20200101T000000000Z-abcdef', join(outside, '..'));
    await copies.compare();
    await copies.sync.push(SOURCE);
    assert.deepEqual(readdirSync(outside), ['0']);
    assert.deepEqual(copies.there.tree(), copies.here.tree());
  });

  it('removes what lies on either side for days, when it compares', async () => {
    edit('here');
    await breakPush(KILLED);
    const old = new Date(Date.now() - 4 * 24 * 60 * 60 * 1000);
    const [id = ''] = readdirSync(join(copies.there.dir, '.hsm/sync/staging'));
    utimesSync(join(copies.there.dir, '.hsm/sync/staging', id), old, old);
    mkdirSync(join(copies.here.dir, '.hsm/sync/staging'));
    utimesSync(join(copies.here.dir, '.hsm/sync/staging'), old, old);
    await copies.compare();
    checkNothingLeft(copies.here);
    checkNothingLeft(copies.there);
  });

  async function breakPull(): Promise<void> {
    await copies.compare();
    const before = copies.here.tree();
    host.losesAfter = CUT;
    await assert.rejects(copies.sync.pull(SOURCE), (error) => HsmError.is(error, 'host.unreachable'));
    [host.losesAfter, host.fetched] = [Infinity, 0];
    assert.deepEqual(copies.here.tree(), before);
    assert.equal(copies.here.isLocked(), false);
  }

  it('fetches only the rest of a pull, also in another process', async () => {
    edit('there');
    await breakPull();
    copies.sync = copies.reopen();
    assert.deepEqual(Object.keys(verdicts(await copies.compare())), PATHS);
    assert.equal(copies.here.git('status', '--porcelain'), '');
    await copies.sync.pull(SOURCE);
    assert.ok(host.fetched > 3 * SIZE && host.fetched < 3.1 * SIZE, `${host.fetched} bytes were fetched`);
    checkExact();
  });

  it('fetches again what lies here altered, and follows no link', async () => {
    edit('there');
    await breakPull();
    appendFileSync(join(copies.here.dir, '.hsm/sync/staging/files/1'), 'x');
    await copies.compare();
    await copies.sync.pull(SOURCE);
    assert.ok(host.fetched > 4 * SIZE && host.fetched < 4.1 * SIZE, `${host.fetched} bytes were fetched`);
    checkExact();
    copies.there.write('d/f0', 'more');
    const outside = join(copies.here.dir, '..', 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'mine'), 'mine');
    mkdirSync(join(copies.here.dir, '.hsm/sync/staging'));
    copies.here.link('.hsm/sync/staging/files', outside);
    await copies.compare();
    await copies.sync.pull(SOURCE);
    assert.deepEqual(readdirSync(outside), ['mine']);
    checkExact();
  });
});
