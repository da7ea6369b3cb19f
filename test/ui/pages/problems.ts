import type { Locator, Page } from 'playwright-core';

/** The Problems panel. */
export class Problems {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    const tab = this.page.getByRole('tab', { name: /^Problems/ });
    if (!(await tab.isVisible())) await this.page.locator('[id="status.problems"]').click();
    await tab.waitFor();
  }

  entries(text: string | RegExp): Locator {
    return this.page.locator('.markers-panel').getByRole('treeitem', { name: text });
  }
}
