import type { Parsed } from './problem';
import type { Sweep } from './sweep';

/** Reads a sweep file. `value` is absent when the file has errors that leave nothing to expand. */
export function parseSweep(text: string): Parsed<Sweep> {
  throw new Error(`not written yet: ${String(text.length)}`);
}
