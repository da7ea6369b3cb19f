import type { PatternValues } from './failurePattern';

/** So many values that differ are listed. */
const LISTED = 3;

// ` ({size})`, ` {key}`, `{key}`: with what a place needs around it, so that an empty one leaves no hole.
const PLACES = / ?\(\{\w+\}\)| ?\{\w+\}/gu;

/**
 * An explanation or advice with its `{name}` places filled by what was caught, in quotes unless it is an amount; what was not
 * caught leaves no hole. All else stays as it is.
 *
 * @param values - for each name what was caught; several where tasks of a group differ in it
 */
export function fillIn(
  text: string,
  values: PatternValues | Readonly<Record<string, readonly string[]>>,
): string {
  const filled = text.replaceAll(PLACES, (place) => {
    const name = /\w+/u.exec(place)?.[0] ?? '';
    const value = listed(values[name] ?? []);
    // A function: `$&` in a value is no place of a replacement.
    return value === '' ? '' : place.replace(`{${name}}`, () => value);
  });
  return filled.trim();
}

/** `"a"`, `"a" or "b"`, `"a", "b", "c" or 4 more`. */
function listed(value: string | readonly string[]): string {
  const all = (typeof value === 'string' ? [value] : value).filter((each) => each !== '');
  const quoted = all.slice(0, all.length > LISTED + 1 ? LISTED : all.length).map(setOff);
  const more = all.length - quoted.length;
  const last = more > 0 ? `${more} more` : quoted.pop();
  return quoted.length === 0 ? (last ?? '') : `${quoted.join(', ')} or ${last ?? ''}`;
}

// 503, 1.69 GiB, 60 seconds, 2/4, line 12
const AMOUNT = /^(?:line |position )?-?\d[\d.,/]*(?: ?(?:[kKMGT]?i?[Bb]|m?s|seconds))?$/u;

function setOff(value: string): string {
  return AMOUNT.test(value) ? value : `"${value}"`;
}
