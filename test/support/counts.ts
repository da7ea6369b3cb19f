import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What one run of tests reports: see countingReporter.cjs. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Full titles, or reasons. */
  readonly skipped: readonly string[];
}

/** Adds a line to the file that HSM_TEST_COUNTS names, if it names one. */
export function recordCounts(counts: Partial<Counts>): void {
  const file = process.env['HSM_TEST_COUNTS'];
  if (file) appendFileSync(file, `${JSON.stringify({ passed: 0, failed: 0, skipped: [], ...counts })}\n`);
}

/** The sum of all lines of a file; zeros when nothing ran. */
export function readCounts(file: string): Counts {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const all = lines.map((line) => JSON.parse(line) as Counts);
  return {
    passed: all.reduce((sum, each) => sum + each.passed, 0),
    failed: all.reduce((sum, each) => sum + each.failed, 0),
    skipped: all.flatMap((each) => each.skipped),
  };
}
