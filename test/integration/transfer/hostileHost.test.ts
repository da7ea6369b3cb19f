import { strict as assert } from 'node:assert';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { LocalHost } from '../../../src/adapters/host/localHost';
import type { HostProcess, StreamHost } from '../../../src/adapters/host/streamHost';
import { FileTransfer } from '../../../src/adapters/transfer/fileTransfer';
import {
  END_OF_ARCHIVE,
  formatHeader,
  padding,
  type TarHeader,
} from '../../../src/adapters/transfer/tarFormat';
import type { TransferResult } from '../../../src/adapters/transfer/transfer';
import { HsmError } from '../../../src/core/base/errors';
import { silentLogger } from '../../../src/core/base/logger';
import { skipUnlessMountable, SmallDisk } from '../../support/faults/smallDisk';
import { findCommand, rsync, skipUnless } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';
import { makePrograms, SCRIPT_PROGRAMS } from '../../support/transferRig';

const { signal } = new AbortController();

/** A host that answers truly what files it has, and then sends a stream of its own making. */
class LyingHost extends LocalHost implements StreamHost {
  constructor(private readonly stream: () => Readable) {
    super();
  }

  override start(argv: readonly string[], aborts: AbortSignal): Promise<HostProcess> {
    if (!argv.some((word) => word.includes('xargs -0 tar'))) return super.start(argv, aborts);
    const stdout = this.stream();
    const ended = new Promise<void>((resolve) => {
      stdout.on('close', resolve);
      aborts.addEventListener('abort', () => stdout.destroy());
    });
    return Promise.resolve({
      stdin: new PassThrough().resume(),
      stdout,
      stderr: Readable.from([]),
      ended: ended.then(() => ({ kind: 'exited', exitCode: 0 }) as const),
    });
  }
}

describe('a host that is not to be trusted', function () {
  this.timeout(60_000);
  let dir: ReturnType<typeof makeTempDir>;
  const there = (path = '') => join(dir.path, 'there', path);
  const here = (path = '') => join(dir.path, 'here', path);

  beforeEach(() => {
    dir = makeTempDir();
    mkdirSync(there());
    mkdirSync(here());
    writeFileSync(join(dir.path, 'victim'), 'mine');
  });
  afterEach(() => {
    dir.dispose();
  });

  const listAll = () => readdirSync(here(), { recursive: true, encoding: 'utf8' }).sort();

  function checkNothingOutside(): void {
    assert.deepEqual(readdirSync(dir.path).sort(), ['here', 'there', 'victim']);
    assert.equal(readFileSync(join(dir.path, 'victim'), 'utf8'), 'mine');
  }

  function pullFrom(stream: () => Readable, maxSize?: number): Promise<TransferResult> {
    const transfer = new FileTransfer(new LyingHost(stream), { log: silentLogger, method: 'tar' });
    return transfer.pull(there(), here(), { ...(maxSize !== undefined && { maxSize }) }, { signal });
  }

  it('gets no file written that was not asked for, whatever it is called', async () => {
    writeFileSync(there('wanted'), 'true');
    const evil = ['../victim', '/etc/hsm-test', 'a/../../victim', './../victim', '..', '', 'other', '.'];
    const stream = tarOf(
      ...evil.map((name) => member({ name }, 'evil')),
      member({ name: './wanted' }, 'fine'),
      member({ name: 'wanted/../../victim' }, 'evil'),
    );
    const result = await pullFrom(stream);
    assert.deepEqual(result.files, ['wanted']);
    assert.deepEqual(listAll(), ['wanted']);
    assert.equal(readFileSync(here('wanted'), 'utf8'), 'fine');
    checkNothingOutside();
  });

  it('gets nothing written through a link that it sent before', async () => {
    for (const name of ['sub/victim', 'sub2']) {
      mkdirSync(dirname(there(name)), { recursive: true });
      writeFileSync(there(name), 'true');
    }
    const stream = tarOf(
      link('2', './sub', '..'),
      link('2', './sub2', '../victim'),
      link('1', './sub2', '../../victim'),
      link('1', './sub2', join(dir.path, 'victim')),
      member({ name: './sub/victim' }, 'evil'),
      member({ name: './sub2' }, 'a plain file after all'),
    );
    const result = await pullFrom(stream);
    assert.deepEqual(result.files, ['sub/victim']);
    assert.deepEqual(listAll(), ['sub', 'sub/victim']);
    assert.deepEqual(
      result.skipped.map(({ path, reason }) => `${reason} ${path}`),
      ['kind sub2'],
    );
    checkNothingOutside();
  });

  it('cannot make devices, pipes or programs', async () => {
    for (const name of ['pipe', 'device', 'program']) writeFileSync(there(name), 'true');
    const stream = tarOf(
      link('6', './pipe', ''),
      link('3', './device', ''),
      member({ name: './program', mode: 0o6777 }, '#!/bin/sh'),
    );
    const result = await pullFrom(stream);
    assert.deepEqual(result.files, ['program']);
    assert.equal(statSync(here('program')).mode & 0o7111, 0);
    assert.deepEqual(result.skipped.map(({ path, reason }) => `${reason} ${path}`).sort(), [
      'kind device',
      'kind pipe',
    ]);
    checkNothingOutside();
  });

  it('cannot send more than it announced', async () => {
    writeFileSync(there('small'), 'ten bytes.');
    writeFileSync(there('other'), 'x');
    const huge = formatHeader(header({ name: './small', size: 2 ** 40 }));
    let sent = 0;
    const endless = () =>
      Readable.from(
        (function* () {
          yield huge;
          for (;;) {
            sent += 1 << 20;
            yield Buffer.alloc(1 << 20);
          }
        })(),
      );
    await assert.rejects(
      pullFrom(endless),
      (error) => HsmError.is(error, 'command.failed') && error.message.includes('announced'),
    );
    assert.ok(sent < 200 << 20, `${sent} bytes were taken`);
    assert.deepEqual(listAll(), []);
    // With a limit, not even the beginning is taken; the rest is.
    const stream = tarOf(member({ name: './small' }, 'x'.repeat(2000)), member({ name: './other' }, 'fine'));
    const result = await pullFrom(stream, 1000);
    assert.deepEqual(result.files, ['other']);
    assert.deepEqual(
      result.skipped.map(({ path, reason }) => `${reason} ${path}`),
      ['size small'],
    );
    checkNothingOutside();
  });

  for (const [what, bytes] of [
    ['no tar at all', Buffer.from('Good morning, this is no tar. '.repeat(50))],
    [
      'a tar that breaks off in a file',
      member({ name: './small', size: 5000 }, 'x'.repeat(600)).subarray(0, 1000),
    ],
    ['a tar that breaks off in a header', member({ name: './small' }, 'x').subarray(0, 300)],
    ['a name without end', Buffer.concat([rawBlock('L', 2 ** 32), Buffer.alloc(4096, 'x')])],
    ['an impossible size', paxSize('-5')],
  ] as const)
    it(`is not believed when it sends ${what}`, async () => {
      writeFileSync(there('small'), 'true');
      await assert.rejects(pullFrom(() => Readable.from([bytes])));
      assert.deepEqual(listAll(), []);
    });

  it('says names that pretend to be records of a listing, and has only files of such names', async () => {
    const name = 'f|5|1700000000|.\n|f|5|1700000000|./forged|';
    mkdirSync(dirname(there(name)), { recursive: true });
    writeFileSync(there(name), 'x');
    for (const method of ['rsync', 'tar'] as const) {
      const transfer = new FileTransfer(new LocalHost(), { log: silentLogger, method });
      const result = await transfer.pull(there(), here(method), {}, { signal });
      assert.deepEqual(result.files, [name]);
    }
  });

  for (const method of ['rsync', 'tar'] as const)
    it(`gets no link through when it makes one of a file between question and answer, by ${method}`, async function () {
      skipUnless(this, rsync);
      const programs = makePrograms(dir.path, [...SCRIPT_PROGRAMS, 'rm', 'sha256sum', 'tar', 'rsync']);
      for (const name of ['file', 'dir/file', 'fine']) {
        mkdirSync(dirname(there(name)), { recursive: true });
        writeFileSync(there(name), 'true');
      }
      // The tool is one of the host's: before it does its work it swaps what it is asked for.
      const swap = `[ "$1" = --version ] || { cd '${there().replaceAll("'", "'\\''")}' && rm -rf file dir && ln -s ../victim file && ln -s .. dir; cd - >/dev/null; }`;
      const wrapper = join(programs, method);
      const real = findCommand(method) ?? '';
      unlinkSync(wrapper);
      writeFileSync(wrapper, `#!/bin/sh\n${swap}\nexec ${real} "$@"\n`);
      chmodSync(wrapper, 0o755);
      const transfer = new FileTransfer(new LocalHost({ PATH: programs }), { log: silentLogger, method });
      const result = await transfer.pull(there(), here(), {}, { signal });
      assert.ok(result.files.includes('fine'));
      for (const file of listAll()) assert.ok(statSync(here(file)).isFile() || file === 'dir');
      assert.ok(result.skipped.some(({ path }) => path === 'file'));
      assert.deepEqual(readdirSync(dir.path).sort(), ['here', 'programs', 'there', 'victim']);
      assert.notEqual(readFileSync(here('fine'), 'utf8'), 'mine');
    });
});

describe('a full disk on Linux', function () {
  this.timeout(60_000);
  let dir: ReturnType<typeof makeTempDir>;
  let disk: SmallDisk;

  beforeEach(function () {
    skipUnlessMountable(this);
    dir = makeTempDir();
    disk = new SmallDisk(join(dir.path, 'small'), 4);
    mkdirSync(join(dir.path, 'files'));
    for (let index = 0; index < 8; index += 1)
      writeFileSync(join(dir.path, 'files', `file ${index}`), Buffer.alloc(1_000_000, `${index}`));
  });
  afterEach(() => {
    disk.unmount();
    dir.dispose();
  });

  for (const method of ['rsync', 'tar'] as const) {
    it(`here is told as one, and nothing half stands under its name, by ${method}`, async () => {
      const transfer = new FileTransfer(new LocalHost(), { log: silentLogger, method });
      const target = join(dir.path, 'small', 'here');
      const pull = () => transfer.pull(join(dir.path, 'files'), target, {}, { signal });
      await assert.rejects(pull(), (error) => HsmError.is(error, 'disk.unwritable'));
      assert.deepEqual(readdirSync(dirname(target)), [], 'what came of it takes no room');
      for (let index = 3; index < 8; index += 1) writeFileSync(join(dir.path, 'files', `file ${index}`), '');
      const result = await pull();
      assert.deepEqual([result.files.length, result.skipped], [8, []]);
    });

    it(`there is told as one, by ${method}`, async () => {
      const transfer = new FileTransfer(new LocalHost(), { log: silentLogger, method });
      const files = readdirSync(join(dir.path, 'files'));
      const target = { dir: join(dir.path, 'small', 'there') };
      await assert.rejects(
        transfer.push(join(dir.path, 'files'), files, target, { signal }),
        (error) => HsmError.is(error, 'command.failed') && error.message.includes('no room left'),
      );
    });
  }
});

function header(some: Partial<TarHeader> & { name: string }): Omit<TarHeader, 'isSparse'> {
  return { kind: 'file', size: 0, mtimeSec: 1_700_000_000, mode: 0o644, target: '', ...some };
}

function member(some: Partial<TarHeader> & { name: string }, content: string): Buffer {
  const size = some.size ?? content.length;
  return Buffer.concat([
    formatHeader(header({ size, ...some })),
    Buffer.from(content),
    padding(content.length),
  ]);
}

/** A member of a kind that is never written here: 1 hard link, 2 symbolic link, 3 device, 6 pipe. */
function link(type: string, name: string, target: string): Buffer {
  return retyped(formatHeader(header({ name, target })), type);
}

function rawBlock(type: string, size: number): Buffer {
  return retyped(formatHeader(header({ name: 'x', size })), type);
}

function paxSize(value: string): Buffer {
  const record = `size=${value}\n`;
  const text = `${record.length + 3} ${record}`;
  const pax = retyped(formatHeader(header({ name: 'x', size: text.length })), 'x');
  return Buffer.concat([pax, Buffer.from(text), padding(text.length), member({ name: './small' }, 'x')]);
}

function retyped(block: Buffer, type: string): Buffer {
  const before = block[156] ?? 0;
  block.write(type, 156, 'latin1');
  const sum = parseInt(block.toString('latin1', 148, 154), 8) - before + type.charCodeAt(0);
  block.write(sum.toString(8).padStart(6, '0'), 148, 'latin1');
  return block;
}

function tarOf(...members: readonly Buffer[]): () => Readable {
  return () => Readable.from([...members, END_OF_ARCHIVE]);
}
