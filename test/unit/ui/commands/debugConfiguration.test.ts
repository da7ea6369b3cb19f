import assert from 'node:assert/strict';
import { debugConfiguration } from '../../../../src/ui/commands/debugConfiguration';

function plan(...argv: string[]): object | undefined {
  const found = debugConfiguration({ argv, env: { HSM_TASK: '7' }, cwd: '/project' }, 'Task 7');
  if (!found) return undefined;
  const { program, module, python, pythonArgs, args } = found;
  return {
    ...(program !== undefined && { program }),
    ...(module !== undefined && { module }),
    ...(python !== undefined && { python }),
    ...(pythonArgs && { pythonArgs }),
    args,
  };
}

describe('debugConfiguration', () => {
  it('gives the debugger exactly the arguments, environment and directory of the task', () => {
    const launch = {
      argv: ['python3', 'train.py', 'lr=0.1', 'note=two words'],
      env: { HSM_TASK: '7', HSM_TASK_DIR: '/out/task_0007' },
      cwd: '/project',
    };
    assert.deepEqual(debugConfiguration(launch, 'Task 7'), {
      type: 'debugpy',
      request: 'launch',
      name: 'Task 7',
      program: '/project/train.py',
      args: ['lr=0.1', 'note=two words'],
      cwd: '/project',
      env: launch.env,
      console: 'integratedTerminal',
      justMyCode: false,
    });
  });

  it('takes the interpreter of the task where it is a path, else the selected one', () => {
    assert.deepEqual(plan('.venv/bin/python', '/abs/train.py'), {
      program: '/abs/train.py',
      python: '/project/.venv/bin/python',
      args: [],
    });
  });

  it('knows modules and options of Python', () => {
    assert.deepEqual(plan('python3.11', '-u', '-X', 'dev', '-m', 'pkg.train', '-m', 'x'), {
      module: 'pkg.train',
      pythonArgs: ['-u', '-X', 'dev'],
      args: ['-m', 'x'],
    });
  });

  it('leaves out what starts Python, and knows a script that starts itself', () => {
    assert.deepEqual(plan('conda', 'run', '-n', 'ml', 'python', 'train.py', '--lr', '1'), {
      program: '/project/train.py',
      args: ['--lr', '1'],
    });
    assert.deepEqual(plan('./train.py', 'lr=1'), { program: '/project/./train.py', args: ['lr=1'] });
  });

  it('is nothing for what is no Python, or no file of Python', () => {
    assert.equal(plan('./train', 'python.lr=1'), undefined);
    assert.equal(plan('python3', '-c', 'print(1)'), undefined);
    assert.equal(plan('python3'), undefined);
  });
});
