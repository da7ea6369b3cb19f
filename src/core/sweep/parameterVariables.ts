import { plainText } from './plainText';
import type { Parameters } from './value';

/**
 * The environment variable of a parameter: `HSM_PARAM_` and the name in upper case, with `_` for every character but
 * letters and digits: `optimizer.lr` → `HSM_PARAM_OPTIMIZER_LR`.
 */
export function variableName(parameter: string): string {
  return `HSM_PARAM_${parameter.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}

/** The parameters as variables: texts as they are, numbers as written, lists and maps as JSON, `null` as empty. */
export function parameterVariables(parameters: Parameters): Record<string, string> {
  return Object.fromEntries(
    [...parameters].map(([name, value]) => [variableName(name), value === null ? '' : plainText(value)]),
  );
}
