import type { L10n } from './l10n';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time with at most two units: `45 s`, `3 min`, `2 h 5 min`, `1 d 4 h`. */
export function formatDuration(l10n: L10n, durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < MINUTE) return l10n.t('{0} s', Math.round(ms / SECOND));
  if (ms < HOUR) return l10n.t('{0} min', Math.round(ms / MINUTE));
  if (ms < DAY) {
    const minutes = Math.round((ms % HOUR) / MINUTE);
    return l10n.t('{0} h {1} min', Math.floor(ms / HOUR), Math.min(minutes, 59));
  }
  return l10n.t('{0} d {1} h', Math.floor(ms / DAY), Math.floor((ms % DAY) / HOUR));
}

/** Time of day, as the user's locale writes it. */
export function formatTimeOfDay(atMs: number): string {
  return new Date(atMs).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
