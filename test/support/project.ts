import { resolve } from 'node:path';

/** The root of this repository. */
export const projectDir = resolve(import.meta.dirname, '../..');

/** Where tests leave what a person may want to look at: screenshots, logs, counts. */
export const resultsDir = resolve(projectDir, 'test-results');

/** What tests download and keep between runs. */
export const cacheDir = resolve(projectDir, '.cache');
