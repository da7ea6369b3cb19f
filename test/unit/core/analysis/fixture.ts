import { readFileSync } from 'node:fs';

/** The stderr of a program of `test/fixtures/tracebacks/programs`, as a certain Python really wrote it. */
export function readTracebackSample(name: string): string {
  return readFileSync(new URL(`../../../fixtures/tracebacks/${name}.txt`, import.meta.url), 'utf8');
}
