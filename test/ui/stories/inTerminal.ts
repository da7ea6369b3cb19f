import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../../support/waitUntil';
import type { Workbench } from '../pages/workbench';

/**
 * Runs `pwd` in the terminal in front, whose shell has its home in `home`, then ends the shell. Resolves with the
 * directory.
 */
export async function directoryOfTerminal({ page }: Workbench, home: string): Promise<string> {
  const terminal = page.locator('.terminal-wrapper.active');
  await terminal.waitFor();
  const answer = join(home, 'where');
  await waitUntil('the shell there answers', async () => {
    await terminal.click();
    await page.keyboard.type('pwd > "$HOME/where"\n');
    return isWritten(answer);
  });
  await page.keyboard.type('exit\n');
  await terminal.waitFor({ state: 'hidden' });
  return readFileSync(answer, 'utf8').trim();
}

/** A shell that is not ready yet may not get what is typed. */
async function isWritten(file: string): Promise<boolean> {
  for (let look = 0; look < 20; look++) {
    if (existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
