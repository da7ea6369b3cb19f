import assert from 'node:assert/strict';
import { chooseNamed, findNamed } from '../../../../src/core/sync/fileChoice';
import { sameCommit } from './sides';

const HEAD = { 'src/a': '1', 'src/b': '1', 'src/gone': '1', 'src/lost': '1', 'src/both': '1', top: '1' };
const COMPARISON = sameCommit(
  HEAD,
  { 'src/a': 'x', 'src/new': 'n', 'src/gone': undefined, 'src/both': 'x', srcs: 'n' },
  { 'src/b': 'y', 'src/both': 'y', 'src/lost': undefined },
);

function checkChoice(direction: 'push' | 'pull', name: string, going: string[], staying: string[]): void {
  const choice = chooseNamed(direction, COMPARISON, name);
  assert.deepEqual(
    choice.going.map(({ path }) => path),
    going,
  );
  assert.deepEqual(
    choice.staying.map(({ path }) => path),
    staying,
  );
}

describe('what a name stands for in a transfer', () => {
  it('of a folder, what goes that way by itself: no deletes, nothing that the other side changed', () => {
    const rest = ['src/b', 'src/both', 'src/gone', 'src/lost'];
    for (const name of ['src', 'src/', './src', './src//'])
      checkChoice('push', name, ['src/a', 'src/new'], rest);
    checkChoice('pull', 'src', ['src/b'], ['src/a', 'src/both', 'src/gone', 'src/lost', 'src/new']);
  });

  it('of a file, that file whatever became of it', () => {
    checkChoice('pull', 'src/new', ['src/new'], []);
    checkChoice('push', './src/gone', ['src/gone'], []);
    checkChoice('push', 'src/both', ['src/both'], []);
  });

  it('nothing where nothing differs', () => {
    checkChoice('push', 'top', [], []);
    checkChoice('push', 'sr', [], []);
    checkChoice('push', 'src/new/', [], []);
  });

  it('of the project, everything that goes that way by itself', () => {
    for (const name of ['', '.', './'])
      checkChoice('push', name, ['src/a', 'src/new', 'srcs'], ['src/b', 'src/both', 'src/gone', 'src/lost']);
  });

  it('of a file that became a folder, both', () => {
    const comparison = sameCommit({ data: '1' }, { data: undefined, 'data/x': 'n' }, {});
    assert.deepEqual(
      chooseNamed('push', comparison, 'data').going.map(({ path }) => path),
      ['data', 'data/x'],
    );
    assert.deepEqual(findNamed(comparison.files, 'data/').exact, undefined);
  });
});
