import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseConfig } from '../../../src/core/project/config';
import { expand } from '../../../src/core/sweep/expand';
import { parseSweep } from '../../../src/core/sweep/parseSweep';

function read(path: string): string {
  return readFileSync(new URL(`../../../examples/${path}`, import.meta.url), 'utf8');
}

/** The numbers are those that the examples' README files name. */
const TASKS: Readonly<Record<string, number>> = {
  'mlp/sweeps/quick.yaml': 4,
  'mlp/sweeps/lr.yaml': 12,
  'mlp/sweeps/failing.yaml': 12,
  'mlp/sweeps/long.yaml': 40,
  'flags/sweeps/methods.yaml': 12,
  'flags/sweeps/shell.yaml': 6,
};

describe('the examples', () => {
  for (const [file, count] of Object.entries(TASKS)) {
    it(`have ${count} tasks and no problems in ${file}`, () => {
      const { value, problems } = parseSweep(read(file));
      assert.deepEqual(problems, []);
      assert.ok(value);
      assert.equal(expand(value).count, count);
    });
  }

  for (const project of ['mlp', 'flags']) {
    it(`have no problems in the project file of ${project}`, () => {
      const { value, problems } = parseConfig(read(`${project}/.hsm/config.yaml`));
      assert.deepEqual(problems, []);
      assert.deepEqual(Object.keys(value?.sources ?? {}), ['local']);
    });
  }
});

describe('README.md', () => {
  const blocks = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8').matchAll(
    /^( *)```yaml\n(.*?)^ *```$/gmsu,
  );
  for (const [index, [, indent = '', body = '']] of [...blocks].entries()) {
    it(`shows files without problems, block ${index + 1}`, () => {
      const text = body.replaceAll(new RegExp(`^${indent}`, 'gmu'), '');
      const { problems } = /^(project|sources|sync|results):/mu.test(text)
        ? parseConfig(text)
        : parseSweep(text);
      assert.deepEqual(problems, []);
    });
  }
});
