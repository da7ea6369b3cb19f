import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProjectDir, projectOfSweepDir } from '../../../src/cli/projectDir';

describe('the project of a folder', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hsm-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  checkFound('the nearest folder upwards with .hsm', ['p/.hsm', 'p/a/b'], 'p/a/b', 'p');
  checkFound('the nearest folder upwards with sweeps', ['p/.git', 'p/a/sweeps', 'p/a/b'], 'p/a/b', 'p/a');
  checkFound('the root of a git repository', ['p/.git', 'p/a/b'], 'p/a/b', 'p');
  checkFound('the folder itself without any mark', ['p/a'], 'p/a', 'p/a');
  checkFound('never the home folder', ['.hsm', '.git', 'work/a'], 'work/a', 'work/a');

  it('is found from the directory of one of its sweeps', () => {
    make(['p/.hsm', 'p/outputs/sweep_1', 'q/outputs/sweep_1', 'q/outputs/other']);
    writeFileSync(join(root, 'p/outputs/sweep_1/sweep.json'), '{}');
    writeFileSync(join(root, 'q/outputs/sweep_1/sweep.json'), '{}');
    assert.equal(projectOfSweepDir(join(root, 'p/outputs/sweep_1'), root), join(root, 'p'));
    assert.equal(projectOfSweepDir(join(root, 'q/outputs/sweep_1'), root), join(root, 'q'));
    assert.equal(projectOfSweepDir(join(root, 'q/outputs/other'), root), undefined);
  });

  function checkFound(what: string, dirs: readonly string[], start: string, expected: string): void {
    it(`is ${what}`, () => {
      make(dirs);
      assert.equal(findProjectDir(join(root, start), root), join(root, expected));
    });
  }

  function make(dirs: readonly string[]): void {
    for (const dir of dirs) mkdirSync(join(root, dir), { recursive: true });
  }
});
