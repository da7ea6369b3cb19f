import assert from 'node:assert/strict';
import { ALL_FOLDED, clashingNames, type NameFolding } from '../../../../src/core/sync/foldedNames';

const NFC = 'caf\u00e9.py';
const NFD = 'cafe\u0301.py';

function checkClashes(
  {
    arriving,
    present = [],
    folding = ALL_FOLDED,
  }: { arriving: string[]; present?: string[]; folding?: NameFolding },
  expected: string[][],
): void {
  assert.deepEqual(clashingNames(arriving, present, folding), expected);
}

describe('clashingNames', () => {
  it('finds names that arrive together and differ only by case', () => {
    checkClashes({ arriving: ['train.py', 'Train.py', 'other.py'] }, [['Train.py', 'train.py']]);
  });
  it('finds a name that arrives where another one is', () => {
    checkClashes({ arriving: ['README'], present: ['Readme', 'readme', 'x'] }, [
      ['README', 'Readme', 'readme'],
    ]);
  });
  it('finds names that differ by the form of their letters, alone or together with case', () => {
    checkClashes({ arriving: [NFC], present: [NFD] }, [[NFD, NFC].sort()]);
    checkClashes({ arriving: [NFC.toUpperCase()], present: [NFD] }, [[NFC.toUpperCase(), NFD].sort()]);
  });
  it('finds folders that would become one', () => {
    checkClashes({ arriving: ['Data/a'], present: ['data/b'] }, [['Data', 'data']]);
    checkClashes({ arriving: ['Data/a'], present: ['data/a'] }, [
      ['Data', 'data'],
      ['Data/a', 'data/a'],
    ]);
    checkClashes({ arriving: ['Data/a'], present: ['data'] }, [['Data', 'data']]);
  });
  it('calls a file that replaces itself no clash, nor names that were there together before', () => {
    checkClashes({ arriving: ['a', 'd/b'], present: ['a', 'd/b'] }, []);
    checkClashes({ arriving: ['x'], present: ['a', 'A'] }, []);
  });
  it('asks of each file system only what it folds', () => {
    checkClashes({ arriving: ['a', 'A'], folding: { case: false, unicode: true } }, []);
    checkClashes({ arriving: [NFC, NFD], folding: { case: true, unicode: false } }, []);
    checkClashes({ arriving: ['a', 'A', NFC, NFD], folding: { case: false, unicode: false } }, []);
    checkClashes({ arriving: ['a', 'A', NFC, NFD], folding: { case: true, unicode: false } }, [['A', 'a']]);
  });
  it('folds letters beyond ASCII', () => {
    checkClashes({ arriving: ['ÄÖ', 'äö'] }, [['ÄÖ', 'äö']]);
    checkClashes({ arriving: ['Σ', 'σ', 'ς'] }, [['Σ', 'ς', 'σ']]);
  });
  it('takes a hundred thousand names that are there in its stride', () => {
    const present = Array.from({ length: 100_000 }, (_, index) => `folder${index % 300}/file${index}.py`);
    checkClashes({ arriving: ['FOLDER1/file1.py'], present }, [
      ['FOLDER1', 'folder1'],
      ['FOLDER1/file1.py', 'folder1/file1.py'],
    ]);
  });
});
