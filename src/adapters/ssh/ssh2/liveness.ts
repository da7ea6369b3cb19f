import type { Clock } from '../../../core/base/clock';
import type { Disposable } from '../../../core/base/lifecycle';

const TICK_MS = 5_000;
const SILENCE_BEFORE_PROBE_MS = 15_000;
const SILENCE_BEFORE_PROBE_WHEN_IDLE_MS = 30_000;
const LOST_AFTER_MS = 60_000;
/** A tick that is this late by either clock: the machine slept, or was busy, or its clock was set. */
const JUMP_MS = 30_000;
const ANSWER_AFTER_JUMP_MS = 5_000;

/** A connection, as far as its life can be told from outside. */
export interface Pulse {
  /** Grows whenever the far side, or the network to it, gave a sign of life. */
  progress(): number;
  /** Whether somebody waits for the far side. */
  isAwaited(): boolean;
  /** Makes the far side send something. */
  probe(): void;
}

/**
 * Finds out that a connection is dead although nobody said so. Bytes that move in either direction are life, so a
 * slow line that is full of our own data is not taken for a dead one, and a probe is sent only into silence.
 *
 * @param lost - called once, with the reason
 */
export function watchLiveness(
  clock: Clock,
  pulse: Pulse,
  lost: (reason: string) => void,
  silenceBeforeProbeMs = SILENCE_BEFORE_PROBE_MS,
): Disposable {
  let progress = pulse.progress();
  let lastTick = { elapsedMs: clock.elapsed(), wallMs: clock.now() };
  let lastSignMs = lastTick.elapsedMs;
  let lastProbeMs = lastTick.elapsedMs;
  let answerDueMs: number | undefined;
  let timer = clock.after(TICK_MS, tick);

  function tick(): void {
    const now = clock.elapsed();
    const hasJumped = isLate(now);
    lastTick = { elapsedMs: now, wallMs: clock.now() };
    if (pulse.progress() !== progress) {
      progress = pulse.progress();
      lastSignMs = now;
      answerDueMs = undefined;
    } else if (hasJumped) {
      // Of the time that was slept through nothing is known: the far side gets its chance.
      lastSignMs = now;
      answerDueMs = now + ANSWER_AFTER_JUMP_MS;
    }
    if (
      now - lastSignMs >= LOST_AFTER_MS ||
      (answerDueMs !== undefined && !hasJumped && now >= answerDueMs)
    ) {
      lost('nothing was heard of it any more');
      return;
    }
    if (hasJumped || isProbeDue(now)) {
      lastProbeMs = now;
      pulse.probe();
    }
    timer = clock.after(TICK_MS, tick);
  }

  function isLate(now: number): boolean {
    const passedMs = Math.max(now - lastTick.elapsedMs, clock.now() - lastTick.wallMs);
    return passedMs > TICK_MS + JUMP_MS;
  }

  function isProbeDue(now: number): boolean {
    const patienceMs = pulse.isAwaited()
      ? silenceBeforeProbeMs
      : Math.max(silenceBeforeProbeMs, SILENCE_BEFORE_PROBE_WHEN_IDLE_MS);
    return now - lastSignMs >= patienceMs && now - lastProbeMs >= silenceBeforeProbeMs;
  }

  return {
    dispose: () => {
      timer.dispose();
    },
  };
}
