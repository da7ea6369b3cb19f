import { errors, type Locator } from 'playwright-core';

/** Whether something comes to be on screen within a time. */
export async function isThere(locator: Locator, withinMs: number): Promise<boolean> {
  try {
    await locator.waitFor({ timeout: withinMs });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}

/** For a step that is tried again until its effect is seen: what it acts on may be redrawn at any moment. */
export function ignoreTimeout(error: unknown): void {
  if (!(error instanceof errors.TimeoutError)) throw error;
}
