import assert from 'node:assert/strict';
import { isAbsolute, join } from 'node:path/posix';
import { mergeConfigs, type ProjectSettings } from '../../../../src/core/project/config';
import { settingsForScript } from '../../../../src/core/project/hydraScript';
import { parseSweep } from '../../../../src/core/sweep/parseSweep';

const HYDRA = '#!/usr/bin/env python3\nimport os\nimport hydra\n\n@hydra.main()\ndef main(cfg): pass\n';

/** How the directory is given to the task of a sweep, in a project with `train.py`. */
async function checkDirectory(
  expected: ProjectSettings['outputDirArguments'],
  text: string,
  settings: Partial<ProjectSettings> = {},
  sweepText = 'grid: { x: [1] }',
): Promise<void> {
  const { value: sweep } = parseSweep(sweepText);
  assert.ok(sweep);
  const files = { readText: (path: string) => Promise.resolve(path === '/p/train.py' ? text : undefined) };
  const project = { ...mergeConfigs().project, script: 'train.py', ...settings };
  const ports = { files, path: { join, isAbsolute }, projectDir: '/p' };
  const read = await settingsForScript(project, sweep, ports);
  assert.equal(read.outputDirArguments, expected);
}

describe('settingsForScript', () => {
  it('adds the directory with ++ where the script imports Hydra, however it does', async () => {
    await checkDirectory('add', HYDRA);
    await checkDirectory('add', 'from hydra import compose\n');
    await checkDirectory('add', 'from hydra.utils import instantiate\n');
    await checkDirectory('add', 'import os, hydra\n');
    await checkDirectory('add', 'if True:\n    import hydra.core\n');
  });

  it('gives it plainly to other readers of key=value', async () => {
    await checkDirectory(true, 'import sys\n');
    await checkDirectory(true, '# import hydra\n"""no import hydra"""\n');
    await checkDirectory(true, 'import hydrate\nfrom hydraulics import pump\n');
    await checkDirectory(true, HYDRA, { script: 'missing.py' });
  });

  it('looks at the script in a command, too', async () => {
    const command = 'grid: { x: [1] }\nrun: { command: [python3, train.py, "{arguments}"] }';
    await checkDirectory('add', HYDRA, {}, command);
  });

  it('leaves alone what was switched off, and other styles', async () => {
    await checkDirectory(false, HYDRA, { outputDirArguments: false });
    await checkDirectory(true, HYDRA, { arguments: 'argparse' });
  });
});
