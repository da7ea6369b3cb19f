import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Incoming, writeWhole } from '../../../../src/adapters/sync/incoming';
import { makeTempDir } from '../../../support/tempDir';

describe('files that arrive from a checkout', () => {
  it('are written whole on a disk that takes a few bytes at a time', async () => {
    const disk: number[] = [];
    const file = {
      write: (bytes: Uint8Array, start: number, length: number) => {
        const taken = bytes.subarray(start, start + Math.min(3, length));
        disk.push(...taken);
        return Promise.resolve({ bytesWritten: taken.length, buffer: bytes });
      },
    };
    const text = Buffer.from('a text of some length');
    await writeWhole(file as unknown as Parameters<typeof writeWhole>[0], text);
    assert.equal(Buffer.from(disk).toString(), text.toString());
  });

  it('are the same however the answer is cut into pieces; one that is not what was expected is named', async () => {
    const texts = ['first', '', 'the third\n\n', 'x'.repeat(3000)];
    const answer = Buffer.from(`${texts.map(({ length }) => length).join('\n')}\n\n${texts.join('')}`);
    for (const piece of [1, 2, 7, 4096]) {
      const dir = makeTempDir();
      const files = texts.map((text, index) => ({
        path: `f${index}`,
        ready: join(dir.path, String(index)),
        sha256: index === 2 ? 'another' : createHash('sha256').update(text).digest('hex'),
      }));
      const told = { files: 0, bytes: 0, total: 0 };
      const incoming = new Incoming(files, (bytes) => {
        told.total = bytes;
        return (done) => {
          told.files += done.files;
          told.bytes += done.bytes;
        };
      });
      for (let start = 0; start < answer.length; start += piece)
        await incoming.take(answer.subarray(start, start + piece));
      assert.deepEqual(await incoming.finish(), ['f2']);
      const total = texts.join('').length;
      assert.deepEqual(told, { files: 4, bytes: total, total });
      for (const [index, { ready }] of files.entries())
        assert.equal(readFileSync(ready, 'utf8'), texts[index]);
      dir.dispose();
    }
  });
});
