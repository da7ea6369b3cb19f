import type { Locator, Page } from 'playwright-core';
import { waitUntil } from '../../support/waitUntil';
import { ignoreTimeout, isThere } from './isThere';

/** A tree: the explorer, or a view of the extension. Its rows are named as a screen reader names them. */
export class TreeView {
  constructor(
    private readonly page: Page,
    private readonly root: Locator,
  ) {}

  /** The view under a heading of the side bar. */
  static titled(page: Page, title: string): TreeView {
    const heading = page.getByRole('button', { name: `${title} Section` });
    return new TreeView(page, page.locator('.pane').filter({ has: heading }));
  }

  async untilShown(): Promise<void> {
    await this.root.getByRole('tree').waitFor();
  }

  row(name: string | RegExp): Locator {
    return this.root.getByRole('treeitem', { name }).first();
  }

  /** The names of the rows on screen, top to bottom. */
  async rows(): Promise<string[]> {
    const rows = await this.root.getByRole('treeitem').all();
    return (await Promise.all(rows.map((row) => row.getAttribute('aria-label')))).map((name) => name ?? '');
  }

  /** Waits for a row and opens it; again when the window closes or redraws it meanwhile. */
  async expand(name: string | RegExp): Promise<void> {
    await this.toggleUntil(name, 'true');
  }

  /** Waits for a row and closes it, as {@link expand} opens it. */
  async collapse(name: string | RegExp): Promise<void> {
    await this.toggleUntil(name, 'false');
  }

  /** Presses a button of the view's heading, which shows while the pointer is on the view. */
  async pressTitleButton(name: string): Promise<void> {
    // Lines can have the same button; the heading comes before them.
    const button = this.root.getByRole('toolbar').getByRole('button', { name }).first();
    await waitUntil(`the button "${name}" is there`, async () => {
      await this.root.hover({ timeout: 1000 }).catch(ignoreTimeout);
      return isThere(button, 1000);
    });
    await button.click();
  }

  /** Right-clicks a row and chooses an entry. */
  async chooseFromMenu(name: string | RegExp, entry: string): Promise<void> {
    const item = this.menuItems({ name: entry, exact: true });
    await waitUntil(`the menu of ${String(name)} has "${entry}"`, () => this.openMenu(name, item));
    // A menu takes no clicks in its first tenth of a second.
    await waitUntil(`"${entry}" is chosen`, async () => {
      if (await item.isVisible()) await item.click({ timeout: 1000 }).catch(ignoreTimeout);
      return !(await item.isVisible());
    });
  }

  private async toggleUntil(name: string | RegExp, isOpen: 'true' | 'false'): Promise<void> {
    const row = this.row(name);
    await row.waitFor();
    const done = row.and(this.root.locator(`[aria-expanded="${isOpen}"]`));
    await waitUntil(`${String(name)} has aria-expanded="${isOpen}"`, async () => {
      if (await done.isVisible()) return true;
      await row.locator('.monaco-tl-twistie').click({ timeout: 1000 }).catch(ignoreTimeout);
      return isThere(done, 1000);
    });
  }

  /** One try. VS Code fills a menu when it opens: one that lacks the entry is closed, for the next try. */
  private async openMenu(name: string | RegExp, item: Locator): Promise<boolean> {
    const anyItem = this.menuItems().first();
    if (await anyItem.isVisible()) await this.page.keyboard.press('Escape');
    else await this.row(name).click({ button: 'right', timeout: 1000 }).catch(ignoreTimeout);
    return (await isThere(anyItem, 1000)) && (await item.isVisible());
  }

  private menuItems(options?: { name: string; exact: true }): Locator {
    return this.page.locator('.monaco-menu').getByRole('menuitem', options);
  }
}
