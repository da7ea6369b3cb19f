import assert from 'node:assert/strict';
import { runSweepFile } from '../../../../src/cli/commands/run';
import { HsmError } from '../../../../src/core/base/errors';
import type { PreflightFinding } from '../../../../src/core/facade';
import { fakeContext, type FakeContext } from '../support/fakeProject';
import { countsOf, sweepOf } from '../support/summaries';

const SLOW: PreflightFinding = {
  source: 'gpubox',
  subject: 'health',
  severity: 'warning',
  text: 'Only 1 GiB is free.\u001b[2J',
};
const MISSING: PreflightFinding = {
  source: 'gpubox',
  subject: 'files',
  severity: 'error',
  text: 'train.py is not copied.',
  fix: 'Take it out of .gitignore.',
};

function contextWith(...findings: PreflightFinding[]): FakeContext {
  const context = fakeContext();
  context.project.found = { findings, usable: findings.includes(MISSING) ? ['box'] : ['gpubox', 'box'] };
  context.project.list = [sweepOf({ state: 'succeeded', counts: countsOf({ succeeded: 1 }) })];
  return context;
}

describe('hsm run', () => {
  it('tells what could go wrong on other machines, and starts', async () => {
    const context = contextWith(SLOW);
    assert.equal(await runSweepFile(context, 'a.yaml', {}), 0);
    assert.match(context.err.text, /^warning: gpubox: Only 1 GiB is free\.\n/);
    assert.ok(context.project.calls.some(([verb]) => verb === 'start'));
  });

  it('starts nothing when tasks could not run, and says what to do', async () => {
    const context = contextWith(MISSING, SLOW);
    await assert.rejects(
      runSweepFile(context, 'a.yaml', {}),
      (error) =>
        HsmError.is(error, 'source.unavailable') &&
        error.details.hint === 'To start on what can be used: --source box',
    );
    assert.match(
      context.err.text,
      /^error: gpubox: train\.py is not copied\.\n {2}Take it out of \.gitignore\.\nwarning: gpubox/,
    );
    assert.deepEqual(context.project.calls, []);
  });

  it('advises no source that is refused', async () => {
    const behind = { source: 'gpubox', subject: 'code', severity: 'error', text: 'It is behind.' } as const;
    const context = contextWith(behind);
    context.project.found = { findings: [behind], usable: ['gpubox'] };
    await assert.rejects(
      runSweepFile(context, 'a.yaml', {}),
      (error) => HsmError.is(error, 'source.unavailable') && error.details.hint === undefined,
    );
  });
});
