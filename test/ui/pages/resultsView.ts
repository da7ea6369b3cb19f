import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The results page inside the window: VS Code shows it in a frame within a frame. */
export class ResultsView {
  private readonly frame: FrameLocator;

  constructor(page: Page) {
    this.frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe');
  }

  async untilShown(): Promise<void> {
    await this.row(0).waitFor({ timeout: 60_000 });
  }

  /** From 0, among those on the screen. */
  row(index: number): Locator {
    return this.frame.locator('.grid-row').nth(index);
  }

  text(text: string | RegExp): Locator {
    return this.frame.getByText(text).first();
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name });
  }

  field(name: string | RegExp): Locator {
    return this.frame.getByRole('combobox', { name });
  }

  /** The page in a kind of theme. */
  themed(style: string): Locator {
    return this.frame.locator(`body.${style}`);
  }

  tab(name: string): Locator {
    return this.frame.getByRole('tab', { name });
  }

  get selectedTab(): Locator {
    return this.frame.locator('[role=tab][aria-selected=true]');
  }

  /** An entry of the menu that is open. */
  menuItem(name: string): Locator {
    return this.frame.getByRole('menuitem', { name, exact: true });
  }

  /** The numbers of a column on the screen, top to bottom. */
  async numbers(name: string): Promise<number[]> {
    const place = await this.column(name).first().getAttribute('aria-colindex');
    const rows = await this.frame.locator('.grid-row').all();
    const cells = rows.map(async (row) => ({
      line: Number(await row.getAttribute('aria-rowindex')),
      number: Number(await row.locator(`[aria-colindex="${place}"]`).textContent()),
    }));
    return (await Promise.all(cells)).sort((a, b) => a.line - b.line).map(({ number }) => number);
  }

  column(name: string): Locator {
    return this.frame.getByRole('columnheader', { name });
  }

  get filter(): Locator {
    return this.frame.getByRole('textbox', { name: 'Filter the tasks' });
  }

  get canvas(): Locator {
    return this.frame.locator('canvas:visible');
  }
}
