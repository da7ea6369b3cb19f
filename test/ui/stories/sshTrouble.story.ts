import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SshClientHome } from '../../support/sshd/sshConfig';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';
import { isThere } from '../pages/isThere';
import { gatedWorkspace } from './gatedSweep';
import { useStage } from './stage';
import { startSweep } from './startSweep';

describe('a host that is not as it should be', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const rigs = useSshd();
  let rig: SshdRig;
  let client: SshClientHome;

  before(async () => {
    rig = await rigs.start({ alias: 'gpubox' });
    client = rigs.client(rig);
  });

  const stage = useStage(gatedWorkspace, { env: () => ({ HOME: client.home, SSH_AUTH_SOCK: '' }) });

  function configure(setup: string): void {
    const dir = stage().workspaceDir;
    mkdirSync(join(dir, '.hsm'), { recursive: true });
    const source = `{ type: ssh, host: gpubox, slots: 3, setup: ['${setup}'] }`;
    writeFileSync(join(dir, '.hsm/config.yaml'), `sources: { gpubox: ${source} }\n`);
  }

  it('is tried again from the line that says what is wrong with the connection', async () => {
    const { workbench } = stage();
    configure('module load no-such-tool');
    await rig.stop();
    await workbench.openSweepViews();
    await workbench.sources.chooseFromMenu(/^Compute source gpubox/, 'Connect');
    const trouble = /^gpubox (?:is not reachable|cannot be reached|refused)|ECONNREFUSED/;
    await workbench.sources.row(trouble).waitFor();
    await workbench.screenshot('not-reachable');
    await workbench.dismissNotifications();
    await rig.start();
    await workbench.sources.chooseFromMenu(trouble, 'Retry');
    await workbench.sources.row(/^Compute source gpubox, ssh, connected/).waitFor();
    assert.equal(await isThere(workbench.sources.row(trouble), 100), false);
  });

  it('shows before a start which line of setup cannot work there, and starts nothing', async () => {
    const { workbench, workspaceDir } = stage();
    await workbench.dismissNotifications();
    await workbench.openExplorer();
    await workbench.explorer.expand(/^sweeps/);
    await workbench.explorer.chooseFromMenu('gated.yaml', 'Start Sweep');
    await workbench.quickInput.untilAsks(/^Before the start: \d to look at/);
    await workbench.quickInput.option(/setup line "module load no-such-tool" failed on gpubox/).waitFor();
    await workbench.screenshot('before-the-start');
    await workbench.page.keyboard.press('Escape');
    assert.equal(existsSync(join(workspaceDir, 'outputs')), false);
  });

  it('runs the sweep once the line is put right', async () => {
    const { workbench } = stage();
    configure('touch ~/gate');
    writeFileSync(join(stage().workspaceDir, 'task.sh'), 'test -e "$HOME/gate"\n');
    await startSweep(workbench, 'gated.yaml');
    const over = workbench.sweeps.row(/^Sweep .*, succeeded, 12\/12/);
    await waitUntil('all tasks have succeeded', async () => {
      // Silent unless this machine's disk is nearly full.
      if (await workbench.quickInput.asks('Before the start', 100))
        await workbench.quickInput.choose('Start Anyway');
      return isThere(over, 500);
    });
  });
});
