import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { TaskFailure } from '../../../src/core/analysis/failure';
import { findCommand } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';
import { PROVOKED_FAILURES } from './provokedFailures';
import { checkProvoked, provokeAll, type ProvokedFailure } from './provokedRun';

/** Not installed for tests: it is large, and one failure is not worth it. */
const NOT_PROVIDED = ['java'];

const isLinux = process.platform === 'linux' && existsSync('/proc/self/mem');

/** A program that this machine lacks provokes nothing. */
function missingFor({ argv, needs = [] }: ProvokedFailure): readonly string[] {
  return [argv[0] ?? '', ...needs].filter(
    (name) => !name.startsWith('no_such') && findCommand(name) === undefined,
  );
}

describe('failures of real programs', function () {
  this.timeout(180_000);
  const provoked = isLinux ? PROVOKED_FAILURES.filter((each) => missingFor(each).length === 0) : [];
  let found: ReadonlyMap<ProvokedFailure, TaskFailure> = new Map();
  const dir = makeTempDir();

  before(async () => {
    found = await provokeAll(dir.path, provoked);
  });

  after(() => {
    dir.dispose();
  });

  it('can be provoked on Linux where the tests are complete', () => {
    const missing = new Set(PROVOKED_FAILURES.flatMap(missingFor));
    for (const name of NOT_PROVIDED) missing.delete(name);
    if (isLinux && process.env['CI']) assert.deepEqual([...missing], []);
    assert.ok(!isLinux || provoked.length > 0);
  });

  for (const each of provoked) {
    it(`are known: ${each.id} by ${each.argv.join(' ').slice(0, 60)}`, () => {
      checkProvoked(each, found.get(each));
    });
  }
});
