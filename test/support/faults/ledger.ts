import { existsSync, readFileSync } from 'node:fs';

/** What an attempt wrote about itself: see task.sh. */
export interface LedgerAttempt {
  readonly task: number;
  readonly attempt: number;
  readonly pid: number;
  /** Absent when it did not come to its end. */
  readonly exitCode?: number;
}

/** What really happened, by the tasks' own word. */
export interface Ledger {
  /** In the order of their starts. */
  readonly attempts: readonly LedgerAttempt[];
  /** What must never be: a second start of one attempt, two attempts of a task at once, a line that is no line. */
  readonly violations: readonly string[];
}

export function readLedger(file: string): Ledger {
  const attempts = new Map<string, LedgerAttempt>();
  const violations: string[] = [];
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []) {
    const [word, ...numbers] = line.split(' ');
    const [task = NaN, attempt = NaN, last = NaN] = numbers.map(Number);
    const key = `${task}.${attempt}`;
    const known = attempts.get(key);
    if (word === 'start' && !known) attempts.set(key, { task, attempt, pid: last });
    else if (word === 'end' && known && known.exitCode === undefined)
      attempts.set(key, { ...known, exitCode: last });
    else violations.push(line);
  }
  return { attempts: [...attempts.values()], violations };
}
