import type { Locator, Page } from 'playwright-core';

/** A question that stands before the whole window. */
export class Dialog {
  constructor(private readonly page: Page) {}

  /** Waits for a dialogue with this text, and resolves with all that it says. */
  async untilAsks(text: string | RegExp): Promise<string> {
    const dialog = this.box().filter({ hasText: text });
    await dialog.waitFor();
    return dialog.innerText();
  }

  async press(button: string): Promise<void> {
    await this.box().getByRole('button', { name: button, exact: true }).click();
  }

  /** The button that Enter presses. */
  async pressedByEnter(): Promise<string> {
    const button = this.box().locator('.monaco-button:focus');
    await button.waitFor();
    return button.innerText();
  }

  /** Notifications have the same role, and perhaps the same buttons. */
  private box(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }
}
