import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAccounts } from '../support/faults/accounts';
import { useProjects, type FaultProject } from '../support/faults/faultProject';

const NEWER = /newer version of HPC Sweep Manager/;

describe('sweeps of other versions on Linux', function () {
  this.timeout(60_000);
  const newProject = useProjects();

  async function half(): Promise<FaultProject> {
    const project = await newProject();
    project.writeSweep('{ id: [1, 2, 3, 4, 5, 6], sec: [0.3] }');
    const driver = project.start('run', 'sweeps/fault.yaml');
    await project.untilStarted(3);
    await driver.kill();
    return project;
  }

  it('are shown, not driven and not changed when a newer version journaled what this one does not know', async () => {
    const project = await half();
    const journal = join(project.sweepDir(), 'journal.jsonl');
    appendFileSync(journal, '\n{"kind":"migrated","at":1,"to":{"somewhere":"else"}}\n');
    const before = readFileSync(journal, 'utf8');
    const status = await project.status();
    assert.equal(status.total, 6);
    assert.match(status.notes.join(), NEWER);
    for (const args of [
      ['attach', 'last'],
      ['cancel', 'last'],
      ['pause', 'last'],
    ]) {
      const { code, stderr } = await project.hsm(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, NEWER);
    }
    assert.equal(readFileSync(journal, 'utf8'), before);
  });

  it('are refused with a word when their manifest has a newer format', async () => {
    const project = await half();
    const manifest = join(project.sweepDir(), 'sweep.json');
    const content = JSON.parse(readFileSync(manifest, 'utf8')) as object;
    writeFileSync(manifest, JSON.stringify({ ...content, format: 2 }));
    const { code, stderr } = await project.hsm('attach', 'last', '--verbose');
    assert.equal(code, 2);
    assert.match(stderr, NEWER);
  });

  it('go on when they were begun by one that did not number its events', async () => {
    const project = await half();
    const journal = join(project.sweepDir(), 'journal.jsonl');
    writeFileSync(journal, readFileSync(journal, 'utf8').replaceAll(/"n":\d+,/g, ''));
    const { code, stderr } = await project.hsm('attach', 'last');
    assert.equal(code, 0, stderr);
    await checkAccounts(project);
    assert.equal(project.ledger().attempts.length, 6);
  });
});
