import { isList, isMap, isNumber, type ParameterValue } from './value';

/** A key that Hydra's command line takes: `a.b`, `+a`, `~a`, `group/sub`, `group@package`. */
const KEY =
  /^(\+\+?|~)?([A-Za-z_$][\w$-]*(\.([A-Za-z_$][\w$-]*|0|[1-9]\d*))*|[A-Za-z_][\w-]*(\/[A-Za-z_][\w-]*)+)(@[\w.$-]*)?$/;
/** Text that Hydra reads as itself without quotes. */
const BARE = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;
const RESERVED = /^(null|true|false|inf|nan)$/i;
/** `${name}` alone: meant as a reference to another value of the configuration, and passed on as one. */
const REFERENCE = /^\$\{[A-Za-z_][\w.]*\}$/;

/** Whether Hydra takes the name as a key; there is no way to quote one. */
export function isHydraKey(name: string): boolean {
  return KEY.test(name);
}

/**
 * One override, `key=value`, such that Hydra reads the value with its type. `~key` with nothing deletes the key.
 *
 * `${…}` in a text stays an interpolation; a literal one is written `\${`.
 *
 * @see https://hydra.cc/docs/advanced/override_grammar/basic/
 */
export function hydraOverride(name: string, value: ParameterValue): string {
  return name.startsWith('~') && value === null ? name : `${name}=${hydraValue(value)}`;
}

/** An override whose text is taken literally, also when it contains `${`. */
export function hydraLiteral(name: string, text: string): string {
  return `${name}=${quoted(text.replaceAll('${', String.raw`\${`))}`;
}

function hydraValue(value: ParameterValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return REFERENCE.test(value) ? value : quoted(value);
  if (isNumber(value)) return value.text;
  if (isList(value)) return `[${value.map(hydraValue).join(',')}]`;
  if (!isMap(value)) return '';
  return `{${[...value].map(([key, item]) => `${mapKey(key)}:${hydraValue(item)}`).join(',')}}`;
}

/** Hydra takes backslashes literally, except those before a quote or the end of the text. */
function quoted(text: string): string {
  if (BARE.test(text) && !RESERVED.test(text)) return text;
  const escaped = text.replaceAll(/(\\*)("|$)/g, (_, slashes: string, quote: string) => {
    return slashes + slashes + (quote && String.raw`\"`);
  });
  return `"${escaped}"`;
}

/** Keys of maps cannot be quoted, only escaped. */
function mapKey(key: string): string {
  return key.replaceAll(/[\\()[\]{}:=, \t]/g, String.raw`\$&`);
}
