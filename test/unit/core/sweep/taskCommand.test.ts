import assert from 'node:assert/strict';
import { mergeConfigs, type ProjectSettings } from '../../../../src/core/project/config';
import { checkCommand } from '../../../../src/core/sweep/checkCommand';
import { expand } from '../../../../src/core/sweep/expand';
import { buildCommand, type TaskCommand } from '../../../../src/core/sweep/taskCommand';
import { brief, sweepOf } from './sweepText';

const PROJECT = mergeConfigs().project;
const GRID =
  'grid: { optimizer.lr: [1e-3], name: ["it\'s"], layers: [[1, 2]], flag: [true], none: [null] }\n';

function commandOf(text: string, project: Partial<ProjectSettings> = {}): TaskCommand {
  const sweep = sweepOf(text);
  const parameters = expand(sweep).at(0);
  return buildCommand({
    sweep,
    project: { ...PROJECT, ...project },
    parameters,
    number: 12,
    name: 'task_0012',
    taskDir: '/out/my sweep/task_0012',
  });
}

function checkArgv(text: string, project: Partial<ProjectSettings>, expected: readonly string[]): void {
  assert.deepEqual(commandOf(text, project).argv, expected);
}

describe('The command of a task', () => {
  const hydra = ['optimizer.lr=1e-3', 'name="it\'s"', 'layers=[1,2]', 'flag=true', 'none=null'];
  const directories = [
    'output.dir="/out/my sweep/task_0012"',
    'hydra.run.dir="/out/my sweep/task_0012/.hydra_run"',
  ];

  it('is the script with tokens for Hydra and the task’s directories', () => {
    checkArgv(`script: train.py\n${GRID}`, {}, ['python3', 'train.py', ...hydra, ...directories]);
    assert.deepEqual(commandOf(`script: train.py\n${GRID}`).arguments, hydra);
  });

  it('has no directories when the project switched them off', () => {
    checkArgv(GRID, { script: 'train.py', python: 'py', outputDirArguments: false }, [
      'py',
      'train.py',
      ...hydra,
    ]);
  });

  it('adds the directory with ++ for a program of Hydra, which may have no such key', () => {
    const project = { script: 'train.py', outputDirArguments: 'add' as const };
    const [output = '', run = ''] = directories;
    checkArgv(GRID, project, ['python3', 'train.py', ...hydra, `++${output}`, run]);
  });

  it('starts a script that is no Python file by itself, in the project', () => {
    const grid = 'grid: { a: [1] }\nrun: { arguments: argparse }\n';
    checkArgv(`script: run.sh\n${grid}`, {}, ['./run.sh', '--a', '1']);
    checkArgv(`script: bin/run\n${grid}`, {}, ['bin/run', '--a', '1']);
    checkArgv(`script: /opt/run\n${grid}`, {}, ['/opt/run', '--a', '1']);
  });

  it('prefers the sweep’s script and style to the project’s', () => {
    checkArgv(
      'script: a.py\ngrid: { x: [1] }\nrun: { arguments: argparse }',
      { script: 'b.py', arguments: 'hydra' },
      ['python3', 'a.py', '--x', '1'],
    );
  });

  it('has options in the style of argparse', () => {
    assert.deepEqual(commandOf(GRID, { script: 'a.py', arguments: 'argparse' }).arguments, [
      ...['--optimizer.lr', '1e-3'],
      ...['--name', "it's"],
      ...['--layers', '1', '2'],
      ...['--flag', 'true'],
    ]);
    assert.deepEqual(
      commandOf('grid: { a: [-1e-5], b: ["-x"], c: [[]], d: [{ k: [1] }], e: [.inf] }', {
        arguments: 'argparse',
      }).arguments,
      ['--a=-1e-5', '--b=-x', '--c', '--d', '{"k":[1]}', '--e', 'inf'],
    );
  });

  it('has variables in the style env, and no tokens', () => {
    const command = commandOf(GRID, { script: 'a.py', arguments: 'env' });
    assert.deepEqual(command.argv, ['python3', 'a.py']);
    assert.deepEqual(command.env, {
      HSM_PARAM_OPTIMIZER_LR: '1e-3',
      HSM_PARAM_NAME: "it's",
      HSM_PARAM_LAYERS: '[1,2]',
      HSM_PARAM_FLAG: 'true',
      HSM_PARAM_NONE: '',
    });
    assert.deepEqual(commandOf(GRID, { script: 'a.py' }).env, {});
  });

  it('comes from a template, one element per element', () => {
    const run = (...words: string[]): string => `${GRID}run: { command: ${JSON.stringify(words)} }`;
    checkArgv(run('sim', '--lr={optimizer.lr}', '{name}', '{layers}', '{flag}/{none}'), {}, [
      ...['sim', '--lr=1e-3', "it's", '[1,2]', 'true/null'],
    ]);
    checkArgv(run('sim', '{parameter.optimizer.lr}', '{task}', '-o', '{task_dir}/out'), {}, [
      ...['sim', '1e-3', '12', '-o', '/out/my sweep/task_0012/out'],
    ]);
    checkArgv(run('torchrun', 'train.py', '{arguments}'), {}, [
      'torchrun',
      'train.py',
      ...hydra,
      ...directories,
    ]);
    checkArgv(run('awk', '{print $1}', '{{name}}', '{"a": 1}'), {}, [
      'awk',
      '{print $1}',
      '{name}',
      '{"a": 1}',
    ]);
  });

  it('quotes all tokens as words when they are a part of an element', () => {
    const text =
      'grid: { a: ["it\'s"] }\nrun: { command: [ssh, host, "run {arguments}"], arguments: argparse }';
    checkArgv(text, {}, ['ssh', 'host', "run --a 'it'\\''s'"]);
  });

  it('comes from the project’s template unless the sweep says otherwise', () => {
    const project = { script: 'b.py', arguments: ['sim', '{x}'] };
    checkArgv('grid: { x: [1] }', project, ['sim', '1']);
    checkArgv('grid: { x: [1] }\nrun: { command: [other] }', project, ['other']);
    checkArgv('grid: { x: [1] }\nrun: { arguments: env }', project, ['python3', 'b.py']);
  });

  it('takes references to Hydra as they are, but task directories literally', () => {
    const sweep = sweepOf('grid: { a: ["${b}"] }');
    const parameters = expand(sweep).at(0);
    const input = {
      sweep,
      project: { ...PROJECT, script: 'a.py' },
      parameters,
      number: 1,
      name: 'task_0001',
    };
    assert.deepEqual(buildCommand({ ...input, taskDir: '/x/${y}' }).argv.slice(2), [
      'a=${b}',
      String.raw`output.dir="/x/\${y}"`,
      String.raw`hydra.run.dir="/x/\${y}/.hydra_run"`,
    ]);
  });
});

describe('A check of the command', () => {
  const check = (text: string, expected: readonly string[], project: Partial<ProjectSettings> = {}): void => {
    assert.deepEqual(brief(checkCommand(sweepOf(text), { ...PROJECT, ...project })), expected);
  };

  it('asks for a script', () => {
    check('grid: { a: [1] }', ['error no-script 1:1']);
    check('grid: { a: [1] }', [], { script: 'a.py' });
    check('script: a.py\ngrid: { a: [1] }', []);
    check('grid: { a: [1] }\nrun: { command: [sim, "{a}"] }', []);
  });

  it('finds placeholders that mean nothing, with the parameter that was meant', () => {
    const text =
      'grid: { optimizer.lr: [1] }\nrun: { command: [sim, "{optimizer.lt} {lr} {task} {task_dir}"] }';
    check(text, ['error unknown-placeholder 2:17', 'error unknown-placeholder 2:17']);
    assert.equal(checkCommand(sweepOf(text), PROJECT)[0]?.hint, 'Did you mean `{optimizer.lr}`?');
    check('grid: { a: [1] }', ['error unknown-placeholder 1:1'], { arguments: ['sim', '{b}'] });
  });

  it('finds placeholders that some combinations leave empty', () => {
    check('grid: { a: [1], b: [2] }\ninclude: [{ b: 3 }]\nrun: { command: [sim, "{a}"] }', [
      'error placeholder-without-value 2:11',
    ]);
    check(
      'defaults: { a: 0 }\ngrid: { a: [1], b: [2] }\ninclude: [{ b: 3 }]\nrun: { command: [sim, "{a}"] }',
      [],
    );
    check('grid: { a: [1] }\ninclude: [{ a: 2, b: 3 }]\nrun: { command: [sim, "{b}"] }', [
      'error placeholder-without-value 3:17',
    ]);
  });

  it('refuses values in the code of a shell', () => {
    check('grid: { a: [1] }\nrun: { command: [bash, -lc, "sim {a}"] }', [
      'error placeholder-in-shell-code 2:17',
    ]);
    check('grid: { a: [1] }\nrun: { command: [sh, -c, \'exec sim "$@"\', sh, "{arguments}"] }', []);
  });

  it('finds names that the style cannot take', () => {
    const grid = 'script: a.py\ngrid: { "a b": [1], ok: [1], a=b: [1] }\n';
    check(grid, ['error bad-name 2:9', 'error bad-name 2:30']);
    check(`${grid}run: { arguments: argparse }`, ['error bad-name 2:9', 'error bad-name 2:30']);
    check(`${grid}run: { arguments: env }`, ['error variable-collision 2:30']);
    check('script: a.py\ngrid: { +a: [1], ~b: [null], db/x: [y], c@d: [1] }', []);
  });
});
