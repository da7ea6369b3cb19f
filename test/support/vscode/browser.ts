import { chromium as playwright, type Browser } from 'playwright-core';
import { chromium, findChromium, howToInstall } from '../requirement';

/** A headless browser that stays off the network by itself. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(`No Chromium was found: ${howToInstall([chromium])}`);
  return playwright.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
