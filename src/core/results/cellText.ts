import type { JsonValue } from '../sweep/value';

/** A cell as plain text: nothing is empty, a text is itself, all else is as in JSON; NaN and infinities are named. */
export function cellText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
