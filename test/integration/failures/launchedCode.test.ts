import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../../src/core/project/project';
import { git, skipUnless } from '../../support/requirement';
import { useSshd } from '../../support/sshd/useSshd';
import { SshProject } from '../ssh/support/sshProject';

const signal = AbortSignal.timeout(120_000);

function run(dir: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: dir, stdio: 'pipe' });
}

describe('the code that a task ran on a host', function () {
  this.timeout(90_000);
  const rigs = useSshd();
  let project: SshProject | undefined;

  before(function () {
    skipUnless(this, git);
  });

  afterEach(async () => {
    await project?.close();
    project = undefined;
  });

  async function runOn(
    opened: Project,
    rig: SshProject,
    source: string,
  ): Promise<(file: string) => Promise<string>> {
    const { id } = await opened.start(rig.sweep('{ n: [1] }'), { sources: [source] });
    await opened.whenOver(id, signal);
    return async (file) => (await opened.codeAtLaunch(id, join(rig.dir, file), 1))?.text ?? 'nobody knows';
  }

  it('is what its checkout had, with what was not committed there', async () => {
    const box = await rigs.start({ alias: 'box' });
    project = new SshProject(
      rigs.client(box),
      '  mine: { type: ssh, host: box, slots: 1, checkout: ~/mine }\n  ours: { type: ssh, host: box, slots: 1, checkout: ~/ours }\nsync: { before_start: never }\n',
    );
    const rig = project;
    rig.write('model ö.py', 'committed\n');
    rig.write('.gitignore', 'outputs\n.hsm\nsweep.yaml\n');
    run(rig.dir, 'init', '-q', '-b', 'trunk');
    run(rig.dir, 'add', '.');
    run(rig.dir, 'commit', '-q', '-m', 'first');
    for (const name of ['mine', 'ours']) run(box.home, 'clone', '-q', rig.dir, name);
    writeFileSync(join(box.home, 'mine', 'model ö.py'), 'edited there\n');
    const opened = await rig.open();
    const mine = await runOn(opened, rig, 'mine');
    const ours = await runOn(opened, rig, 'ours');
    rig.write('model ö.py', 'edited here\n');
    writeFileSync(join(box.home, 'mine', 'model ö.py'), 'edited there again\n');
    assert.equal(await mine('model ö.py'), 'edited there\n');
    assert.equal(await ours('model ö.py'), 'committed\n');
    run(join(box.home, 'ours'), 'commit', '-q', '-a', '-m', 'only there', '--allow-empty');
    const later = await runOn(opened, rig, 'ours');
    assert.equal(await later('model ö.py'), 'nobody knows', 'of a commit that was never brought here');
  });

  it('is the copy that it was brought, also where there is no git', async () => {
    const box = await rigs.start({ alias: 'box' });
    project = new SshProject(rigs.client(box), '  box: { type: ssh, host: box, slots: 1 }\n');
    const rig = project;
    rig.write('model.py', 'as it ran\n');
    const opened = await rig.open();
    const ran = await runOn(opened, rig, 'box');
    rig.write('model.py', 'edited since\n');
    rig.write('new.py', 'new\n');
    assert.equal(await ran('model.py'), 'as it ran\n');
    assert.equal(await ran('new.py'), 'nobody knows');
  });

  it('is found again for tasks on this machine where there is no git, by its source files', async () => {
    const here = await rigs.start({ alias: 'unused' });
    project = new SshProject(rigs.client(here), '  here: { type: local, slots: 1 }\n');
    const rig = project;
    const files = {
      'model.py': 'as it ran\n',
      'pkg/deep/part.py': 'part\n',
      'data/big.py': 'x'.repeat(300_000),
      'notes.txt': 'no source\n',
      '.cache/x.py': 'of a tool\n',
      'outputs/old/tasks/task_1/x.py': 'a result\n',
    };
    for (const [name, text] of Object.entries(files)) rig.write(name, text);
    const opened = await rig.open();
    const ran = await runOn(opened, rig, 'here');
    for (const name of Object.keys(files)) rig.write(name, 'edited since\n');
    assert.equal(await ran('model.py'), 'as it ran\n');
    assert.equal(await ran('pkg/deep/part.py'), 'part\n');
    for (const name of [
      'data/big.py',
      'notes.txt',
      '.cache/x.py',
      'outputs/old/tasks/task_1/x.py',
      '../x.py',
    ])
      assert.equal(await ran(name), 'nobody knows', name);
  });
});
