import { isList, isMap, isNumber, type Parameters, type ParameterValue } from './value';

/**
 * A text that is equal for equal values: `1e-3` and `0.001` are one value, `1` and `1.0` are two (a program is given
 * different types), and the order of a map's keys does not count.
 */
export function valueKey(value: ParameterValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isNumber(value))
    return isIntegerText(value.text) ? String(BigInt(digits(value.text))) : floatKey(value.number);
  if (isList(value)) return `[${value.map(valueKey).join(',')}]`;
  return isMap(value) ? parametersKey(value) : '';
}

/** The same for a combination. */
export function parametersKey(parameters: Parameters): string {
  const items = [...parameters].map(([name, value]) => `${JSON.stringify(name)}:${valueKey(value)}`);
  return `{${items.sort().join(',')}}`;
}

/** Whether programs read the text as a whole number. */
export function isIntegerText(text: string): boolean {
  return /^[-+]?\d+$/.test(text);
}

/** Marked, so that the float 1.0 is not the integer 1. */
function floatKey(number: number): string {
  return `${String(number)}f`;
}

function digits(text: string): string {
  return text.startsWith('+') ? text.slice(1) : text;
}
