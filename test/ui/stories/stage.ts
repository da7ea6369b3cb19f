import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { projectDir, resultsDir } from '../../support/project';
import { chromium, skipUnless } from '../../support/requirement';
import { launchBrowser } from '../../support/vscode/browser';
import { startServer, type VscodeServer } from '../../support/vscode/server';
import { installServer } from '../../support/vscode/serverInstall';
import { windowUrl } from '../../support/vscode/windowUrl';
import { copyWorkspace, type WorkspaceCopy } from '../../support/vscode/workspace';
import { Workbench } from '../pages/workbench';

/** What a story plays on: a window on a copy of a folder, with the extension installed. */
export interface Stage {
  readonly server: VscodeServer;
  readonly workspaceDir: string;
  readonly workbench: Workbench;
  /** Closes the window, and opens another one on the same folder: from then on `workbench` is that. */
  reopen(): Promise<void>;
}

export interface StageOptions {
  /** Variables of the editor and its extensions. Asked when the stage is set. */
  readonly env?: () => NodeJS.ProcessEnv;
}

/**
 * Sets the stage before the stories of a `describe` and takes it down after them. Of a story that failed it keeps a
 * screenshot and what the server said in `test-results/`.
 */
export function useStage(workspace: string, options: StageOptions = {}): () => Stage {
  const open: { browser?: Browser; server?: VscodeServer; copy?: WorkspaceCopy; workbench?: Workbench } = {};

  before(async function () {
    this.timeout(180_000);
    skipUnless(this, chromium);
    open.copy = await copyWorkspace(workspace);
    const env = { HOME: open.copy.home, ...options.env?.() };
    open.server = await startServer(await installServer(), { extension: projectDir, env });
    open.browser = await launchBrowser();
    open.workbench = await Workbench.open(open.browser, windowUrl(open.server, open.copy.dir));
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    const name = this.currentTest.fullTitle().replace(/[^\w]+/g, '-');
    await open.workbench?.screenshot(`failed-${name}`);
    await writeFile(join(resultsDir, `failed-${name}.log`), open.server?.output() ?? '');
  });

  after(async () => {
    await open.browser?.close();
    await open.server?.stop();
    await open.copy?.[Symbol.asyncDispose]();
  });

  return () => {
    const { server, copy, workbench, browser } = open;
    if (!server || !copy || !workbench || !browser)
      throw new Error('The stage is set only while a story runs.');
    return {
      server,
      workspaceDir: copy.dir,
      workbench,
      reopen: async () => {
        await workbench.close();
        open.workbench = await Workbench.open(browser, windowUrl(server, copy.dir));
      },
    };
  };
}
