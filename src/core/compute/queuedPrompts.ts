import { Mutex } from '../base/mutex';
import type { ConnectionPrompts, HostKeyQuestion, SecretAnswer, SecretRequest } from './connectionPrompts';

/**
 * Puts one dialogue at a time before the user, in the order of the questions. A question whose signal aborts is
 * answered by no at once, also while it waits for its turn.
 */
export class QueuedPrompts implements ConnectionPrompts {
  private readonly turns = new Mutex();

  constructor(private readonly prompts: ConnectionPrompts) {}

  askSecrets(request: SecretRequest, signal: AbortSignal): Promise<SecretAnswer | undefined> {
    return this.inTurn(() => this.prompts.askSecrets(request, signal), undefined, signal);
  }

  confirmHostKey(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean> {
    return this.inTurn(() => this.prompts.confirmHostKey(question, signal), false, signal);
  }

  private async inTurn<T>(ask: () => Promise<T>, refused: T, signal: AbortSignal): Promise<T> {
    if (signal.aborted) return refused;
    const answer = this.turns.run(() => (signal.aborted ? Promise.resolve(refused) : ask()));
    let onAbort: (() => void) | undefined;
    const abort = new Promise<T>((resolve) => {
      onAbort = () => {
        resolve(refused);
      };
      signal.addEventListener('abort', onAbort);
    });
    try {
      return await Promise.race([answer, abort]);
    } finally {
      if (onAbort) signal.removeEventListener('abort', onAbort);
    }
  }
}
