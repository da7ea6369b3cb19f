import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedGroups, changedPlaces } from '../../../src/cli/changedPlaces';
import type { Frame, TaskFailure } from '../../../src/core/analysis/failure';
import { FakeFacade } from '../../support/fakeFacade';
import { makeTempDir } from '../../support/tempDir';

describe('lines of a failure whose files changed since', () => {
  const dir = makeTempDir();
  after(() => {
    dir.dispose();
  });
  const facade = new FakeFacade();

  function frameIn(name: string, ran: string, now: string, line: number): Frame {
    const localFile = join(dir.path, name);
    writeFileSync(localFile, now);
    facade.codeAnswers.set(localFile, { text: ran, commit: 'c', dirty: false });
    return { file: name, line, localFile };
  }

  it('are told with where they are now, the culprit first, each file once', async () => {
    const main = frameIn('main.py', 'import a\nrun()\n', 'import a\nimport b\n\nrun()\n', 2);
    const model = frameIn('model.py', 'x = 1\nraise E\n', 'x = 2\nraise E\n', 2);
    const data = frameIn('data.py', 'open(F)\n', 'open(G)\n', 1);
    const same = frameIn('same.py', 'a\r\nb\r\n', 'a\nb\n', 1);
    const library: Frame = { file: '/usr/lib/python3/nn.py', line: 3 };
    const failure = {
      task: 1,
      culprit: model,
      frames: [{ ...main, line: 1 }, main, data, same, model, library],
    } as unknown as TaskFailure;
    assert.deepEqual(await changedPlaces(facade, 'lr_1', failure), [
      { file: model.localFile, line: 2, lineNow: 2 },
      { file: data.localFile, line: 1 },
      { file: main.localFile, line: 2, lineNow: 4 },
    ]);
    const groups = [main, same, library].map(({ localFile: file, line }, index) => ({
      ...{ signature: String(index), title: 'E', tasks: [1], line },
      ...(file !== undefined && { file }),
    }));
    assert.deepEqual(
      [...(await changedGroups(facade, 'lr_1', groups))],
      [['0', { file: main.localFile, line: 2, lineNow: 4 }]],
    );
  });
});
