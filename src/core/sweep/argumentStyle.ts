import { hydraOverride } from './hydra';
import { plainText } from './plainText';
import type { ArgumentStyle } from './runOptions';
import { isList, type Parameters, type ParameterValue } from './value';

/**
 * The parameters as program arguments, one argv element per token:
 *
 * - `hydra`: `key=value` by Hydra's grammar, so that Hydra reads each value with its type;
 * - `argparse`: `--key value`; a list follows item by item (`nargs='+'`), `null` is left out so that the program's
 *   default holds, and a value that begins with `-` is joined (`--key=-1e-5`), since it would be taken for an option;
 * - `env`: none, see `parameterVariables`.
 */
export function formatArguments(style: ArgumentStyle, parameters: Parameters): string[] {
  switch (style) {
    case 'hydra':
      return [...parameters].map(([name, value]) => hydraOverride(name, value));
    case 'argparse':
      return [...parameters].flatMap(([name, value]) => option(name, value));
    case 'env':
      return [];
  }
}

function option(name: string, value: ParameterValue): string[] {
  if (value === null) return [];
  const texts = isList(value) ? value.map(plainText) : [plainText(value)];
  const [only] = texts;
  if (texts.length === 1 && only?.startsWith('-')) return [`--${name}=${only}`];
  return [`--${name}`, ...texts];
}
