import assert from 'node:assert/strict';
import { failureEntry, placeEntry } from '../../../../src/ui/problems/failureEntries';
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

  it('says what is known about such failures', () => {
    const explanation = {
      pattern: 'nan-loss',
      class: 'task' as const,
      explanation: 'The loss is not a number.',
      advice: 'Lower the learning rate.',
      knownFrom: 'https://example.org',
    };
    const entry = failureEntry(plainL10n, 'lr_1', { ...GROUP, explanation }, [2], fakeFailure(2));
    assert.equal(
      entry?.message,
      `${GROUP.title}\nThe loss is not a number. Lower the learning rate.\nTask 2 of sweep lr_1`,
    );
  });

  it('moves with its line, and says so', async () => {
    const caller = { file: 'main.py', line: 7, localFile: '/project/main.py' };
    const entry = failureEntry(plainL10n, 'lr_1', GROUP, [2], fakeFailure(2, { frames: [caller] }));
    assert.ok(entry);
    const isTrain = (file: string): boolean => file === GROUP.file;
    const placed = await placeEntry(plainL10n, entry, (file, line) =>
      Promise.resolve({ line: isTrain(file) ? line + 3 : line, isFileChanged: isTrain(file) }),
    );
    assert.equal(placed.line, 91);
    assert.equal(placed.frames[0]?.line, 7);
    assert.match(placed.message, /\nThe file has changed since this ran\. What ran had this in line 88\.$/);
  });
});
