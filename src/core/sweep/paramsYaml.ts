import { isList, isMap, isNumber, type Parameters, type ParameterValue } from './value';
import { isIntegerText } from './valueKey';

/** Text that no reader of YAML, old or new, takes for anything else. */
const BARE = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;
const RESERVED = /^(null|true|false|yes|no|on|off|y|n)$/i;

/** A combination as YAML, one `name: value` per line, read alike by YAML 1.1 (PyYAML) and 1.2. */
export function paramsYaml(parameters: Parameters): string {
  if (parameters.size === 0) return '{}\n';
  return [...parameters].map(([name, value]) => `${yamlText(name)}: ${yamlValue(value)}\n`).join('');
}

function yamlValue(value: ParameterValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return yamlText(value);
  if (isNumber(value)) return yamlNumber(value.text);
  if (isList(value)) return `[${value.map(yamlValue).join(', ')}]`;
  if (!isMap(value)) return '';
  return `{${[...value].map(([key, item]) => `${yamlText(key)}: ${yamlValue(item)}`).join(', ')}}`;
}

/**
 * YAML 1.1 wants a point and a signed exponent in a float, and PyYAML a digit before the point after a sign: `1e-3`
 * and `-.5` are texts to it, `1.0e-3` and `-0.5` are not.
 */
function yamlNumber(text: string): string {
  if (isIntegerText(text)) return text;
  const special = /^(-?)(inf|nan)$/.exec(text);
  if (special) return `${special[1] ?? ''}.${special[2] ?? ''}`;
  const [mantissa = '', exponent] = text.split(/e/i);
  const pointed = mantissa.includes('.')
    ? mantissa.replace(/^([-+]?)\./, (_, sign: string) => `${sign}0.`)
    : `${mantissa}.0`;
  if (exponent === undefined) return pointed;
  return `${pointed}e${/^[-+]/.test(exponent) ? '' : '+'}${exponent}`;
}

function yamlText(text: string): string {
  if (BARE.test(text) && !RESERVED.test(text)) return text;
  // JSON's text is YAML's double-quoted one, but for characters that YAML folds or forbids.
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
