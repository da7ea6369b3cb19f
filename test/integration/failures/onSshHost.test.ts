import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSystemInformation, sharedLook } from '../../../src/core/analysis/systemInformation';
import { toDisposable, type Disposable } from '../../../src/core/base/lifecycle';
import { findCommand } from '../../support/requirement';
import { writeSshConfig } from '../../support/sshd/sshConfig';
import { useSshd } from '../../support/sshd/useSshd';
import { makeTempDir } from '../../support/tempDir';
import { SweepProject } from '../cli/sweepProject';

const TRAIN = `import os, sys, time
import model
what = sys.argv[1]
seed = int(os.environ["HSM_PARAM_SEED"])
print("UserWarning: seed", seed, file=sys.stderr)
if what == "chain":
    model.build("swish")
if what == "module":
    import no_such_module_here
if what == "segv":
    import ctypes, faulthandler
    faulthandler.enable()
    ctypes.string_at(0)
if what == "killed":
    model.read_cache(seed)
    print("\\r %d%%|%s   | %d/100 [00:0%d<00:09, 1%d.2it/s]" % (seed * 40, "#" * seed, seed * 40, seed, seed), file=sys.stderr)
    os.kill(os.getpid(), 9)
if what == "permission":
    if os.getuid() == 0:
        os.setuid(65534)
    open("/etc/shadow")
if what == "disk":
    full = os.open(os.environ["SMALL_DISK"], os.O_WRONLY | os.O_CREAT)
    while os.write(full, b"x" * 65536): pass
if what == "stdout":
    print("RuntimeError: CUDA error: device-side assert triggered")
    sys.exit(3)
if what == "timeout":
    time.sleep(60)
`;
const MODEL = `import sys, traceback
TABLE = {"relu": 1}


def build(name):
    try:
        return TABLE[name]
    except KeyError as error:
        raise ValueError("unknown activation %r" % name) from error


def read_cache(seed):
    # An exception that is handled has nothing to do with how the program ends.
    try:
        open("/no/such/cache-%d" % seed)
    except OSError:
        traceback.print_exc()
    print("epoch 1", file=sys.stderr)
`;
const NODE = `function step(loss) {
  throw new RangeError(\`loss is \${loss} at step 3\`);
}
step(NaN);
`;
const RUST = `fn main() {
    let rates: Vec<f64> = Vec::new();
    let seed = std::env::var("HSM_PARAM_SEED").unwrap().len();
    println!("{}", rates[seed]);
}
`;
const RUN = `case "$HSM_PARAM_PROGRAM" in
node) exec node train.js ;;
rust) exec ./panic ;;
command) exec trane --fast ;;
*) exec python3 train.py "$HSM_PARAM_PROGRAM" ;;
esac
`;

interface Group {
  readonly title: string;
  readonly tasks: readonly number[];
  readonly file?: string;
  readonly line?: number;
  readonly pattern?: string;
  readonly explanation?: string;
  readonly mayBeRelated?: boolean;
}

/** What each program is to be found as: the pattern, the place in this project, the title. */
const EXPECTED: Readonly<
  Record<string, { readonly pattern?: string; readonly at?: string; readonly title: RegExp }>
> = {
  chain: { at: 'model.py:9', title: /^ValueError: unknown activation 'swish'$/ },
  module: {
    pattern: 'python-module-missing',
    at: 'train.py:9',
    title: /^ModuleNotFoundError: No module named 'no_such_module_here'$/,
  },
  segv: { pattern: 'segmentation-fault', at: 'train.py:13', title: /Segmentation fault/ },
  killed: { pattern: 'killed', title: /^exit code 137, which often means killed by SIGKILL/ },
  permission: { pattern: 'permission-denied', at: 'train.py:21', title: /^PermissionError/ },
  disk: { pattern: 'disk-full', at: 'train.py:24', title: /^OSError: \[Errno 28\]/ },
  stdout: {
    pattern: 'cuda-device-assert',
    title: /^exit code 3; the last line of stdout: RuntimeError: CUDA error/,
  },
  timeout: { pattern: 'time-limit', title: /timeout/ },
  command: { pattern: 'command-not-found', at: 'run.sh:5', title: /trane: not found$/ },
  node: { at: 'train.js:2', title: /^RangeError: loss is NaN at step 3$/ },
  rust: { at: 'main.rs:4', title: /index out of bounds/ },
};

describe('programs that fail on a host', function () {
  this.timeout(90_000);
  const rigs = useSshd();
  let project: SweepProject;
  let disk: Disposable | undefined;

  beforeEach(async () => {
    project = await SweepProject.create();
  });

  afterEach(async () => {
    await project.remove();
    disk?.dispose();
    disk = undefined;
  });

  /** Of what this machine has. A program that it lacks fails nowhere. */
  function programs(): string[] {
    const compiled = findCommand('rustc') !== undefined && compile();
    return Object.keys(EXPECTED).filter(
      (name) => (name !== 'node' || findCommand('node') !== undefined) && (name !== 'rust' || compiled),
    );
  }

  function compile(): boolean {
    project.write('main.rs', RUST);
    return spawnSync('rustc', ['-g', '-o', 'panic', 'main.rs'], { cwd: project.dir }).status === 0;
  }

  /** A path on a disk without room; where nobody may mount one, a device that is always full. */
  function smallDisk(): string {
    const dir = makeTempDir();
    const options = ['-t', 'tmpfs', '-o', 'size=64k,mode=755', 'tmpfs', dir.path];
    const isMounted = spawnSync('mount', options).status === 0;
    disk = toDisposable(() => {
      if (isMounted) execFileSync('umount', [dir.path]);
      dir.dispose();
    });
    return isMounted ? join(dir.path, 'x') : '/dev/full';
  }

  it('are told by their causes, with the lines of this project', async () => {
    const rig = await rigs.start({ alias: 'gpubox' });
    writeSshConfig([rig], join(project.dir, 'home'));
    project.write('.gitignore', 'home/\noutputs/\n');
    const env = JSON.stringify({ SMALL_DISK: smallDisk(), PYTHONDONTWRITEBYTECODE: '1' });
    project.write(
      '.hsm/config.yaml',
      `project: { arguments: env }\nsources: { far: { type: ssh, host: gpubox, slots: 4, env: ${env}, collect: { include: [none] } } }\n`,
    );
    const texts = { 'train.py': TRAIN, 'model.py': MODEL, 'train.js': NODE, 'run.sh': `#!/bin/sh\n${RUN}` };
    for (const [name, text] of Object.entries(texts)) project.write(name, text);
    chmodSync(join(project.dir, 'run.sh'), 0o755);
    const names = programs();
    const sweep = project.write(
      'sweeps/bad.yaml',
      `script: run.sh\nsweep: { grid: { program: [${names.join(', ')}], seed: [1, 2] } }\nrun: { timeout: "00:00:08" }\n`,
    );
    const ran = await project.hsm('run', sweep);
    assert.equal(ran.code, 1, ran.stderr);
    const { stdout } = await project.hsm('errors', 'last', '--json');
    const groups = JSON.parse(stdout) as Group[];
    const told = JSON.stringify(groups, undefined, 1);
    for (const [index, name] of names.entries()) {
      const tasks = [2 * index + 1, 2 * index + 2];
      const group = groups.find((each) => each.tasks.includes(tasks[0] ?? 0));
      const expected = EXPECTED[name];
      assert.deepEqual(group?.tasks, tasks, `${name}: ${told}`);
      assert.match(group.title, expected?.title ?? /^$/);
      if (expected?.pattern !== undefined) assert.equal(group.pattern, expected.pattern, told);
      assert.equal(group.mayBeRelated, undefined, `${name}: ${told}`);
      if (expected?.at === undefined) assert.equal(group.file, undefined, told);
      else assert.equal(`${group.file ?? ''}:${group.line ?? ''}`, join(project.dir, expected.at), told);
    }
    assert.equal(groups.length, names.length, told);
    await checkMachines(groups.flatMap(({ tasks }) => tasks));
  });

  /** What the machine was like came home for every failure, whoever of them had looked. */
  async function checkMachines(tasks: readonly number[]): Promise<void> {
    const dir = join(await project.sweepDir(), 'tasks');
    for (const task of tasks) {
      const name = join(dir, `task_${String(task).padStart(4, '0')}`);
      const own = join(name, 'failure.txt');
      const text = existsSync(own)
        ? readFileSync(own, 'utf8')
        : sharedLook(readFileSync(join(name, 'attempts.jsonl'), 'utf8'), 1);
      assert.ok(parseSystemInformation(text ?? '').disks.length > 0, `task ${task}: ${text ?? 'nothing'}`);
    }
  }
});
