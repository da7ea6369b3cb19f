import type { Locator, Page } from 'playwright-core';
import { waitUntil } from '../../support/waitUntil';
import { isThere } from './isThere';

/** The editor in front. */
export class Editor {
  constructor(private readonly page: Page) {}

  /** Waits until the tab in front has this title. */
  async untilShows(title: string | RegExp): Promise<void> {
    await this.tab(title).waitFor();
  }

  /** Waits until a line with this text is on screen. */
  async untilContains(text: string | RegExp): Promise<void> {
    await this.page.locator('.editor-instance .view-line').filter({ hasText: text }).first().waitFor();
  }

  /** Waits until no line with this text is on screen. */
  async untilHides(text: string | RegExp): Promise<void> {
    const line = this.page.locator('.editor-instance .view-line').filter({ hasText: text }).first();
    await line.waitFor({ state: 'hidden' });
  }

  /**
   * Follows the first link with this text in the document in front, and waits for the tab that it opens. By the mouse
   * itself: the line is drawn anew under the pointer while Ctrl is down. Again, when the text moved meanwhile.
   */
  async followLink(text: string | RegExp, title: string | RegExp): Promise<void> {
    const link = this.page.locator('.editor-instance .detected-link').filter({ hasText: text }).first();
    await link.waitFor();
    await waitUntil(`the link ${String(text)} opens ${String(title)}`, async () => {
      const box = await link.boundingBox({ timeout: 1000 }).catch(() => null);
      if (box) await this.ctrlClick(box.x + box.width / 2, box.y + box.height / 2);
      return isThere(this.tab(title), 2000);
    });
  }

  /** Waits until the cursor is on a line (from 1), as the status bar says. */
  async untilAtLine(line: number): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^Ln ${line}, Col `) }).waitFor();
  }

  private tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container').getByRole('tab', { name: title, selected: true });
  }

  private async ctrlClick(x: number, y: number): Promise<void> {
    await this.page.keyboard.down('ControlOrMeta');
    try {
      await this.page.mouse.click(x, y);
    } finally {
      await this.page.keyboard.up('ControlOrMeta');
    }
  }
}
