import * as vscode from 'vscode';
import { HsmError } from '../../core/base/errors';

/** What takes less than this shows no message: four in a second, and the editor leaves the last ones out. */
const QUICK_MS = 500;

/** Says how far something is; the fraction, where it is known, is 0 to 1. */
export type Tell = (message: string, fraction?: number) => void;

/**
 * Runs something that may take its time; when it does, with a message that can be cancelled. Cancelling rejects with an
 * `AbortError`, which nobody is told of.
 */
export async function cancellable<T>(
  title: string,
  work: (signal: AbortSignal, tell: Tell) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let last: Parameters<Tell> | undefined;
  let tell: Tell = (...told) => {
    last = told;
  };
  const result = work(abort.signal, (...told) => {
    tell(...told);
  });
  if (await isOverWithin(QUICK_MS, result)) return result;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      let percent = 0;
      tell = (message, fraction = 0) => {
        // The editor adds up; a step that begins anew leaves the bar where it is.
        const increment = Math.max(0, fraction * 100 - percent);
        percent += increment;
        progress.report({ message, ...(increment > 0 && { increment }) });
      };
      if (last !== undefined) tell(...last);
      const listener = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await result;
      } catch (error) {
        // Whatever it says of its end: the user wanted it. Except what a sync had already done by then.
        if (!HsmError.is(error, 'sync.refused')) abort.signal.throwIfAborted();
        throw error;
      } finally {
        listener.dispose();
      }
    },
  );
}

/** Well or badly. */
async function isOverWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, ms);
  });
  const over = work.then(
    () => true,
    () => true,
  );
  return Promise.race([over, later]).finally(() => {
    clearTimeout(timer);
  });
}
