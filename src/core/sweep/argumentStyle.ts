import type { ArgumentStyle } from './runOptions';
import type { Parameters } from './value';

/**
 * The parameters as program arguments, one argv element per token: `hydra` gives `key=value` by Hydra's grammar,
 * `argparse` gives `--key value`, `env` gives none.
 */
export function formatArguments(style: ArgumentStyle, parameters: Parameters): string[] {
  throw new Error(`not written yet: ${style} ${String(parameters.size)}`);
}
