import assert from 'node:assert/strict';
import { isKeptCopy } from '../../../../src/ui/editor/sweepPlaces';

describe('a copy that the product keeps', () => {
  it('is told from the files of the project', () => {
    assert.equal(isKeptCopy('/p/.hsm/code/0f3a/files/sweeps/lr.yaml'), true);
    assert.equal(isKeptCopy('c:\\p\\.hsm\\sync\\backups\\1\\files\\sweeps\\lr.yaml'), true);
    assert.equal(isKeptCopy('/p/.hsm/sweeps/lr.yaml'), false);
    assert.equal(isKeptCopy('/p/code/sync/sweeps/lr.yaml'), false);
  });
});
