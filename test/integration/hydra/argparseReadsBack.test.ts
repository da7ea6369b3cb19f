import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { mergeConfigs } from '../../../src/core/project/config';
import { expand } from '../../../src/core/sweep/expand';
import { parseSweep } from '../../../src/core/sweep/parseSweep';
import { buildCommand } from '../../../src/core/sweep/taskCommand';
import { FIXTURES } from './hydraVenv';

const run = promisify(execFile);

describe('Python’s argparse reads back what the sweep file says', () => {
  it('for texts, numbers, lists and nothing', async () => {
    await checkRead('text: ["it\'s, \\"so\\" $HOME"], model.lr: [1e-3], count: [3], layers: [[64, 128]]', {
      text: 'it\'s, "so" $HOME',
      'model.lr': 0.001,
      count: 3,
      layers: [64, 128],
    });
    await checkRead('missing: [null], layers: [[]], text: [""]', {
      missing: 'the default',
      layers: [],
      text: '',
    });
  });

  it('for values that begin with a dash', async () => {
    await checkRead('text: ["--count"], model.lr: [-1e-5], count: [-3], layers: [[-1]]', {
      text: '--count',
      'model.lr': -1e-5,
      count: -3,
      layers: [-1],
    });
  });

  async function checkRead(grid: string, expected: Record<string, unknown>): Promise<void> {
    const { value: sweep } = parseSweep(`grid: { ${grid} }\nrun: { arguments: argparse }\n`);
    assert.ok(sweep);
    const project = { ...mergeConfigs().project, script: path.join(FIXTURES, 'options.py') };
    const parameters = expand(sweep).at(0);
    const command = buildCommand({
      sweep,
      project,
      parameters,
      number: 1,
      name: 'task_0001',
      taskDir: '/nowhere',
    });
    const [program = '', ...rest] = command.argv;
    const read = JSON.parse((await run(program, rest)).stdout) as Record<string, unknown>;
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(read[name], value, name);
  }
});
