import { makeTempDir } from '../../support/tempDir';
import { pythonWithHydra } from '../hydra/hydraVenv';
import { mergeConfigs } from '../../../src/core/project/config';
import { settingsForScript } from '../../../src/core/project/hydraScript';
import { parseSweep } from '../../../src/core/sweep/parseSweep';
import { expand } from '../../../src/core/sweep/expand';
import { buildCommand } from '../../../src/core/sweep/taskCommand';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import assert from 'node:assert/strict';
import { checkProvoked, provokeAll, type ProvokedFailure } from './provokedRun';

/** What the program does is told by its parameter `do`. */
const PROGRAM = `import dataclasses
import hydra
import yaml
from omegaconf import OmegaConf


@dataclasses.dataclass
class Schema:
    lr: int = 1


@hydra.main(version_base=None, config_path="conf", config_name="train")
def main(cfg):
    steps = {
        "nothing": lambda: None,
        "value": lambda: cfg.data.path,
        "key": lambda: cfg.data.patth,
        "reference": lambda: cfg.reference,
        "variable": lambda: cfg.variable,
        "resolver": lambda: OmegaConf.create({"a": "\${nope:1}"}).a,
        "target": lambda: hydra.utils.instantiate(cfg.net),
        "call": lambda: hydra.utils.instantiate(cfg.date),
        "type": lambda: OmegaConf.merge(OmegaConf.structured(Schema), {"lr": "abc"}),
        "yaml": lambda: yaml.safe_load(open("broken.yaml")),
    }
    steps[cfg.do]()


main()
`;

const FILES = {
  'train.py': PROGRAM,
  'broken.yaml': 'a: [1, 2\nb: 3\n',
  'conf/model/small.yaml': 'width: 1\n',
  'conf/train.yaml': `defaults: [_self_, {model: small}]
do: nothing
lr: 1
data: {path: "???"}
reference: \${nowhere.key}
variable: \${oc.env:NO_SUCH_VARIABLE}
net: {_target_: nomod.Net}
date: {_target_: datetime.date, year: 1}
`,
};

/** Pattern, arguments of the program, what is told. */
const FAILURES: readonly (readonly [id: string, argument: string, says: string, at?: string])[] = [
  ['hydra-unknown-key', 'lrr=2', 'The configuration of the program has no key "lrr".'],
  [
    'hydra-output-dir',
    'output.dir=x',
    'hsm gives tasks the argument "output.dir", for the directory of the task, and the configuration of the program has no such key.',
  ],
  ['hydra-key-exists', '+lr=2', 'The sweep adds "lr" with a plus, but the configuration has it already.'],
  ['hydra-nothing-to-delete', '~nope', 'The sweep removes "nope", which the configuration does not have.'],
  [
    'hydra-ambiguous-value',
    'lr=1,2',
    'Hydra cannot tell whether "lr=1,2" is a list or a text, because of its comma.',
  ],
  ['hydra-override-syntax', 'lr=[1,2', 'Hydra could not read an argument of the command "[1,2".'],
  ['hydra-override-syntax', 'lr=$(', 'Hydra could not read an argument of the command "lr=$(".'],
  ['hydra-override-syntax', 'a b', 'Hydra could not read an argument of the command "a b".'],
  ['hydra-config-missing', 'model=huge', 'Hydra has no configuration "model/huge".'],
  ['hydra-config-missing', '--config-name=zz', 'Hydra has no configuration "zz".'],
  ['argument-unknown', '--nope', 'The program does not know the arguments "--nope".'],
  [
    'config-value-missing',
    'do=value',
    'The configuration wants a value for "data.path" (???), and got none.',
    'train.py:16',
  ],
  [
    'config-unknown-key',
    'do=key',
    'The code asks the configuration for "patth", which it does not have.',
    'train.py:17',
  ],
  [
    'config-interpolation',
    'do=reference',
    'A value of the configuration refers to "nowhere.key", which is not there.',
    'train.py:18',
  ],
  [
    'config-interpolation',
    'do=variable',
    'A value of the configuration is the environment variable "NO_SUCH_VARIABLE", which is not set there.',
    'train.py:19',
  ],
  [
    'config-interpolation',
    'do=resolver',
    'A value of the configuration needs the resolver "nope", which the program did not register.',
    'train.py:20',
  ],
  ['hydra-target', 'do=target', 'Hydra did not find "nomod.Net", or it could not be imported.'],
  ['hydra-target', 'do=call', 'Hydra called "datetime.date", and the call failed.'],
  [
    'config-wrong-type',
    'do=type',
    'The configuration wants a value of type "Integer", and got "abc".',
    'train.py:23',
  ],
  ['yaml-syntax', 'do=yaml', 'The YAML file "broken.yaml" cannot be read at line 2.', 'train.py:24'],
];

describe('failures of real programs of Hydra', function () {
  this.timeout(300_000);
  const dir = makeTempDir();
  let python: string;

  before(async function () {
    python = await pythonWithHydra(this);
  });

  after(() => {
    dir.dispose();
  });

  it('are known, with what they name', async () => {
    const provoked = FAILURES.map(([id, argument, says, at]): ProvokedFailure => {
      const argv = [python, 'train.py', argument, 'hydra.run.dir=run'];
      return { id, argv, files: FILES, says, ...(at === undefined ? {} : { at }) };
    });
    const found = await provokeAll(dir.path, provoked);
    for (const each of provoked) checkProvoked(each, found.get(each));
  });

  it('are not brought about by what every task is given, whether the configuration knows it or not', async () => {
    for (const [name, config] of [
      ['without', FILES['conf/train.yaml']],
      ['with', `${FILES['conf/train.yaml']}output: {dir: null}\n`],
    ] as const) {
      const projectDir = join(dir.path, name);
      const taskDir = join(projectDir, "task's dir");
      mkdirSync(join(projectDir, 'conf/model'), { recursive: true });
      for (const [file, text] of Object.entries({ ...FILES, 'conf/train.yaml': config }))
        writeFileSync(join(projectDir, file), text);
      await promisify(execFile)(...(await commandOf(projectDir, taskDir)), { cwd: projectDir });
      const seen = await readFile(join(taskDir, '.hydra_run', '.hydra', 'config.yaml'), 'utf8');
      assert.match(seen, /output:\n {2}dir: .*task's dir/u, name);
      assert.ok(existsSync(join(taskDir, '.hydra_run')));
    }
  });

  /** As a sweep without any setting starts it. */
  async function commandOf(projectDir: string, taskDir: string): Promise<[string, string[]]> {
    const { value: sweep } = parseSweep('script: train.py\ngrid: { lr: [2] }\n');
    assert.ok(sweep);
    const files = { readText: (file: string) => readFile(file, 'utf8') };
    const settings = { ...mergeConfigs().project, python };
    const project = await settingsForScript(settings, sweep, {
      files,
      path: { join, isAbsolute },
      projectDir,
    });
    const parameters = expand(sweep).at(0);
    const input = { sweep, project, parameters, number: 1, name: 'task_0001', taskDir };
    const [program = '', ...rest] = buildCommand(input).argv;
    return [program, rest];
  }
});
