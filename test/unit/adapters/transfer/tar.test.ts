import { strict as assert } from 'node:assert';
import {
  END_OF_ARCHIVE,
  formatHeader,
  padding,
  parsePax,
  type TarHeader,
} from '../../../../src/adapters/transfer/tarFormat';
import { readTar } from '../../../../src/adapters/transfer/tarReader';

describe('a tar stream', () => {
  const files: readonly (Omit<TarHeader, 'isSparse'> & { readonly content: string })[] = [
    { ...header('./a'), size: 5, content: 'hello' },
    { ...header('empty'), content: '' },
    { ...header('x'.repeat(100)), size: 512, content: 'y'.repeat(512) },
    { ...header(`long/${'n'.repeat(300)}`), size: 513, content: 'z'.repeat(513) },
    { ...header('ünïcödé'.repeat(20)), size: 1, content: '1' },
  ];
  const archive = Buffer.concat([
    ...files.flatMap((each) => [formatHeader(each), Buffer.from(each.content), padding(each.size)]),
    END_OF_ARCHIVE,
  ]);

  for (const size of [1, 7, 511, 512, 513, 100_000])
    it(`is read as it was written, in chunks of ${size} bytes`, async () => {
      const read = await readAll(cut(Buffer.concat([archive, archive]), size));
      const expected = files.map(({ name, content }) => [name, content]);
      assert.deepEqual(read, [...expected, ...expected]);
    });

  it('has sizes of more than eight gigabytes and times before 1970', async () => {
    const size = 9 * 2 ** 30;
    const headers: TarHeader[] = [];
    const stream = cut(formatHeader({ ...header('huge'), size, mtimeSec: -5 }), 512);
    const read = readTar(stream, {
      begin: (each) => {
        headers.push(each);
        return false;
      },
      content: () => undefined,
      end: () => undefined,
    });
    await assert.rejects(read, /ended too early/);
    assert.deepEqual([headers[0]?.size, headers[0]?.mtimeSec], [size, 0]);
  });

  it('is refused when a header was changed on the way', async () => {
    const damaged = Buffer.from(archive);
    damaged[3] = 0x41;
    await assert.rejects(readAll(cut(damaged, 4096)), /damaged/);
  });

  it('is refused when it ends anywhere inside a member', async () => {
    for (const length of [1, 511, 513, 600, 1023])
      await assert.rejects(readAll(cut(archive.subarray(0, length), 64)));
  });

  it('has pax attributes, each with its length', () => {
    const attributes = parsePax(Buffer.from('12 path=a b\n20 mtime=1700000.25\n6 x=\n\n'));
    assert.equal(attributes.get('path'), 'a b');
    assert.equal(attributes.get('mtime'), '1700000.25');
    assert.deepEqual([...parsePax(Buffer.from('0 x=1\n'))], []);
    assert.deepEqual([...parsePax(Buffer.from('garbage'))], []);
  });
});

function header(name: string): Omit<TarHeader, 'isSparse'> {
  return { name, kind: 'file', size: 0, mtimeSec: 1_700_000_000, mode: 0o644, target: '' };
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<[string, string][]> {
  const read: [string, string][] = [];
  await readTar(stream, {
    begin: ({ name }) => {
      read.push([name, '']);
      return true;
    },
    content: (bytes) => {
      const last = read.at(-1);
      if (last) last[1] += bytes.toString('latin1');
    },
    end: () => undefined,
  });
  return read;
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous
async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
