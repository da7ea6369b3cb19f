import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalHost } from '../../../src/adapters/host/localHost';
import type { HostProcess, StreamHost } from '../../../src/adapters/host/streamHost';
import { FileTransfer } from '../../../src/adapters/transfer/fileTransfer';
import { findTools } from '../../../src/adapters/transfer/transferTools';
import { sumInPieces } from '../../../src/adapters/transfer/verification';
import { silentLogger } from '../../../src/core/base/logger';
import { rsync, skipUnless } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';

const MIB = 1 << 20;
const { signal } = new AbortController();

/** A host whose connection carries one thing at a time. */
class NarrowHost extends LocalHost implements StreamHost {
  streams = 0;

  isNarrow(): Promise<boolean> {
    return Promise.resolve(true);
  }

  override async start(argv: readonly string[], ends: AbortSignal): Promise<HostProcess> {
    assert.notEqual(argv[0], 'rsync', 'rsync would go on to its end');
    this.streams += 1;
    return super.start(argv, ends);
  }
}

class CountingHost extends NarrowHost {
  runs = 0;

  override run(...call: Parameters<LocalHost['run']>): ReturnType<LocalHost['run']> {
    this.runs += 1;
    return super.run(...call);
  }
}

describe('a transfer on a connection that carries one thing at a time', function () {
  this.timeout(60_000);
  let dir: ReturnType<typeof makeTempDir>;

  before(function () {
    skipUnless(this, rsync);
  });
  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => {
    dir.dispose();
  });

  const there = (path = '') => join(dir.path, 'there', path);
  const here = (path = '') => join(dir.path, 'here', path);

  function write(path: string, content: Buffer): Buffer {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return content;
  }

  it('comes in pieces, so that others have their turn between them', async () => {
    const large = write(there('task/model.ckpt'), randomBytes(30 * MIB));
    const small = Array.from({ length: 12 }, (_, index) =>
      write(there(`task/${index}.bin`), randomBytes(3 * MIB)),
    );
    const host = new NarrowHost();
    const transfer = new FileTransfer(host, { log: silentLogger });
    const pulled = await transfer.pullCompared(there(), here(), { files: ['task'] }, { signal });
    assert.deepEqual([pulled.files.length, pulled.skipped, pulled.differences], [13, [], []]);
    assert.ok(host.streams >= 5, `${host.streams} pieces`);
    assert.ok(readFileSync(here('task/model.ckpt')).equals(large));
    for (const [index, content] of small.entries())
      assert.ok(readFileSync(here(`task/${index}.bin`)).equals(content));
  });

  it('is compared in pieces, too', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `task/${index}.bin`);
    for (const name of names) for (const side of [here, there]) write(side(name), Buffer.alloc(MIB, name));
    write(there('task/3.bin'), Buffer.alloc(MIB));
    const host = new CountingHost();
    const tools = await findTools(host, signal);
    const asked = host.runs;
    const files = names.map((path) => ({ path, size: MIB }));
    const sums = await sumInPieces(host, tools, there(), files, signal, 3 * MIB);
    assert.deepEqual([sums.size, host.runs - asked], [7, 3]);
    assert.deepEqual(
      await new FileTransfer(host, { log: silentLogger }).verify(there(), here(), names, signal),
      [{ path: 'task/3.bin', kind: 'content' }],
    );
  });

  it('does not take for whole what became shorter meanwhile', async () => {
    write(there('task/model.ckpt'), randomBytes(30 * MIB));
    const host = new NarrowHost();
    const start = host.start.bind(host);
    host.start = (argv, ends) => {
      if (host.streams === 1) truncateSync(there('task/model.ckpt'), 9 * MIB);
      return start(argv, ends);
    };
    const transfer = new FileTransfer(host, { log: silentLogger });
    const { files, skipped } = await transfer.pull(there(), here(), {}, { signal });
    assert.deepEqual(files, []);
    assert.deepEqual(
      skipped.map(({ path, reason }) => `${reason} ${path}`),
      ['unreadable task/model.ckpt'],
    );
  });
});
