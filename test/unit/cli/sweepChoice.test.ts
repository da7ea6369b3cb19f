import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseSweep, chooseTask, chooseTasks } from '../../../src/cli/sweepChoice';
import { HsmError } from '../../../src/core/base/errors';
import { fakeContext } from './support/fakeProject';
import { countsOf, sweepOf } from './support/summaries';

const ids = ['sweep_20260103_090000', 'sweep_20260102_120000', 'sweep_20260102_080000'];

describe('the sweep that a word means', () => {
  checkChoice('last', 'sweep_20260103_090000');
  checkChoice('sweep_20260102_080000', 'sweep_20260102_080000');
  checkChoice('sweep_20260103', 'sweep_20260103_090000');
  checkRefused('sweep_20260102', 'sweep_20260102_120000, sweep_20260102_080000');
  checkRefused('sweep_20260103_0900001', 'sweep_20260103_090000');
  checkRefused('', 'sweep_2026');

  it('is the one of a directory, also by a relative path and through a link', () => {
    const dir = mkdtempSync(join(tmpdir(), 'hsm-'));
    try {
      mkdirSync(join(dir, 'outputs', 'sweep_x'), { recursive: true });
      symlinkSync(join(dir, 'outputs'), join(dir, 'link'));
      const context = { ...fakeContext(), cwd: dir };
      context.project.list = [sweepOf(), sweepOf({ id: 'sweep_x', dir: join(dir, 'outputs', 'sweep_x') })];
      for (const text of ['outputs/sweep_x/', './link/sweep_x', join(dir, 'outputs/sweep_x')]) {
        assert.equal(chooseSweep(context, text).id, 'sweep_x');
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('is none where there is no sweep', () => {
    assert.throws(() => chooseSweep(fakeContext(), 'last'), /There is no sweep in \/project yet/);
  });

  function checkChoice(text: string, id: string): void {
    it(`is ${id} for "${text}"`, () => {
      assert.equal(chooseSweep(project(), text).id, id);
    });
  }

  function checkRefused(text: string, nearest: string): void {
    it(`is none for "${text}", but the nearest are named`, () => {
      assert.throws(
        () => chooseSweep(project(), text),
        (error) => HsmError.is(error, 'input.invalid') && (error.details.hint ?? '').includes(nearest),
      );
    });
  }

  function project(): ReturnType<typeof fakeContext> {
    const context = fakeContext();
    context.project.list = ids.map((id) => sweepOf({ id }));
    return context;
  }
});

describe('the tasks that a list means', () => {
  const sweep = sweepOf({ counts: countsOf({ succeeded: 12 }) });

  it('are its numbers and ranges, each once and in order', () => {
    assert.deepEqual(chooseTasks(sweep, '7-9, 3,8'), [3, 7, 8, 9]);
  });

  for (const text of ['13', '1-13', '1-99999999999999', '0', '9-7', '3;4', '']) {
    it(`are refused in "${text}"`, () => {
      assert.throws(
        () => chooseTasks(sweep, text),
        (error) => HsmError.is(error, 'input.invalid'),
      );
    });
  }

  it('can be one, by its number or its name', () => {
    assert.equal(chooseTask(sweep, '7'), 7);
    assert.equal(chooseTask(sweep, 'task_0007'), 7);
    assert.throws(() => chooseTask(sweep, '13'), /has no task 13/);
    assert.throws(() => chooseTask(sweep, 'seven'), /"seven" is no task number/);
  });
});
