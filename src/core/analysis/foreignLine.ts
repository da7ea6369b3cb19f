import { cleanLines } from './cleanLog';

/** What makes text run the other way, or look like other text. @see https://www.unicode.org/reports/tr9/ */
export const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from another machine on one line, as data: without terminal escapes, control characters and marks that turn the
 * direction of writing.
 */
export function foreignLine(text: string, maxLength = 500): string {
  return foreignLines(text, maxLength)
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');
}

/** The same, line by line as a terminal would show them. */
export function foreignLines(text: string, maxLength?: number): string[] {
  return cleanLines(text.replace(DIRECTIONS, ''), maxLength);
}
