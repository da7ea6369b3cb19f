/** A place in a text. Lines and columns count from 1; the end is exclusive. */
export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type Severity = 'error' | 'warning' | 'information';

/**
 * Something wrong in a file that the user wrote. Returned, never thrown.
 *
 * `code` is stable and kebab-case (`unknown-key`, `not-a-list`); `hint` says what to do, often "did you mean".
 */
export interface Problem {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly range: TextRange;
  readonly hint?: string;
}

/** A parsed thing with what is wrong in its text. `value` is absent when nothing usable could be read. */
export interface Parsed<T> {
  readonly value?: T;
  readonly problems: readonly Problem[];
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
