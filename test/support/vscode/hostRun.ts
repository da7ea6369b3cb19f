import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import type { Browser } from 'playwright-core';
import { resultsDir } from '../project';
import type { VscodeServer } from './server';
import { testWindowUrl, type TestWindow } from './windowUrl';

const limitMs = 300_000;

/**
 * Opens a window whose extension host runs `target.tests` and resolves with
 * the exit code: 0 when `run` resolved. What the window logs goes to `test-results/extension-host.log`.
 */
export async function runInExtensionHost(
  browser: Browser,
  server: VscodeServer,
  target: TestWindow,
): Promise<number> {
  await using context = await browser.newContext();
  const page = await context.newPage();
  const log = createWriteStream(join(resultsDir, 'extension-host.log'));
  await page.exposeFunction('codeAutomationLog', (_kind: string, args: unknown[]) => {
    log.write(`${format(...args)}\n`);
  });
  const exitCode = new Promise<number>((resolve, reject) => {
    void page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  await page.goto(testWindowUrl(server, target));
  try {
    return await within(limitMs, exitCode);
  } catch (error) {
    await page.screenshot({ path: join(resultsDir, 'extension-host.png') });
    log.write(server.output());
    throw error;
  } finally {
    log.end();
    await once(log, 'finish');
  }
}

async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  const late = new Error(`The tests in VS Code did not end within ${limitMs / 1000} s.`);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, limitMs, late);
  });
  return Promise.race([promise, limit]).finally(() => {
    clearTimeout(timer);
  });
}
