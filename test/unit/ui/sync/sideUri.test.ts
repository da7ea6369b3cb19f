import assert from 'node:assert/strict';
import { parseSideUriParts, toSideUriParts, type SideDocument } from '../../../../src/ui/sync/sideUri';

function checkRoundTrip(document: SideDocument): void {
  assert.deepEqual(parseSideUriParts(toSideUriParts(document, `/project/${document.path}`)), document);
}

describe('the address of one side of a compared file', () => {
  it('is read as it was written, whatever the names', () => {
    const paths = [
      'train.py',
      'src/a b.py',
      'was?#&=%25.txt',
      'zeile\nzwei',
      '-rf',
      'ärger/日本.py',
      '"q\'".txt',
    ];
    for (const path of paths)
      for (const side of ['local', 'remote'] as const) checkRoundTrip({ source: 'gpu box/1', path, side });
  });

  it('has the path of the file in the workspace, or VS Code would speak of a renamed file', () => {
    const document = { source: 'gpubox', path: 'src/train.py', side: 'remote' } as const;
    const { scheme, path } = toSideUriParts(document, '/project/src/train.py');
    assert.equal(`${scheme}:${path}`, 'hsm-side:/project/src/train.py');
  });

  it('of something else means nothing', () => {
    const { path, query } = toSideUriParts({ source: 'gpubox', path: 'a', side: 'remote' }, '/project/a');
    assert.equal(parseSideUriParts({ scheme: 'file', path, query }), undefined);
    for (const broken of ['', 'source=gpubox', 'source=gpubox&path=a&side=both', 'path=a&side=local'])
      assert.equal(parseSideUriParts({ scheme: 'hsm-side', path, query: broken }), undefined);
  });
});
