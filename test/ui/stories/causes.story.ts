import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSweep } from './startSweep';
import { useStage } from './stage';

describe('the way from 60 failures of 400 to their three causes and back to green', function () {
  this.timeout(120_000);
  // Each part goes on where the one before ended.
  this.bail(true);
  const stage = useStage('test/fixtures/failing');

  async function lineOf(code: string): Promise<number> {
    const source = await readFile(join(stage().workspaceDir, 'model.py'), 'utf8');
    return source.split('\n').findIndex((line) => line.includes(code)) + 1;
  }

  it('shows the failures by cause, with what their tasks share', async () => {
    const { workbench, workspaceDir } = stage();
    commitAll(workspaceDir);
    await startSweep(workbench, 'causes.yaml');
    await workbench.sweeps.row(/^Sweep .*, failed, 400\/400 · 60 failed/).waitFor({ timeout: 90_000 });
    await workbench.sweeps.expand(/^Failed: 60 tasks/);
    await workbench.sweeps.row(/^Cause ValueError: loss is nan .*, 40 tasks, lr = 30$/).waitFor();
    await workbench.sweeps.row(/^Cause FileNotFoundError: .*, 11 tasks, seed = 2/).waitFor();
    await workbench.sweeps
      .row(/^Cause MemoryError: .*, 9 tasks, (?:width = 256 and seed = 1|seed = 1 and width = 256)$/)
      .waitFor();
    await workbench.dismissNotifications();
    await workbench.screenshot('causes');
  });

  it('tells in the summary what each means, and leads to its line', async () => {
    const { workbench } = stage();
    await workbench.sweeps.chooseFromMenu(/^Sweep /, 'Show Errors');
    await workbench.editor.untilContains('60 of 400 tasks failed: 3 causes.');
    await workbench.editor.untilContains('A number became NaN or infinite.');
    await workbench.editor.untilContains('All 40 have lr = 30; of the 360 others that ended none does.');
    await workbench.screenshot('errors-of-sweep');
    await workbench.editor.followLink(/model\.py/, /^model\.py/);
    await workbench.editor.untilAtLine(await lineOf('raise ValueError'));
  });

  it('names the three lines in the Problems panel', async () => {
    const { workbench } = stage();
    await workbench.problems.open();
    const entries = workbench.problems.entries(/^Error: /);
    await entries.nth(2).waitFor();
    assert.equal(await entries.count(), 3);
    const names = await Promise.all(
      [0, 1, 2].map(async (index) => (await entries.nth(index).getAttribute('aria-label')) ?? ''),
    );
    for (const code of ['raise ValueError', 'raise MemoryError', 'open(DATA']) {
      const line = new RegExp(`\\bline ${await lineOf(code)}\\b`);
      assert.ok(
        names.some((name) => line.test(name)),
        `${code} is not in ${names.join('\n')}`,
      );
    }
    await entries.filter({ hasText: 'MemoryError' }).first().dblclick();
    await workbench.editor.untilAtLine(await lineOf('raise MemoryError'));
  });

  it('says what it takes to debug a task', async () => {
    const { workbench } = stage();
    await workbench.sweeps.expand(/^Cause FileNotFoundError/);
    await workbench.sweeps.chooseFromMenu(/^Task 2, /, 'Debug This Task Here');
    await workbench.notification(/needs the extension Python Debugger/).waitFor();
    await workbench.screenshot('debug-without-debugger');
    await workbench.dismissNotifications();
  });

  it('moves the entry with its line when the file is edited', async () => {
    const { workbench, workspaceDir } = stage();
    const file = join(workspaceDir, 'model.py');
    const source = await readFile(file, 'utf8');
    await writeFile(file, `# Edited since.\n${source}`);
    await workbench.sweeps.chooseFromMenu(/^Task 2, /, 'Go to Error');
    await workbench.editor.untilAtLine(await lineOf('open(DATA'));
    await writeFile(file, source);
  });

  it('runs the tasks of one cause again once it is fixed, and then the rest', async () => {
    const { workbench, workspaceDir } = stage();
    const file = join(workspaceDir, 'model.py');
    const source = await readFile(file, 'utf8');
    await writeFile(file, source.replace('LIMIT = 10.0', 'LIMIT = 100.0'));
    await workbench.sweeps.chooseFromMenu(/^Cause ValueError/, 'Rerun This Group');
    // Two of the forty get as far as to the causes of others.
    await workbench.sweeps.row(/^Sweep .*, failed, 400\/400 · 22 failed/).waitFor({ timeout: 60_000 });
    await workbench.sweeps.row(/^Failed: 22 tasks/).waitFor();
    const repaired = source
      .replace('LIMIT = 10.0', 'LIMIT = 100.0')
      .replace('WIDEST = 128', 'WIDEST = 256')
      .replace('data/split-{seed}.csv', 'model.py');
    await writeFile(file, repaired);
    await workbench.sweeps.chooseFromMenu(/^Sweep /, 'Rerun Failed Tasks');
    await workbench.sweeps.row(/^Sweep .*, succeeded, 400\/400/).waitFor({ timeout: 60_000 });
    await workbench.screenshot('all-green');
  });
});

/** What ran is told from what is there now by the commit. */
function commitAll(dir: string): void {
  const author = ['-c', 'user.name=hsm', '-c', 'user.email=hsm@example.org'];
  for (const words of [
    ['init', '-q'],
    ['add', '-A'],
    [...author, 'commit', '-q', '-m', 'All'],
  ])
    execFileSync('git', words, { cwd: dir });
}
