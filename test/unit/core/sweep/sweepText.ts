import assert from 'node:assert/strict';
import { expand, type Expansion } from '../../../../src/core/sweep/expand';
import { parseSweep } from '../../../../src/core/sweep/parseSweep';
import type { Problem } from '../../../../src/core/sweep/problem';
import type { Sweep } from '../../../../src/core/sweep/sweep';
import { parametersToJson, type JsonValue } from '../../../../src/core/sweep/value';

/** A sweep file without errors. */
export function sweepOf(text: string): Sweep {
  const { value, problems } = parseSweep(text);
  assert.deepEqual(
    problems.filter((problem) => problem.severity === 'error'),
    [],
  );
  assert.ok(value);
  return value;
}

export function expansionOf(text: string): Expansion {
  return expand(sweepOf(text));
}

/** All combinations as plain JSON. */
export function combinationsOf(text: string): Record<string, JsonValue>[] {
  return [...expansionOf(text)].map(parametersToJson);
}

/** Problems as short lines: `error not-a-list 2:7`. */
export function brief(problems: readonly Problem[]): string[] {
  return problems.map(
    ({ severity, code, range }) => `${severity} ${code} ${String(range.line)}:${String(range.column)}`,
  );
}
