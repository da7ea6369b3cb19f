import type { Page } from 'playwright-core';

/** A question that stands before the whole window. */
export class Dialog {
  constructor(private readonly page: Page) {}

  /** Waits for a dialogue with this text, and resolves with all that it says. */
  async untilAsks(text: string | RegExp): Promise<string> {
    const dialog = this.page.getByRole('dialog').filter({ hasText: text });
    await dialog.waitFor();
    return dialog.innerText();
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
  }
}
