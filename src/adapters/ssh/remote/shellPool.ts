import { DisposableStore, type Disposable } from '../../../core/base/lifecycle';
import { onAbort } from '../onAbort';
import type { SshTransport } from '../sshTransport';
import { ControlShell } from './controlShell';

const MAX_SHELLS = 3;

interface Waiter {
  readonly take: (shell: ControlShell) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * The control shells of one connection: opened when needed, kept, lent to one command at a time, and let go where the
 * server allows no further channel and somebody else needs one.
 */
export class ShellPool implements Disposable {
  private readonly idle: ControlShell[] = [];
  private readonly waiting: Waiter[] = [];
  /** Shells that are being opened; true: the server has no room for it at the moment. */
  private readonly openings = new Map<AbortController, boolean>();
  private readonly store = new DisposableStore();
  private lent = 0;
  /** Others wait for a channel, and all shells are at work. */
  private owesChannel = false;

  constructor(
    private readonly transport: SshTransport,
    private readonly host: string,
  ) {
    this.store.add(
      transport.onDidCrowd(({ signal, needsLasting }) => {
        if (needsLasting) return;
        const own = [...this.openings.keys()].find((each) => each.signal === signal);
        if (own) this.openings.set(own, true);
        else this.letGoOfOne();
      }),
    );
  }

  /**
   * Lends a shell.
   *
   * @param use - when it rejects the shell is thrown away: nobody knows what it is at
   */
  async with<T>(signal: AbortSignal, use: (shell: ControlShell) => Promise<T>): Promise<T> {
    const shell = await this.take(signal);
    let result: T;
    try {
      result = await use(shell);
    } catch (error) {
      this.lent--;
      shell.close();
      this.serveWaiting();
      throw error;
    }
    this.lent--;
    this.giveBack(shell);
    return result;
  }

  dispose(): void {
    this.store.dispose();
    for (const opening of this.openings.keys()) opening.abort();
    for (const shell of this.idle.splice(0)) shell.close();
  }

  /** A shell that counts as lent from here on. */
  private async take(signal: AbortSignal): Promise<ControlShell> {
    signal.throwIfAborted();
    for (let shell = this.idle.pop(); shell; shell = this.idle.pop()) {
      if (shell.isUsable) {
        this.lent++;
        return shell;
      }
      shell.close();
    }
    return this.waitForShell(signal);
  }

  private waitForShell(signal: AbortSignal): Promise<ControlShell> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        giveUp.dispose();
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
      };
      const waiter: Waiter = {
        take: (shell) => {
          settle();
          this.lent++;
          resolve(shell);
        },
        reject: (reason) => {
          settle();
          reject(reason);
        },
      };
      this.waiting.push(waiter);
      const giveUp = onAbort(signal, waiter.reject);
      this.serveWaiting();
    });
  }

  /** Opens as many shells as there are waiters without one, within the limit. */
  private serveWaiting(): void {
    while (this.openings.size < this.waiting.length && this.lent + this.openings.size < MAX_SHELLS)
      this.open();
  }

  private open(): void {
    const opening = new AbortController();
    this.openings.set(opening, false);
    ControlShell.open(this.transport, this.host, opening.signal).then(
      (shell) => {
        this.openings.delete(opening);
        this.giveBack(shell);
      },
      (error: unknown) => {
        this.openings.delete(opening);
        if (!opening.signal.aborted) this.rejectHopeless(error);
      },
    );
  }

  /** A shell that somebody gives back may still serve a waiter; without one, each needs an opening. */
  private rejectHopeless(error: unknown): void {
    if (this.lent > 0) return;
    for (const waiter of this.waiting.slice(this.openings.size)) waiter.reject(error as Error);
  }

  private giveBack(shell: ControlShell): void {
    if (this.owesChannel || this.store.isDisposed || !shell.isUsable) {
      this.owesChannel = false;
      shell.close();
      this.serveWaiting();
      return;
    }
    const [waiter] = this.waiting;
    if (waiter) waiter.take(shell);
    else this.idle.push(shell);
    if (this.waiting.length === 0) this.dropUnneededOpenings();
  }

  private dropUnneededOpenings(): void {
    for (const [opening, isStuck] of this.openings) if (isStuck) opening.abort();
  }

  private letGoOfOne(): void {
    const shell = this.idle.pop();
    if (shell) shell.close();
    else if (this.lent > 0 || this.openings.size > 0) this.owesChannel = true;
  }
}
