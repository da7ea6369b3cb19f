import type { Page } from 'playwright-core';

/** The editor in front. */
export class Editor {
  constructor(private readonly page: Page) {}

  /** Waits until the tab in front has this title. */
  async untilShows(title: string | RegExp): Promise<void> {
    await this.tabs().getByRole('tab', { name: title, selected: true }).waitFor();
  }

  /** Waits until a line with this text is on screen. */
  async untilContains(text: string | RegExp): Promise<void> {
    await this.page.locator('.editor-instance .view-line').filter({ hasText: text }).first().waitFor();
  }

  /** Follows the first link with this text in the document in front. */
  async followLink(text: string | RegExp): Promise<void> {
    const link = this.page.locator('.editor-instance .detected-link').filter({ hasText: text }).first();
    await link.click({ modifiers: ['ControlOrMeta'] });
  }

  /** Waits until the cursor is on a line (from 1), as the status bar says. */
  async untilAtLine(line: number): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^Ln ${line}, Col `) }).waitFor();
  }

  private tabs() {
    return this.page.locator('.tabs-container');
  }
}
