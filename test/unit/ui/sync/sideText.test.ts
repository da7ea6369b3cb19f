import assert from 'node:assert/strict';
import type { FileComparison } from '../../../../src/core/sync/comparison';
import { sideText } from '../../../../src/ui/sync/sideText';
import { FakeSync } from '../../../support/fakeSync';
import { plainL10n } from '../../../support/plainL10n';
import { sameCommit } from '../../core/sync/sides';

const path = 'notes.txt';

/** What the right or left side shows of a file. */
async function shown(
  side: 'local' | 'remote',
  bytes: Uint8Array | undefined,
  contents: Partial<FileComparison> = {},
): Promise<string> {
  const sync = new FakeSync();
  const comparison = sameCommit({ [path]: 'old' }, { [path]: 'new' }, {});
  const files = comparison.files.map((file) => ({ ...file, ...contents }));
  sync.set({ source: 'gpubox', comparison: { ...comparison, files } });
  if (bytes) sync.remoteFiles.set(path, bytes);
  const { signal } = new AbortController();
  return sideText({ sync, l10n: plainL10n }, { source: 'gpubox', path, side }, signal);
}

describe('one side of a compared file', () => {
  it('is the text that is there, without a byte order mark, which an editor does not show', async () => {
    const text = '\ufeffä\r\nb\n';
    assert.equal(await shown('remote', new TextEncoder().encode(text)), 'ä\r\nb\n');
  });

  it('is empty where there is no file', async () => {
    assert.equal(await shown('remote', undefined), '');
    assert.equal(await shown('remote', Buffer.from('stale'), { remote: { kind: 'absent' } }), '');
    assert.equal(await shown('local', Buffer.from('there'), { local: { kind: 'absent' } }), '');
  });

  it('is where a link leads, on either side', async () => {
    assert.equal(
      await shown('remote', undefined, { remote: { kind: 'link', target: '../data' } }),
      '../data',
    );
    assert.equal(await shown('local', undefined, { local: { kind: 'link', target: '/etc' } }), '/etc');
  });

  it('says that a file is not text', async () => {
    const words = 'This file is not text: 3 B of binary data.\n';
    assert.equal(await shown('remote', new Uint8Array([65, 0, 66])), words);
    assert.equal(await shown('remote', new Uint8Array([0xff, 0xfe, 0x41])), words);
  });

  it('says that a file is too large', async () => {
    const text = await shown('remote', new Uint8Array(20 * 1024 * 1024 + 1).fill(65));
    assert.equal(text, 'This file is too large to show beside another: more than 20 MiB.\n');
  });

  it('says what is there that is no file', async () => {
    const text = await shown('remote', undefined, { remote: { kind: 'other', what: 'a pipe' } });
    assert.equal(text, 'There is a pipe here, which is not transferred.\n');
  });
});
