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
}

/**
 * Sets the stage before the stories of a `describe` and takes it down after them. Of a story that failed it keeps a
 * screenshot and what the server said in `test-results/`.
 */
export function useStage(workspace: string): () => Stage {
  const open: { browser?: Browser; server?: VscodeServer; copy?: WorkspaceCopy; workbench?: Workbench } = {};

  before(async function () {
    this.timeout(180_000);
    skipUnless(this, chromium);
    open.copy = await copyWorkspace(workspace);
    open.server = await startServer(await installServer(), { extension: projectDir });
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
    const { server, copy, workbench } = open;
    if (!server || !copy || !workbench) throw new Error('The stage is set only while a story runs.');
    return { server, workspaceDir: copy.dir, workbench };
  };
}
