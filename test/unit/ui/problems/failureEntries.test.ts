import assert from 'node:assert/strict';
import { failureEntry } from '../../../../src/ui/problems/failureEntries';
import { fakeFailure } from '../../../support/fakeFacade';
import { plainL10n } from '../../../support/plainL10n';

const GROUP = {
  signature: 's',
  title: 'ValueError: learning rate must be positive',
  tasks: [2, 5, 9],
  file: '/project/train.py',
  line: 88,
};

describe('the entry of a cause in Problems', () => {
  it('stands at the line of the code, names the tasks and the way there', () => {
    const library = { file: '/usr/lib/python3/runpy.py', line: 5 };
    const caller = {
      file: 'main.py',
      line: 7,
      function: 'run',
      text: 'train(lr)',
      localFile: '/project/main.py',
    };
    const example = fakeFailure(2, { frames: [library, caller] });
    assert.deepEqual(failureEntry(plainL10n, 'lr_1', GROUP, [2, 5, 9], example), {
      sweepId: 'lr_1',
      task: 2,
      file: '/project/train.py',
      line: 88,
      message: 'ValueError: learning rate must be positive\nTasks 2, 5, 9 of sweep lr_1',
      code: '3 tasks',
      frames: [{ file: '/project/main.py', line: 7, text: 'run: train(lr)' }],
    });
  });

  it('names only the first of many tasks', () => {
    const tasks = Array.from({ length: 200 }, (_, index) => index + 1);
    const entry = failureEntry(plainL10n, 'lr_1', GROUP, tasks, fakeFailure(1));
    assert.match(entry?.message ?? '', /Tasks 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 190 more of sweep lr_1$/);
  });

  it('is not there for a cause outside the workspace', () => {
    const { signature, title, tasks } = GROUP;
    const group = { signature, title, tasks };
    assert.equal(failureEntry(plainL10n, 'lr_1', group, [2], fakeFailure(2)), undefined);
  });

  it('is not there when all its tasks were dismissed', () => {
    assert.equal(failureEntry(plainL10n, 'lr_1', GROUP, [], fakeFailure(2)), undefined);
  });
});
