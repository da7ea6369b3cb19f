import { createHash } from 'node:crypto';
import type { Parameters } from './value';
import { parametersKey } from './valueKey';

/**
 * A stable name for a combination, whatever the order of its parameters: 32 hexadecimal digits. `1` and `1.0` differ;
 * `1e-3` and `0.001` do not. It tells which combinations a sweep has already, so it must never change.
 */
export function parameterHash(parameters: Parameters): string {
  return createHash('sha256').update(parametersKey(parameters)).digest('hex').slice(0, 32);
}
