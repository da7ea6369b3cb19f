import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  killAll,
  shellTask,
  shortTasks,
  useRigs,
  type RunnerRig,
  type RunningProcess,
} from '../../support/runnerRig';
import { findCommand } from '../../support/requirement';
import { waitUntil } from '../../support/waitUntil';

/** A task that leaves a trace when it runs. */
const TRACE = 'touch ran';

describe('the runner, between the claim of an attempt and its start', function () {
  this.timeout(60_000);
  const openRig = useRigs();

  /** Each stops an attempt at a place by giving it a pipe to open that nobody reads. */
  const places: readonly Place[] = [
    { what: 'before its wrapper', file: 'params.yaml', before: [], holder: (rig) => rig.processesOf('lane') },
    { what: 'in its wrapper', file: 'stdout.log', before: [], holder: (rig) => rig.wrappers() },
    {
      what: 'in its lane',
      file: 'stdout.log',
      before: shortTasks(1),
      holder: (rig) => rig.processesOf('lane'),
    },
  ];

  for (const place of places) {
    it(`does not judge an attempt that is held up ${place.what}`, async () => {
      const rig = openRig({ slots: 1 });
      await holdUp(rig, place);
      assert.deepEqual(await rig.kinds(9, true), []);
      letThrough(rig, place);
      await rig.untilEnded(9);
      assert.deepEqual(await rig.kinds(9, true), ['started', 'ended']);
    });

    it(`gives an attempt back whose process was killed ${place.what}, and never runs it`, async () => {
      const rig = openRig({ slots: 1 });
      await holdUp(rig, place);
      killAll(place.holder(rig));
      await rig.until('released', 9);
      letThrough(rig, place);
      await rig.submit(shellTask(10, 'true'));
      await rig.untilEnded(10);
      assert.deepEqual(await rig.kinds(9, true), ['released']);
      assert.ok(!existsSync(join(rig.projectDir, 'ran')));
    });
  }

  it('never starts an attempt that was given back while its wrapper was on its way', async () => {
    const rig = openRig({ slots: 1 });
    rig.with({ shell: slowToWrap(rig), slots: 1 });
    await rig.submit(shellTask(1, TRACE));
    await waitUntil('the wrapper is on its way', () => rig.wrappers().length === 1);
    killAll([...rig.processesOf('main'), ...rig.processesOf('lane')]);
    await rig.until('released', 1);
    writeFileSync(join(rig.projectDir, 'wrap'), '');
    await waitUntil('the wrapper has given up', () => rig.wrappers().length === 0);
    assert.deepEqual(await rig.kinds(1, true), ['released']);
    assert.ok(!existsSync(join(rig.projectDir, 'ran')));
  });

  it('lets one lane of many have each task', async () => {
    const rig = openRig({ slots: 16 });
    const tasks = Array.from({ length: 1500 }, (_, index) =>
      shellTask(index + 1, 'echo "$HSM_TASK" >>ledger'),
    );
    await rig.submit(...tasks);
    await rig.untilEnded(...tasks.map(({ task }) => task));
    const ran = readFileSync(join(rig.projectDir, 'ledger'), 'utf8').trimEnd().split('\n');
    assert.equal(ran.length, 1500);
    assert.equal(new Set(ran).size, 1500);
  });
});

interface Place {
  readonly what: string;
  readonly file: string;
  readonly before: readonly ReturnType<typeof shellTask>[];
  /** The processes that have the attempt in hand there. */
  readonly holder: (rig: RunnerRig) => RunningProcess[];
}

async function holdUp(rig: RunnerRig, { file, before, holder }: Place): Promise<void> {
  mkdirSync(rig.file(9), { recursive: true });
  execFileSync('mkfifo', [rig.file(9, file)]);
  await rig.submit(...before, shellTask(9, TRACE, { paramsYaml: 'a: 1\n' }));
  await waitUntil('the attempt is claimed', () => existsSync(join(rig.runDir, 'claim', '9.1')));
  await waitUntil('it waits for a reader', () => holder(rig).some(({ pid }) => isOpening(pid)));
}

/** Whether a process sleeps in the opening of a pipe; some kernels keep to themselves where a process sleeps. */
function isOpening(pid: number): boolean {
  const where = readFileSync(`/proc/${pid}/wchan`, 'utf8');
  const isAsleep = readFileSync(`/proc/${pid}/stat`, 'utf8').includes(' S ');
  return isAsleep && (where === '0' || where.includes('wait_for_partner'));
}

/** Whoever waits in the open gets a reader; whoever comes later finds a file. */
function letThrough(rig: RunnerRig, { file }: Place): void {
  const pipe = rig.file(9, file);
  execFileSync('sh', ['-c', 'exec 3<>"$1"; sleep 0.2; rm "$1"', 'sh', pipe]);
}

/** A shell that waits for the test before it begins a wrapper. */
function slowToWrap(rig: RunnerRig): string {
  const path = join(rig.projectDir, 'slow-sh');
  const shell = findCommand('dash', 'sh') ?? '';
  writeFileSync(
    path,
    `#!${shell}\ncase $1 in */task.sh) until [ -e wrap ]; do sleep 0.05; done ;; esac\nexec ${shell} "$@"\n`,
  );
  chmodSync(path, 0o755);
  return path;
}
