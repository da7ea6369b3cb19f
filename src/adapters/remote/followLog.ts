import type { Clock } from '../../core/base/clock';
import { errorText } from '../../core/base/errors';
import type { Disposable } from '../../core/base/lifecycle';
import type { Logger } from '../../core/base/logger';
import type { StreamHost } from '../host/streamHost';

/**
 * Prints what is added to $1 until its standard input ends, which it does when the connection goes: a `tail` by itself
 * would stay for as long as nothing is written. Whoever ends the script may do so before there is one.
 */
const FOLLOW = `trap '[ -z "$!" ] || kill "$!" 2>/dev/null' EXIT
trap 'exit 0' HUP INT TERM PIPE
tail -n 0 -f "$1" & cat >/dev/null`;

/** Every look costs both sides some milliseconds: while much is written, one look for all of it. */
const PAUSE_MS = 50;
const FIRST_RETRY_MS = 2_000;
const SLOW_RETRY_MS = 60_000;

/**
 * Tells when a file on a host grows, by one channel that stays open. It is opened again after a loss; whoever needs to be
 * sure polls too. It gives way to whatever else needs a channel where there are few.
 */
export class FollowLog implements Disposable {
  private readonly abort = new AbortController();
  private failures = 0;
  private retry: Disposable | undefined;
  private pausing: Disposable | undefined;
  private grewMeanwhile = false;

  constructor(
    private readonly host: StreamHost,
    private readonly path: string,
    private readonly onGrow: () => void,
    private readonly parts: { readonly clock: Clock; readonly log: Logger },
  ) {
    void this.follow();
  }

  dispose(): void {
    this.abort.abort();
    this.retry?.dispose();
    this.pausing?.dispose();
  }

  /** At once, and then once more for all that comes within a moment. */
  private tell(): void {
    this.grewMeanwhile = this.pausing !== undefined;
    if (this.pausing || this.abort.signal.aborted) return;
    this.pausing = this.parts.clock.after(PAUSE_MS, () => {
      this.pausing = undefined;
      if (this.grewMeanwhile) this.tell();
    });
    this.onGrow();
  }

  private async follow(): Promise<void> {
    const { signal } = this.abort;
    let reason = 'it ended';
    try {
      const tail = await this.host.start(['sh', '-c', FOLLOW, 'sh', this.path], signal, { givesWay: true });
      tail.stderr.resume();
      tail.stdout.on('data', () => {
        this.failures = 0;
        this.tell();
      });
      const end = await tail.ended;
      if (end.kind === 'lost') reason = end.reason;
    } catch (error) {
      reason = errorText(error);
    }
    if (signal.aborted) return;
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** this.failures, SLOW_RETRY_MS);
    this.failures++;
    this.parts.log.debug(`${this.host.label}: ${this.path} is not followed for now: ${reason}`);
    this.retry = this.parts.clock.after(delayMs, () => {
      // What was written meanwhile was not told.
      this.onGrow();
      void this.follow();
    });
  }
}
