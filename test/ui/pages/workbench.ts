import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { resultsDir } from '../../support/project';
import { Dialog } from './dialog';
import { Editor } from './editor';
import { Problems } from './problems';
import { QuickInput } from './quickInput';
import { TreeView } from './treeView';

/** Long enough for a slow machine; everything waits for its condition, not for this. */
const patienceMs = 30_000;

/** A VS Code window in a page of a browser, as a person uses it. */
export class Workbench {
  /** The files of the workspace. */
  readonly explorer: TreeView;
  /** The headings of the document in front. Below the files. */
  readonly outline: TreeView;
  readonly sweeps: TreeView;
  readonly sources: TreeView;
  /** The checkouts; there only where a source has one. */
  readonly sync: TreeView;
  readonly problems: Problems;
  readonly editor: Editor;
  /** What opens at the top of the window to choose or type something. */
  readonly quickInput: QuickInput;
  readonly dialog: Dialog;

  private constructor(readonly page: Page) {
    this.explorer = new TreeView(page, page.locator('.explorer-folders-view'));
    this.outline = TreeView.titled(page, 'Outline');
    this.sweeps = TreeView.titled(page, 'Sweeps');
    this.sources = TreeView.titled(page, 'Compute');
    this.sync = TreeView.titled(page, 'Sync');
    this.problems = new Problems(page);
    this.editor = new Editor(page);
    this.quickInput = new QuickInput(page);
    this.dialog = new Dialog(page);
  }

  static async open(browser: Browser, url: string): Promise<Workbench> {
    const context = await browser.newContext({
      viewport: { width: 1400, height: 900 },
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    await page.goto(url);
    const workbench = new Workbench(page);
    await workbench.untilReady();
    return workbench;
  }

  /** As by F5: the window and its extension host end, and start anew. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.untilReady();
  }

  /** Shows the views of the extension, by a click in the activity bar. */
  async openSweepViews(): Promise<void> {
    const tab = this.sweepsTab();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    // Of the two views the one that always has lines.
    await this.sources.untilShown();
  }

  async openExplorer(): Promise<void> {
    const tab = this.page.getByRole('tab', { name: /^Explorer/ });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.explorer.untilShown();
  }

  async openOutline(): Promise<void> {
    await this.openExplorer();
    const heading = this.page.getByRole('button', { name: 'Outline Section' });
    if ((await heading.getAttribute('aria-expanded')) !== 'true') await heading.click();
    await this.outline.untilShown();
  }

  /** Runs a command by its title in the command palette. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.page.getByRole('textbox', { name: 'Type the name of a command' }).fill(`>${title}`);
    await this.page.getByRole('option', { name: title }).first().click();
  }

  notification(text: RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  async dismissNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
  }

  /** Keeps a picture in `test-results/`. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(resultsDir, { recursive: true });
    await this.page.screenshot({ path: join(resultsDir, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** What the extension contributes appears later than the files. */
  private async untilReady(): Promise<void> {
    await this.sweepsTab().waitFor();
  }

  private sweepsTab(): Locator {
    return this.page.getByRole('tab', { name: /^HPC Sweep/ });
  }
}
