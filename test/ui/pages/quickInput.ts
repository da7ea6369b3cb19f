import type { Locator, Page } from 'playwright-core';
import { waitUntil } from '../../support/waitUntil';
import { isThere } from './isThere';

/** What opens at the top of the window: a list to choose from, or a line to type. */
export class QuickInput {
  private readonly root: Locator;

  constructor(private readonly page: Page) {
    this.root = page.locator('.quick-input-widget');
  }

  /** Waits until it asks this, by its title. */
  async untilAsks(title: string | RegExp): Promise<void> {
    await this.titled(title).waitFor();
  }

  /** Whether it comes to ask this within a time. */
  async asks(title: string | RegExp, withinMs: number): Promise<boolean> {
    return isThere(this.titled(title), withinMs);
  }

  /** Chooses an entry of the list. */
  async choose(entry: string | RegExp): Promise<void> {
    await this.option(entry).click();
  }

  /** An entry of the list. */
  option(entry: string | RegExp): Locator {
    return this.root.getByRole('option', { name: entry }).first();
  }

  /** Ticks an entry of a list of several, and confirms. */
  async tickAndConfirm(entry: string | RegExp): Promise<void> {
    await this.root.getByRole('checkbox', { name: entry }).first().click();
    await this.root.getByRole('button', { name: 'OK' }).click();
  }

  /** Takes what is in the line, or another text, by Enter. */
  async accept(text?: string): Promise<void> {
    if (text !== undefined) await this.root.getByRole('textbox').fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Waits until the box holds this, e.g. what a dialog proposes, which it writes there a moment after it opened. */
  async untilHolds(text: RegExp): Promise<void> {
    const box = this.root.getByRole('textbox');
    await waitUntil(`the box holds ${text}`, async () => text.test(await box.inputValue()));
  }

  /** Presses a button beside the title. */
  async pressButton(name: string): Promise<void> {
    await this.root.getByRole('button', { name }).click();
  }

  private titled(title: string | RegExp): Locator {
    return this.root.locator('.quick-input-title').filter({ hasText: title });
  }
}
