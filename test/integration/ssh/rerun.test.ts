import { strict as assert } from 'node:assert';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';
import { SshProject } from './support/sshProject';

const signal = AbortSignal.timeout(600_000);

/** Succeeds on the host `box` alone, but for its second task, which waits here for a file. */
const CHOOSY = `#!/bin/sh
echo "task $HSM_TASK at $HOME"
[ "$HSM_TASK" = 2 ] && { while [ ! -e go ]; do sleep 0.05; done; exit 0; }
echo "{\\"score\\": $HSM_ATTEMPT}" >"$HSM_TASK_DIR/metrics.json"
[ -n "\${BOX:-}" ]
`;

describe('a rerun on an SSH host that the sweep did not have', function () {
  this.timeout(90_000);
  const rigs = useSshd();
  let project: SshProject | undefined;

  afterEach(async () => {
    await project?.close();
    project = undefined;
  });

  async function make(): Promise<SshProject> {
    const box = await rigs.start({ alias: 'box' });
    const sources = `  local: { type: local, slots: 2 }
  box: { type: ssh, host: box, slots: 1, env: { BOX: '1' } }
  twin: { type: ssh, host: box, slots: 2 }
  wide: { type: ssh, host: box, root: ~/wide }
  gone: { type: ssh, host: gone }
`;
    const made = new SshProject(rigs.client(box), sources);
    made.write('task.sh', CHOOSY);
    chmodSync(join(made.dir, 'task.sh'), 0o755);
    project = made;
    return made;
  }

  it('runs the code as it is there, and brings home what came of it', async () => {
    const rig = await make();
    const opened = await rig.open();
    const { id } = await opened.start(rig.sweep('{ n: [1] }'), { sources: ['local'] });
    await opened.whenOver(id, signal);
    await opened.rerun(id, { kind: 'failed' }, { sources: ['box'], timeLimitSec: 600 });
    const over = await opened.whenOver(id, signal);
    assert.deepEqual([over.state, over.sources, over.notes], ['succeeded', ['local', 'box'], []]);
    const [task] = opened.tasks(id);
    assert.deepEqual([task?.source, task?.attempt], ['box', 2]);
    assert.deepEqual(task?.resources, { sources: ['box'], timeLimitSec: 600 });
    assert.equal(rig.read(id, 1, 'metrics.json'), '{"score": 2}\n');
    // What the attempt before left here is kept apart.
    assert.match(rig.read(id, 1, '../../earlier/attempt1/task_0001/metrics.json'), /"score": 1/);
  });

  it('does so while the sweep runs here, and after its driver went away', async () => {
    const rig = await make();
    const first = await rig.open();
    const { id } = await first.start(rig.sweep('{ n: [1, 2] }'), { sources: ['local'] });
    await waitUntil('the first failed', () => first.tasks(id)[0]?.state === 'failed', 30_000);
    await first.rerun(id, { kind: 'failed' }, { sources: ['box'] });
    await waitUntil('it succeeded there', () => first.tasks(id)[0]?.state === 'succeeded', 30_000);
    await first.close();
    const second = await rig.open();
    rig.write('go', '');
    const over = await second.whenOver(id, signal);
    assert.deepEqual([over.state, over.sources], ['succeeded', ['local', 'box']]);
    await rig.untilHere(id, 1, 'metrics.json');
    await waitUntil('what ran there is here', () => rig.read(id, 1, 'metrics.json').includes('2'), 30_000);
  });

  it('refuses a second source in the same folder of the same host', async () => {
    const rig = await make();
    const opened = await rig.open();
    const { id } = await opened.start(rig.sweep('{ n: [1] }'), { sources: ['local'] });
    await opened.whenOver(id, signal);
    await opened.rerun(id, { kind: 'failed' }, { sources: ['box'] });
    await opened.whenOver(id, signal);
    await assert.rejects(
      opened.rerun(id, { kind: 'tasks', tasks: [1] }, { sources: ['twin'] }),
      /"box" and "twin" would keep this sweep in the same folder .* Nothing was started\./,
    );
    assert.deepEqual(opened.sweep(id)?.sources, ['local', 'box']);
  });

  it('is refused where the code of the launch is gone from here, and goes while the project still is that', async () => {
    const rig = await make();
    const opened = await rig.open();
    const { id } = await opened.start(rig.sweep('{ n: [1] }'), { sources: ['box'] });
    await opened.whenOver(id, signal);
    rmSync(join(rig.dir, '.hsm', 'code'), { recursive: true });
    rig.write('task.sh', `${CHOOSY}\n# edited`);
    const onWide = (): Promise<void> =>
      opened.rerun(id, { kind: 'tasks', tasks: [1] }, { sources: ['wide'], timeLimitSec: 60 });
    await assert.rejects(onWide(), /not kept here any more.*: wide could not run it\. Nothing was started\./);
    assert.deepEqual(opened.sweep(id)?.sources, ['box']);
    rig.write('task.sh', CHOOSY);
    await onWide();
    const over = await opened.whenOver(id, signal);
    assert.deepEqual([over.sources, opened.tasks(id)[0]?.source], [['box', 'wide'], 'wide']);
  });

  it('starts nothing when the host cannot be had', async () => {
    const rig = await make();
    const opened = await rig.open();
    const { id } = await opened.start(rig.sweep('{ n: [1] }'), { sources: ['local'] });
    await opened.whenOver(id, signal);
    await assert.rejects(opened.rerun(id, { kind: 'failed' }, { sources: ['gone'] }));
    const { sources, state } = opened.sweep(id) ?? {};
    assert.deepEqual([sources, state, opened.tasks(id)[0]?.attempt], [['local'], 'failed', 1]);
  });
});
