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
 * @param wishedSilenceMs - silence after which somebody wants it probed; more than the usual is too long
 */
export function watchLiveness(
  clock: Clock,
  pulse: Pulse,
  lost: (reason: string) => void,
  wishedSilenceMs = SILENCE_BEFORE_PROBE_MS,
): Disposable {
  const silenceBeforeProbeMs = Math.min(wishedSilenceMs, SILENCE_BEFORE_PROBE_MS);
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
    const hasSign = pulse.progress() !== progress;
    progress = pulse.progress();
    // Of the time that was slept through nothing is known, nor does what came before it count: the far side is asked.
    if (hasSign || hasJumped) lastSignMs = now;
    if (hasJumped) answerDueMs = now + ANSWER_AFTER_JUMP_MS;
    else if (hasSign) answerDueMs = undefined;
    if (now - lastSignMs >= LOST_AFTER_MS || (answerDueMs !== undefined && now >= answerDueMs)) {
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
      : silenceBeforeProbeMs + SILENCE_BEFORE_PROBE_WHEN_IDLE_MS - SILENCE_BEFORE_PROBE_MS;
    return now - lastSignMs >= patienceMs && now - lastProbeMs >= silenceBeforeProbeMs;
  }

  return {
    dispose: () => {
      timer.dispose();
    },
  };
}
