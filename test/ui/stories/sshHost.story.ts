import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SshClientHome } from '../../support/sshd/sshConfig';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';
import { isThere } from '../pages/isThere';
import { directoryOfTerminal } from './inTerminal';
import { useStage } from './stage';

describe('a sweep on an SSH host, from its line in ~/.ssh/config to the failure at home', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const rigs = useSshd();
  let rig: SshdRig;
  let client: SshClientHome;

  before(async () => {
    rig = await rigs.start({ alias: 'gpubox' });
    client = rigs.client(rig);
    // Nobody has vouched for the host yet.
    writeFileSync(client.knownHostsFile, '');
  });

  const stage = useStage('examples/mlp', {
    env: () => ({ HOME: client.home, SSH_AUTH_SOCK: '' }),
  });

  it('adds the host from the configuration of ssh, after showing its key', async () => {
    const { workbench, workspaceDir } = stage();
    await workbench.openSweepViews();
    await workbench.sources.pressTitleButton('Add Compute Source from SSH Config…');
    await workbench.quickInput.untilAsks('Add which host?');
    await workbench.quickInput.choose(/gpubox/);
    await workbench.quickInput.untilAsks('Add gpubox (1/3)');
    await workbench.quickInput.accept();
    await workbench.quickInput.untilAsks('Add gpubox (2/3)');
    await workbench.quickInput.accept('2');
    await workbench.quickInput.untilAsks('Add gpubox (3/3)');
    await workbench.quickInput.accept();
    const question = await workbench.dialog.untilAsks('Trust the key of gpubox?');
    assert.match(question, /Key type: ssh-ed25519/);
    assert.match(question, /Fingerprint: SHA256:[\w+/]{43}/);
    await workbench.screenshot('host-key');
    assert.equal(await workbench.dialog.pressedByEnter(), 'Do Not Connect');
    await workbench.dialog.press('Trust and Connect');
    await workbench.notification(/^gpubox( is ready|: )/).waitFor();
    assert.match(
      readFileSync(join(workspaceDir, '.hsm/config.yaml'), 'utf8'),
      /gpubox:\n +type: ssh\n +host: gpubox\n +slots: 2\n/,
    );
  });

  it('shows what the test found', async () => {
    const { workbench } = stage();
    await workbench.sources.row(/^Compute source gpubox, ssh, connected, 0 of 2 slots in use/).waitFor();
    await workbench.sources.row(/disk free/).waitFor();
    await workbench.sources.row(/^Tools: .*rsync/).waitFor();
    await workbench.screenshot('compute');
    await workbench.dismissNotifications();
  });

  it('opens a terminal there', async () => {
    const { workbench } = stage();
    await workbench.sources.chooseFromMenu(/^Compute source gpubox/, 'Open Terminal');
    assert.equal(await directoryOfTerminal(workbench, rig.home), rig.home);
  });

  it('starts a sweep there, and lets the window be closed while it runs', async () => {
    const { workbench } = stage();
    await workbench.openExplorer();
    await workbench.explorer.expand(/^sweeps/);
    await workbench.explorer.chooseFromMenu('lr.yaml', 'Start Sweep');
    await workbench.quickInput.untilAsks('Run on which compute sources?');
    await workbench.quickInput.tickAndConfirm(/gpubox/);
    // Silent unless this machine's disk is nearly full.
    const sweep = workbench.sweeps.row(/^Sweep lr, running/);
    await waitUntil('the sweep runs', async () => {
      if (await workbench.quickInput.asks('Before the start', 100))
        await workbench.quickInput.choose('Start Anyway');
      return isThere(sweep, 500);
    });
    await stage().reopen();
  });

  it('finds it again in another window, and brings everything home', async () => {
    const { workbench, workspaceDir } = stage();
    await workbench.openSweepViews();
    await workbench.sweeps.row(/^Sweep .*, failed, 12\/12 · 4 failed/).waitFor({ timeout: 90_000 });
    const tasks = await waitUntil('the results are here', () => {
      const found = tasksWith(workspaceDir, 'metrics.json');
      return found.length === 8 && found;
    });
    assert.equal(tasks.length, 8);
    assert.equal(tasksWith(workspaceDir, 'stderr.log').length, 12);
  });

  it('opens a failure, and the line of the script here that was behind it there', async () => {
    const { workbench } = stage();
    await workbench.sweeps.expand(/^Sweep /);
    await workbench.sweeps.expand(/^Failed: 4 tasks/);
    await workbench.sweeps.row(/^Task 9, optimizer\.lr=30 .*failed/).click();
    await workbench.editor.untilShows(/^Task 9 errors/);
    await workbench.editor.untilContains('training diverged');
    await workbench.editor.followLink(/model\.py/, /^model\.py/);
    await workbench.screenshot('remote-failure');
  });
});

/** Names of the tasks' directories here that hold a file. */
function tasksWith(workspaceDir: string, file: string): string[] {
  const [sweep = ''] = readdirSync(join(workspaceDir, 'outputs'));
  const tasks = join(workspaceDir, 'outputs', sweep, 'tasks');
  return readdirSync(tasks).filter((task) => readdirSync(join(tasks, task)).includes(file));
}
