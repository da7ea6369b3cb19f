import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { ProcessEnd, StreamHost } from '../../../../src/adapters/host/streamHost';
import { pullByTar } from '../../../../src/adapters/transfer/tarPull';
import { TransferWatch } from '../../../../src/adapters/transfer/transferWatch';
import { makeTempDir } from '../../../support/tempDir';

/** Its programs print for ever, and end only when they are let go of. */
class ChattyHost {
  readonly label = 'box';
  running = 0;

  isNarrow(): Promise<boolean> {
    return Promise.resolve(true);
  }

  start(_argv: readonly string[], signal: AbortSignal) {
    this.running += 1;
    const ended = new Promise<ProcessEnd>((resolve) => {
      signal.addEventListener('abort', () => {
        this.running -= 1;
        resolve({ kind: 'lost', reason: 'it was let go of' });
      });
    });
    const stdout = new Readable({
      read() {
        this.push(Buffer.alloc(64 * 1024));
      },
    });
    return Promise.resolve({ stdin: new PassThrough(), stdout, stderr: Readable.from([]), ended });
  }
}

describe('Bringing by tar', () => {
  it('leaves no program on the host when the disk here takes no more', async function () {
    if (process.platform !== 'linux') this.skip();
    const temp = makeTempDir();
    const dir = temp.path;
    symlinkSync('/dev/full', join(dir, 'big.bin'));
    const host = new ChattyHost();
    const run = { signal: new AbortController().signal };
    const size = 1024 ** 3;
    const watch = new TransferWatch(host as unknown as StreamHost, { totalBytes: size, totalFiles: 1 }, run);
    const tools = { rsync: undefined, tar: 'gnu', sha256: undefined } as const;
    const pull = { host: host as unknown as StreamHost, tools, watch, remoteDir: '/there', intoDir: dir };
    const wanted = new Map([['big.bin', { path: 'big.bin', kind: 'file', size, mtimeSec: 1 } as const]]);
    await assert.rejects(pullByTar({ ...pull, maxSize: size, roots: undefined }, wanted, []), {
      code: 'ENOSPC',
    });
    assert.equal(host.running, 0);
    watch.dispose();
    temp.dispose();
  });
});
