import type { L10n } from './l10n';

/** A length of time with at most two units: `45 s`, `3 min`, `2 h 5 min`, `1 d 4 h`. */
export function formatDuration(l10n: L10n, durationMs: number): string {
  // Rounded to the unit before it is split, so that nothing reads "60 s" or "1 h 60 min".
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) return l10n.t('{0} s', seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return l10n.t('{0} min', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return l10n.t('{0} h {1} min', hours, minutes % 60);
  return l10n.t('{0} d {1} h', Math.floor(hours / 24), hours % 24);
}

/** Time of day, as the user's locale writes it. */
export function formatTimeOfDay(atMs: number): string {
  return new Date(atMs).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
