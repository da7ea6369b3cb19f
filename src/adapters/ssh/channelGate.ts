import type { Clock } from '../../core/base/clock';
import { Emitter } from '../../core/base/event';
import { toDisposable, type Disposable } from '../../core/base/lifecycle';
import { onAbort } from './onAbort';
import { pause } from './pause';

/** The server opened no further session; with fewer open it would. */
export class SessionRefused extends Error {
  override readonly name = 'SessionRefused';
}

/** Somebody waits for a session. */
export interface Crowd {
  /** Of the call that waits. */
  readonly signal: AbortSignal;
  /** It waits only for the end of a session that lasts: the end of another one would not let it in. */
  readonly needsLasting: boolean;
}

/** A call that waits for a session. */
interface Turn {
  readonly enter: () => void;
  readonly signal: AbortSignal;
  readonly isLasting: boolean;
}

/** Several sites allow ten and count a session a moment longer than the client does; five at once are never refused there. */
const USUAL_LIMIT = 5;

/** A server frees a session only after its client has seen the end of it. */
const RETRY_DELAYS_MS = [5, 20, 80, 320];

/** How long a server may refuse a session although none of ours is open. */
const LAST_RETRY_DELAYS_MS = [500, 1000, 2000];

/**
 * Lets a connection have only as many sessions as its server allows. What the limit is (`MaxSessions`) is learned when
 * the server refuses one.
 */
export class ChannelGate {
  private readonly crowded = new Emitter<Crowd>();
  /**
   * Fires when a call waits, and again whenever another one was let in before it, or gave up before it: whoever holds
   * a session that it does not need at the moment should let go of it.
   */
  readonly onDidCrowd = this.crowded.event;
  private readonly waiting: Turn[] = [];
  private inUse = 0;
  /** Of those, sessions that may last for hours. */
  private lasting = 0;

  constructor(
    private readonly clock: Clock,
    private limit = USUAL_LIMIT,
  ) {}

  /** Sessions at one time, as far as is known. */
  get maxSessions(): number {
    return this.limit;
  }

  /**
   * Opens a session when there is room for it.
   *
   * @param attempt - opens it; rejects with {@link SessionRefused} when the server has no room
   * @param isLasting - it may last: such sessions leave one place to the others, wherever there are two
   * @returns the session, and what must be disposed when it is over
   */
  async open<T>(
    attempt: () => Promise<T>,
    signal: AbortSignal,
    isLasting = false,
  ): Promise<{ readonly session: T; readonly place: Disposable }> {
    for (;;) {
      const place = await this.takePlace(signal, isLasting);
      try {
        const session = await this.tryRepeatedly(attempt, signal);
        if (session) return { session: session.value, place };
        // Others of ours are open, so theirs is all that the server has.
        this.limit = Math.max(1, this.inUse - 1);
        place.dispose();
      } catch (error) {
        place.dispose();
        throw error;
      }
    }
  }

  /** Undefined: refused, and others of ours are open. */
  private async tryRepeatedly<T>(
    attempt: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly value: T } | undefined> {
    const isAlone = (): boolean => this.inUse === 1;
    for (const delayMs of [...RETRY_DELAYS_MS, ...LAST_RETRY_DELAYS_MS, undefined]) {
      try {
        return { value: await attempt() };
      } catch (error) {
        if (!(error instanceof SessionRefused)) throw error;
        if (delayMs === undefined) throw error;
        if (LAST_RETRY_DELAYS_MS.includes(delayMs) && !isAlone()) return undefined;
        await pause(this.clock, delayMs, signal);
      }
    }
    return undefined;
  }

  private async takePlace(signal: AbortSignal, isLasting: boolean): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.hasRoom(isLasting)) this.count(isLasting, 1);
    else await this.waitForTurn(signal, isLasting);
    return toDisposable(() => {
      this.count(isLasting, -1);
      this.letNextIn();
    });
  }

  private hasRoom(isLasting: boolean): boolean {
    return this.inUse < this.limit && !(isLasting && this.isFullOfLasting);
  }

  private get isFullOfLasting(): boolean {
    return this.lasting >= Math.max(1, this.limit - 1);
  }

  private needsLasting({ isLasting }: Turn): boolean {
    return isLasting && this.isFullOfLasting;
  }

  private count(isLasting: boolean, by: 1 | -1): void {
    this.inUse += by;
    if (isLasting) this.lasting += by;
  }

  private waitForTurn(signal: AbortSignal, isLasting: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn: Turn = {
        signal,
        isLasting,
        enter: () => {
          giveUp.dispose();
          resolve();
        },
      };
      this.waiting.push(turn);
      const giveUp = onAbort(signal, (reason) => {
        const wasFirst = this.firstInLine === turn;
        this.waiting.splice(this.waiting.indexOf(turn), 1);
        reject(reason);
        // What was let go of for those behind it, others may have taken since.
        if (wasFirst) this.askForFirst();
      });
      this.askForRoom(turn);
    });
  }

  private letNextIn(): void {
    const next = this.waiting.find(({ isLasting }) => this.hasRoom(isLasting));
    if (!next) return;
    this.waiting.splice(this.waiting.indexOf(next), 1);
    // Taken here, lest somebody who comes later is quicker.
    this.count(next.isLasting, 1);
    next.enter();
    this.askForFirst();
  }

  private get firstInLine(): Turn | undefined {
    return this.waiting.find((turn) => !this.needsLasting(turn)) ?? this.waiting[0];
  }

  private askForFirst(): void {
    if (this.inUse < this.limit) return;
    const first = this.firstInLine;
    if (first) this.askForRoom(first);
  }

  private askForRoom(turn: Turn): void {
    this.crowded.fire({ signal: turn.signal, needsLasting: this.needsLasting(turn) });
  }
}
