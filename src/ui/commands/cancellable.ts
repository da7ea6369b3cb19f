import * as vscode from 'vscode';

/**
 * Runs something that takes its time, with a message that can be cancelled. Cancelling rejects with an `AbortError`,
 * which nobody is told of.
 */
export async function cancellable<T>(
  title: string,
  work: (signal: AbortSignal, tell: (message: string) => void) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const listener = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await work(abort.signal, (message) => {
          progress.report({ message });
        });
      } catch (error) {
        // Whatever it says of its end: the user wanted it.
        abort.signal.throwIfAborted();
        throw error;
      } finally {
        listener.dispose();
      }
    },
  );
}
