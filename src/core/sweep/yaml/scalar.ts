import type { NumberValue } from '../value';
import type { YamlScalar } from './yamlNode';

/** What a scalar means, and what another reader of YAML would take it for, if a program would notice. */
export interface ScalarReading {
  readonly value: null | boolean | string | NumberValue;
  /** The rest of "… is read as …": `the number 10; YAML 1.1 readers take it for 8`. */
  readonly ambiguity?: string;
}

type Rule = readonly [RegExp, (text: string) => ScalarReading];

const INTEGER = /^[-+]?\d+$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * Gives a plain scalar its meaning: YAML 1.2's core schema, plus what sweep files of the Python tool rely on (`yes`,
 * `no`, `on`, `off` as truth values, `1_000` as a number). The first rule that fits counts.
 *
 * Exponents without a point (`1e-3`) are numbers without further ado: YAML 1.1 takes them for text, but the programs
 * that are given that text read the same number.
 */
const RULES: readonly Rule[] = [
  [/^(~|null|Null|NULL)?$/, () => ({ value: null })],
  [/^(true|True|TRUE)$/, () => ({ value: true })],
  [/^(false|False|FALSE)$/, () => ({ value: false })],
  [
    /^(yes|Yes|YES|on|On|ON)$/,
    () => ({ value: true, ambiguity: '`true`; YAML 1.2 readers take it for text' }),
  ],
  [
    /^(no|No|NO|off|Off|OFF)$/,
    () => ({ value: false, ambiguity: '`false`; YAML 1.2 readers take it for text' }),
  ],
  [INTEGER, integer],
  [/^0x[\da-fA-F]+$/, (text) => ({ value: bigNumber(text) })],
  [
    /^0o[0-7]+$/,
    (text) => ({
      value: bigNumber(text),
      ambiguity: `${String(BigInt(text))}; YAML 1.1 readers take it for text`,
    }),
  ],
  [FLOAT, (text) => ({ value: toNumber(text) })],
  [/^[-+]?\.(inf|Inf|INF)$/, (text) => ({ value: infinity(text) })],
  [/^\.(nan|NaN|NAN)$/, () => ({ value: { number: NaN, text: 'nan' } })],
  // One underscore between digits, as in Python.
  [/^[-+]?\d+(_\d+)*(\.(\d+(_\d+)*)?)?([eE][-+]?\d+)?$/, withUnderscores],
  [/^[-+]?\d[\d_]*$/, (text) => ({ value: text, ambiguity: 'text; YAML 1.1 readers take it for a number' })],
  [/^[-+]?0b[01_]+$/, (text) => ({ value: text, ambiguity: 'text; YAML 1.1 readers take it for a number' })],
  [/^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/, sexagesimal],
];

/** The meaning of a scalar. Quoted ones and blocks are text. */
export function readScalar({ text, plain, tag }: YamlScalar): ScalarReading {
  const type = tag?.replace('tag:yaml.org,2002:', '');
  if (type === 'str' || type === '!') return { value: text };
  if (type === undefined) return plain ? readPlain(text) : { value: text };
  const reading = readPlain(text.trim());
  if (type !== 'float' || typeof reading.value !== 'object' || reading.value === null) return reading;
  return { value: { number: reading.value.number, text: floatText(reading.value.text) } };
}

function readPlain(text: string): ScalarReading {
  for (const [pattern, read] of RULES) if (pattern.test(text)) return read(text);
  return { value: text };
}

function integer(text: string): ScalarReading {
  const value = toNumber(text);
  if (!/^[-+]?0\d/.test(text)) return { value };
  const old = /^[-+]?0[0-7]+$/.test(text) ? String(parseInt(text, 8)) : 'text';
  const same = old === value.text.replace('+', '');
  return same ? { value } : { value, ambiguity: `${value.text}; YAML 1.1 readers take it for ${old}` };
}

function withUnderscores(text: string): ScalarReading {
  const value = toNumber(text.replaceAll('_', ''));
  return { value, ambiguity: `${value.text}; YAML 1.2 readers take it for text` };
}

function sexagesimal(text: string): ScalarReading {
  return { value: text, ambiguity: 'text; YAML 1.1 readers take it for a number in base 60' };
}

/** Keeps the text but for leading zeros, with which programs would read something else. */
function toNumber(text: string): NumberValue {
  return { number: Number(text), text: text.replace(/^([-+]?)0+(?=\d)/, '$1') };
}

/** Programs do not read `0x1F` as a number; they get it in decimals, exact whatever its size. */
function bigNumber(text: string): NumberValue {
  return { number: Number(text), text: String(BigInt(text)) };
}

/** Programs write it without YAML's point. */
function infinity(text: string): NumberValue {
  return text.startsWith('-') ? { number: -Infinity, text: '-inf' } : { number: Infinity, text: 'inf' };
}

function floatText(text: string): string {
  return INTEGER.test(text) ? `${text}.0` : text;
}
