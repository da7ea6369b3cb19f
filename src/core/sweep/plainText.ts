import { isNumber, toJson, type ParameterValue } from './value';

/** A value as programs that know no configuration language read it: texts as they are, lists and maps as JSON. */
export function plainText(value: ParameterValue): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value === 'boolean') return String(value);
  return isNumber(value) ? value.text : JSON.stringify(toJson(value));
}
