import assert from 'node:assert/strict';
import { mergeConfigs, parseConfig, type ProjectFile } from '../../../../src/core/project/config';
import { brief } from '../sweep/sweepText';
import { vectorGroup } from '../sweep/vectors';

function fileOf(text: string): ProjectFile {
  const { value, problems } = parseConfig(text);
  assert.deepEqual(brief(problems), []);
  assert.ok(value);
  return value;
}

function checkProblems(text: string, expected: readonly string[], hint?: string): void {
  const { problems } = parseConfig(text);
  assert.deepEqual(brief(problems), expected);
  if (hint !== undefined) assert.equal(problems[0]?.hint, hint);
}

describe('A project file', () => {
  it('is read with everything that it says', () => {
    const file = fileOf(`
project: { script: train.py, python: ~/env/bin/python, output: $SCRATCH/out, arguments: argparse, output_dir_arguments: false }
max_tasks: 500000
sources:
  here:    { type: local, slots: 4, gpus: [0, 1], gpus_per_task: 1, env: { A: 1, B: "" }, setup: [module load cuda] }
  gpubox:  { type: ssh, host: gpubox, root: ~/.hsm, checkout: ~/work/project, gpus: [0, 1], conda_env: ml, transport: openssh, cleanup: verified, collect: { include: ["*.csv"], exclude: ["*.ckpt"], max_size: 1.5G } }
  cluster: { type: slurm, host: login, root: /scratch/$USER/hsm, partition: gpu, walltime: "04:00:00", gpus: 1, throttle: 50, directives: { exclusive: , mail-type: END } }
  pbs:     { type: pbs, queue: short, cpus: 4, memory: 16gb, modules: [cuda] }
`);
    assert.deepEqual(file.project, {
      script: 'train.py',
      python: '~/env/bin/python',
      output: '$SCRATCH/out',
      arguments: 'argparse',
      outputDirArguments: false,
    });
    assert.equal(file.maxTasks, 500_000);
    const { sources, incomplete } = mergeConfigs(undefined, file);
    assert.deepEqual(incomplete, []);
    assert.deepEqual(sources, {
      here: {
        type: 'local',
        slots: 4,
        gpus: [0, 1],
        gpusPerTask: 1,
        env: { A: '1', B: '' },
        setup: ['module load cuda'],
      },
      gpubox: {
        type: 'ssh',
        host: 'gpubox',
        root: '~/.hsm',
        checkout: '~/work/project',
        code: 'checkout',
        transport: 'openssh',
        cleanup: 'verified',
        collect: { include: ['*.csv'], exclude: ['*.ckpt'], maxBytes: 1.5 * 1024 ** 3 },
        gpus: [0, 1],
        condaEnv: 'ml',
        env: {},
        setup: [],
      },
      cluster: {
        type: 'slurm',
        host: 'login',
        root: '/scratch/$USER/hsm',
        code: 'snapshot',
        partition: 'gpu',
        walltimeSec: 14_400,
        gpus: 1,
        throttle: 50,
        directives: { exclusive: '', 'mail-type': 'END' },
        modules: [],
        env: {},
        setup: [],
      },
      pbs: {
        type: 'pbs',
        queue: 'short',
        cpus: 4,
        memory: '16gb',
        modules: ['cuda'],
        root: '~/.hsm',
        code: 'snapshot',
        directives: {},
        env: {},
        setup: [],
      },
    });
  });

  it('may be empty', () => {
    for (const text of ['', '# nothing\n', 'project:\nsources:\n'])
      assert.deepEqual(fileOf(text), { project: {}, sources: {}, results: {}, sync: {} });
  });

  it('may give a command template in place of a style', () => {
    assert.deepEqual(fileOf('project: { arguments: [sim, "{arguments}"] }').project.arguments, [
      'sim',
      '{arguments}',
    ]);
    checkProblems('project: { arguments: sim }', ['error bad-value 1:23']);
    checkProblems('project: { arguments: [] }', ['error empty-list 1:23']);
  });

  it('refuses bad values at their place', () => {
    checkProblems('sources: { a: { type: lokal } }', ['error bad-value 1:23'], 'Did you mean `local`?');
    checkProblems('sources: { a: { type: local, slots: 0 } }', ['error bad-value 1:37']);
    checkProblems('sources: { a: { type: local, slots: four } }', ['error bad-value 1:37']);
    checkProblems('sources: { a: { type: local, gpus: [0, x] } }', ['error bad-value 1:40']);
    checkProblems('sources: { a: { type: slurm, gpus: [0] } }', ['error bad-value 1:36']);
    checkProblems('sources: { a: { type: slurm, walltime: 23:00 } }', ['error bad-duration 1:40']);
    checkProblems('sources: { a: { type: local, setup: module load x } }', ['error not-a-list 1:37']);
    checkProblems('sources: [a]', ['error not-a-map 1:10']);
    checkProblems('project: { output_dir_arguments: maybe }', ['error bad-value 1:34']);
    checkProblems('max_tasks: 0', ['error bad-value 1:12']);
    checkProblems('- a', ['error not-a-map 1:1']);
    checkProblems('project: {', ['error yaml-syntax 1:11']);
  });

  it('warns of unknown keys, with the key that was meant', () => {
    checkProblems(
      'project: { scirpt: a.py }',
      ['warning unknown-key 1:12'],
      'Did you mean `project.script`?',
    );
    checkProblems('script: a.py', ['warning unknown-key 1:1'], 'Did you mean `project.script`?');
    checkProblems(
      'sources: { a: { type: local, slot: 4 } }',
      ['warning unknown-key 1:30'],
      'Did you mean `sources.a.slots`?',
    );
  });

  it('warns of keys that belong to another type of source', () => {
    checkProblems(
      'sources: { a: { type: local, partition: gpu } }',
      ['warning misplaced-key 1:30'],
      'It is a key of slurm sources.',
    );
    checkProblems('sources: { a: { type: pbs, qos: x } }', ['warning misplaced-key 1:28']);
  });

  it('warns of sources that are not whole', () => {
    checkProblems('sources: { a: { slots: 4 } }', ['warning missing-type 1:12']);
    checkProblems('sources: { a: { type: ssh } }', ['warning missing-host 1:12']);
  });
});

describe('Vectors of the Python tool: config_warnings of configuration files', () => {
  const { vectors } = vectorGroup('config_warnings') as { vectors: { config?: object; hint: string }[] };
  for (const { config, hint } of vectors.filter((vector) => vector.config)) {
    // Its file has the same name but another shape, so that its hints name keys which mean nothing here.
    it(`${JSON.stringify(config)}: named as unknown, with where it is written here (there: ${hint})`, () => {
      const { problems } = parseConfig(JSON.stringify(config));
      assert.deepEqual(brief(problems), ['warning unknown-key 1:2']);
      const [key = ''] = Object.keys(config ?? {});
      const [problem] = problems;
      assert.ok(problem);
      assert.ok(problem.message.startsWith(`\`${key}\` is not a known key, so it is ignored.`));
      assert.match(problem.hint ?? '', /`sources/);
    });
  }
});

describe('The configuration in effect', () => {
  it('has one local source and quiet defaults when there is no file', () => {
    assert.deepEqual(mergeConfigs(), {
      project: { python: 'python3', output: 'outputs', arguments: 'hydra', outputDirArguments: true },
      sources: { local: { type: 'local', env: {}, setup: [] } },
      maxTasks: 100_000,
      results: {},
      sync: { exclude: [], beforeStart: 'ask' },
      incomplete: [],
    });
  });

  it('says how a checkout is kept in step', () => {
    const file = fileOf('sync: { exclude: ["*.bin"], config_files: ["conf/**"], before_start: always }');
    assert.deepEqual(mergeConfigs(undefined, file).sync, {
      exclude: ['*.bin'],
      configFiles: ['conf/**'],
      beforeStart: 'always',
    });
    const machine = fileOf('sync: { before_start: never }');
    assert.equal(mergeConfigs(machine, fileOf('sync: { exclude: [a] }')).sync.beforeStart, 'never');
    checkProblems('sync: { before_start: maybe, exlude: [] }', [
      'error bad-value 1:23',
      'warning unknown-key 1:30',
    ]);
  });

  it('says where metrics are and which one counts', () => {
    const file = fileOf(
      'results: { metrics: ["logs/*.csv", "/loss=(?<loss>\\\\S+)/"], objective: val.loss, goal: minimize }',
    );
    assert.deepEqual(mergeConfigs(fileOf('results: { objective: acc }'), file).results, {
      metrics: ['logs/*.csv', String.raw`/loss=(?<loss>\S+)/`],
      objective: 'val.loss',
      goal: 'minimize',
    });
  });

  it('reports a pattern for metrics that is none', () => {
    const hint =
      '`results.metrics`: /loss=(.*)/ is no pattern: A pattern needs a named group for each metric, e.g. `/loss=(?<loss>\\S+)/`.';
    const { problems } = parseConfig('results: { metrics: [a.csv, "/loss=(.*)/"] }');
    assert.deepEqual(
      problems.map(({ message }) => message),
      [hint],
    );
  });

  it('is the project’s file over the machine’s, field by field', () => {
    const machine = fileOf(`
project: { python: /opt/python, output: elsewhere }
max_tasks: 7
sources: { gpubox: { type: ssh, host: box, gpus: [0, 1], setup: [a, b] }, mine: { type: local } }
`);
    const { value: project } = parseConfig(`
project: { script: train.py, output: outputs }
sources: { gpubox: { checkout: ~/p, setup: [c] } }
`);
    const config = mergeConfigs(machine, project);
    assert.equal(config.project.python, '/opt/python');
    assert.equal(config.project.output, 'outputs');
    assert.equal(config.project.script, 'train.py');
    assert.equal(config.maxTasks, 7);
    assert.deepEqual(Object.keys(config.sources), ['gpubox', 'mine']);
    assert.deepEqual(config.sources['gpubox'], {
      type: 'ssh',
      host: 'box',
      root: '~/.hsm',
      checkout: '~/p',
      code: 'checkout',
      gpus: [0, 1],
      env: {},
      setup: ['c'],
    });
  });

  it('says what is wrong with the rules of collecting', () => {
    checkProblems('sources: { a: { type: ssh, host: b, collect: { max_size: lots } } }', [
      'error bad-value 1:58',
    ]);
  });

  it('refuses paths on a host that depend on where a login begins', () => {
    checkProblems('sources: { a: { type: ssh, host: b, checkout: work/project } }', ['error bad-value 1:47']);
    for (const path of ['/work/p', '~/p', '"$SCRATCH/p"'])
      checkProblems(`sources: { a: { type: ssh, host: b, checkout: ${path} } }`, []);
  });

  it('has no source that is to run a copy that nobody named', () => {
    const { value } = parseConfig('sources: { a: { type: ssh, host: b, code: checkout } }');
    assert.match(mergeConfigs(undefined, value).incomplete[0]?.reason ?? '', /needs `checkout`/);
  });

  it('names the sources that no file makes whole', () => {
    const { value } = parseConfig('sources: { a: { slots: 4 }, b: { type: ssh }, c: { type: local } }');
    const { incomplete, sources } = mergeConfigs(undefined, value);
    assert.deepEqual(incomplete, [
      { source: 'a', reason: 'it has no `type` (local, ssh, slurm or pbs)' },
      { source: 'b', reason: 'it has no `host`' },
    ]);
    assert.deepEqual(Object.keys(sources), ['c']);
  });
});
