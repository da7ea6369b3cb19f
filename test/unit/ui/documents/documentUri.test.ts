import assert from 'node:assert/strict';
import { parseUriParts, toUriParts, type HsmDocument } from '../../../../src/ui/documents/documentUri';

function checkRoundTrip(document: HsmDocument, expectedPath: string): void {
  const parts = toUriParts(document);
  assert.equal(parts.path, expectedPath);
  assert.deepEqual(parseUriParts(parts), document);
}

function checkRefused(query: string, scheme = 'hsm'): void {
  assert.equal(parseUriParts({ scheme, path: '/x.md', query }), undefined);
}

describe('the address of a document', () => {
  it('leads back to the document and gives its tab a title', () => {
    checkRoundTrip({ kind: 'task', sweepId: 'lr_1', task: 12 }, '/lr_1/Task 12 errors.md');
    checkRoundTrip({ kind: 'errors', sweepId: 'lr_1' }, '/lr_1/lr_1 errors.md');
    checkRoundTrip({ kind: 'results', sweepId: 'lr_1' }, '/lr_1/lr_1 results.txt');
    checkRoundTrip({ kind: 'preview', file: '/a b/sweeps/lr.yaml' }, '/preview/lr.yaml preview.txt');
  });

  it('survives names with characters that addresses use', () => {
    checkRoundTrip({ kind: 'errors', sweepId: 'a&b=c#d?e f' }, '/a&b=c#d?e f/a&b=c#d?e f errors.md');
    checkRoundTrip({ kind: 'preview', file: 'C:\\pröject\\lr.yaml' }, '/preview/lr.yaml preview.txt');
  });

  it('means nothing when it is not whole', () => {
    checkRefused('kind=task&sweep=lr_1');
    checkRefused('kind=task&sweep=lr_1&task=0');
    checkRefused('kind=task&sweep=lr_1&task=x');
    checkRefused('kind=errors');
    checkRefused('kind=else&sweep=lr_1');
    checkRefused('');
  });

  it('means nothing under another scheme', () => {
    checkRefused('kind=errors&sweep=lr_1', 'file');
  });
});
