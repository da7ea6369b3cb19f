import assert from 'node:assert/strict';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { password } from '../../support/sshd/account';
import type { SshClientHome } from '../../support/sshd/sshConfig';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';
import type { Workbench } from '../pages/workbench';
import { directoryOfTerminal } from './inTerminal';
import { useStage } from './stage';
import { startSweep } from './startSweep';

describe('a host that asks for a password', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const rigs = useSshd();
  let rig: SshdRig;
  let client: SshClientHome;

  before(async () => {
    rig = await rigs.start({ alias: 'gpubox', extraConfig: 'PasswordAuthentication yes' });
    const { alias, port, user, hostKey } = rig;
    const config = 'PreferredAuthentications password\nIdentityFile none';
    client = rigs.client({ alias, port, user, hostKey, keyFile: 'none', config });
  });

  const stage = useStage('test/fixtures/talkative', {
    env: () => ({ HOME: client.home, SSH_AUTH_SOCK: '' }),
  });

  async function connect(workbench: Workbench, keep = false): Promise<void> {
    await workbench.sources.chooseFromMenu(/^Compute source far/, 'Connect');
    await workbench.quickInput.untilAsks(/^gpubox: password of dana@/);
    if (keep) await workbench.quickInput.pressButton('Keep it in the system’s keychain');
    await workbench.quickInput.accept(password);
    await workbench.sources.row(/^Compute source far, ssh gpubox, connected/).waitFor();
  }

  it('is connected by what the user types', async () => {
    const { workbench } = stage();
    await workbench.openSweepViews();
    await workbench.sources.row(/^Compute source far, ssh gpubox, (?:not connected|disconnected)/).waitFor();
    await connect(workbench);
  });

  /** Lets the task there print something. */
  async function say(words: string): Promise<void> {
    writeFileSync(join(rig.home, 'written'), `${words}\n`);
    renameSync(join(rig.home, 'written'), join(rig.home, 'words'));
    await waitUntil('the task has said it', () => !existsSync(join(rig.home, 'words')));
  }

  it('shows the end of what a task there printed, and earlier output on request', async () => {
    const { workbench } = stage();
    await startSweep(workbench, 'talk.yaml');
    await workbench.sweeps.row(/^Running: 1 task/).waitFor();
    await say(
      Array.from({ length: 10_000 }, (_, index) => `this is the line with number ${index}`).join('\n'),
    );
    await workbench.sweeps.expand(/^Running/);
    await workbench.sweeps.row(/^Task 1, /).click();
    await workbench.editor.untilShows(/^Task 1 stdout\.log/);
    await workbench.editor.untilContains('number 9999');
    await workbench.page.keyboard.press('ControlOrMeta+Home');
    await workbench.editor.untilContains('of earlier output are not shown');
    await workbench.editor.followLink(/Earlier/, /^Task 1 stdout\.log/);
    await workbench.editor.untilContains('hello from task 1');
  });

  it('shows what it prints while it prints it, without what a terminal would obey', async () => {
    const { workbench } = stage();
    await workbench.page.keyboard.press('ControlOrMeta+End');
    await say('some \u001b[31mmore\u001b]0;title\u0007 words');
    await workbench.editor.untilContains(/^some.more.words$/);
    await say('and the last ones');
    await workbench.editor.untilContains('and the last ones');
    await workbench.screenshot('live-log');
  });

  it('opens a terminal where the task works', async () => {
    const { workbench } = stage();
    await workbench.sweeps.chooseFromMenu(/^Task 1, /, "Open Terminal at Task's Directory");
    assert.match(await directoryOfTerminal(workbench, rig.home), /\/\.hsm\/sweeps\/.*\/tasks\/task_0001$/);
  });

  it('asks for nothing when a window opens by itself, and says that it waits for the user', async () => {
    await stage().reopen();
    const { workbench } = stage();
    await workbench.openSweepViews();
    await workbench.sources.row(/^Compute source far, ssh gpubox, needs your attention/).waitFor();
    assert.equal(await workbench.quickInput.asks(/password/, 1000), false);
    await workbench.screenshot('needs-user');
  });

  it('goes on when the user connects, and brings the output home', async () => {
    const { workbench } = stage();
    await connect(workbench, true);
    writeFileSync(join(rig.home, 'gate'), '');
    await workbench.sweeps.row(/^Sweep talk, succeeded, 1\/1/).waitFor();
    await workbench.sweeps.expand(/^Sweep /);
    await workbench.sweeps.expand(/^Done/);
    await workbench.sweeps.row(/^Task 1, /).click();
    await workbench.editor.untilShows(/stdout\.log/);
    await workbench.editor.untilContains('hello from task 1');
    await workbench.page.keyboard.press('ControlOrMeta+End');
    await workbench.editor.untilContains('goodbye');
  });

  it('does not ask again for what the user wanted to be kept', async () => {
    const { workbench } = stage();
    // The test that follows a connection would open it again.
    await workbench.sources.row(/^Tools: /).waitFor();
    // In this VS Code secrets live as long as the window.
    await workbench.sources.chooseFromMenu(/^Compute source far, ssh gpubox, connected/, 'Disconnect');
    await workbench.sources.chooseFromMenu(
      /^Compute source far, ssh gpubox, (?:not connected|disconnected)/,
      'Connect',
    );
    await workbench.sources.row(/^Compute source far, ssh gpubox, connected/).waitFor();
    assert.equal(await workbench.quickInput.asks(/password/, 100), false);
  });
});
