import assert from 'node:assert/strict';
import { waitUntil } from '../../support/waitUntil';
import { extensionUnderTest } from './extensionUnderTest';

describe('activation', () => {
  it('happens by itself in a project with sweep files', async () => {
    await waitUntil('the extension is active', () => extensionUnderTest().isActive);
    assert.ok(extensionUnderTest().isActive);
  });
});
