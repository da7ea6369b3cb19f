import assert from 'node:assert/strict';
import * as path from 'node:path';
import type { TaskFailure } from '../../../../src/core/analysis/failure';
import { readFailure } from '../../../../src/core/analysis/readFailure';
import { failedTask } from '../../../support/failedTask';

const DIR = '/out/tasks/task_0001';

/** A task's directory and a project, as texts by path. */
async function read(
  contents: Readonly<Record<string, string>>,
  projectAliases: readonly string[] = [],
  withOtherLogs = false,
): Promise<TaskFailure> {
  const files = {
    readTail: (file: string, bytes: number) => Promise.resolve(contents[file]?.slice(-bytes)),
    readText: (file: string, bytes: number) => Promise.resolve(contents[file]?.slice(0, bytes)),
    list: (dir: string) =>
      Promise.resolve(
        Object.keys(contents).flatMap((file) =>
          path.posix.dirname(file) === dir ? [path.posix.basename(file)] : [],
        ),
      ),
    exists: (file: string) => Promise.resolve(file in contents),
  };
  const task = failedTask({ attempt: 2, stdout: `${DIR}/stdout.log`, stderr: `${DIR}/stderr.log` });
  return readFailure(
    { files, join: (...parts) => path.posix.join(...parts) },
    { task, dir: DIR, projectDir: '/home/ada/project', projectAliases, withOtherLogs },
  );
}

const TRACEBACK = `Traceback (most recent call last):
  File "/data/runs/code/ab12/src/model.py", line 8, in check
    raise ValueError("bad")
  File "/data/runs/code/ab12/gone.py", line 3, in step
    check()
ValueError: bad
`;

describe('readFailure', () => {
  it('finds files of the host in the workspace, as far as they are there', async () => {
    const failure = await read({ [`${DIR}/stderr.log`]: TRACEBACK, '/home/ada/project/src/model.py': 'x' }, [
      '/data/runs/code/ab12',
    ]);
    assert.equal(failure.culprit?.localFile, '/home/ada/project/src/model.py');
    assert.deepEqual(
      failure.frames.map(({ localFile }) => localFile),
      ['/home/ada/project/src/model.py', undefined],
    );
  });

  it('takes nothing of a folder that only begins alike', async () => {
    const contents = { [`${DIR}/stderr.log`]: TRACEBACK, '/home/ada/project/src/model.py': 'x' };
    assert.equal((await read(contents, ['/data/runs/code/ab1'])).culprit, undefined);
  });

  it('reads what the machine was like, of this attempt', async () => {
    const text = '== attempt 2\n== host\ngpu03 Linux 1795331250\n';
    assert.equal((await read({ [`${DIR}/failure.txt`]: text })).system?.host, 'gpu03');
    const older = text.replace('attempt 2', 'attempt 1');
    assert.equal((await read({ [`${DIR}/failure.txt`]: older })).system, undefined);
    const machine = { task: 'task_0002', beforeMs: 5, gpus: '', text: '== host\ngpu03 Linux 1795331250\n' };
    const contents = {
      [`${DIR}/failure.txt`]: older,
      [`${DIR}/attempts.jsonl`]: `{"attempt":1}\n${JSON.stringify({ attempt: 2, machine })}\n`,
    };
    const shared = (await read(contents)).system;
    assert.deepEqual([shared?.host, shared?.shared?.task], ['gpu03', 'task_0002']);
  });

  it('shows other logs beside the output where they are wanted, and goes by the output', async () => {
    const contents = {
      [`${DIR}/stderr.log`]: TRACEBACK,
      [`${DIR}/train.log`]: "ModuleNotFoundError: No module named 'torch'\n",
    };
    assert.equal((await read(contents)).otherLogs, undefined);
    const failure = await read(contents, [], true);
    assert.deepEqual(failure.otherLogs, [
      { file: `${DIR}/train.log`, tail: ["ModuleNotFoundError: No module named 'torch'"] },
    ]);
    assert.equal(failure.title, 'ValueError: bad');
    assert.equal(failure.explanation, undefined);
  });

  it('looks into other logs when the output says nothing', async () => {
    const contents = {
      [`${DIR}/stderr.log`]: '\n',
      [`${DIR}/train.log`]: "INFO start\nModuleNotFoundError: No module named 'torch'\n",
      [`${DIR}/stderr.attempt1.log`]: 'Killed\n',
      [`${DIR}/model.bin`]: 'x',
    };
    const failure = await read(contents);
    assert.deepEqual(
      failure.otherLogs?.map(({ file }) => file),
      [`${DIR}/train.log`],
    );
    assert.equal(failure.explanation?.pattern, 'python-module-missing');
  });
});
