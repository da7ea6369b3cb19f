import assert from 'node:assert/strict';
import type { Preflight, PreflightFinding } from '../../../../src/core/facade';
import { preflightItems } from '../../../../src/ui/commands/preflightItems';
import { plainL10n } from '../../../support/plainL10n';

const SLOW: PreflightFinding = {
  source: 'gpubox',
  subject: 'health',
  severity: 'warning',
  text: 'Only 1 GiB is free.',
};
const MISSING: PreflightFinding = {
  source: 'gpubox',
  subject: 'files',
  severity: 'error',
  text: 'train.py is not copied.',
  fix: 'Take it out of .gitignore.',
};

function found(findings: readonly PreflightFinding[], ...usable: readonly string[]): Preflight {
  return { findings, usable };
}

function labelsOf(...findings: PreflightFinding[]): string[] {
  return preflightItems(plainL10n, found(findings)).map(({ label }) => label);
}

describe('the list before a start', () => {
  it('offers to start when tasks could run', () => {
    assert.deepEqual(labelsOf(SLOW), [
      '$(play) Start Anyway',
      '$(warning) gpubox: Only 1 GiB is free.',
      '$(refresh) Look Again',
    ]);
  });

  it('offers no start when they could not', () => {
    assert.deepEqual(labelsOf(MISSING, SLOW), [
      '$(error) gpubox: train.py is not copied.',
      '$(warning) gpubox: Only 1 GiB is free.',
      '$(refresh) Look Again',
    ]);
  });

  it('offers to start on the other sources, which are looked at again', () => {
    const [start] = preflightItems(plainL10n, found([MISSING], 'local', 'box'));
    assert.equal(start?.label, '$(play) Start on local, box Only');
    assert.deepEqual(start.action, { kind: 'narrow', sources: ['local', 'box'] });
  });

  it('lets the user decide about code that is out of step', () => {
    const behind = { source: 'gpubox', subject: 'code', severity: 'error', text: 'It is behind.' } as const;
    const startsOf = (...findings: PreflightFinding[]): (string | undefined)[] =>
      preflightItems(plainL10n, found(findings)).flatMap(({ action }) =>
        action.kind === 'start' ? [action.sync] : [],
      );
    assert.deepEqual(startsOf({ ...behind, canPush: true }, SLOW), ['push', 'skip']);
    assert.deepEqual(startsOf({ ...behind, canPush: true }, { ...behind, canPush: false }), ['skip']);
    assert.deepEqual(startsOf({ ...behind, canPush: true }, MISSING), []);
    assert.deepEqual(startsOf(SLOW), [undefined]);
    const [, , line] = preflightItems(plainL10n, found([{ ...behind, canPush: true, fix: 'Push first.' }]));
    assert.equal(line?.detail, 'Push first. Choose to look at it in the Sync view.');
    assert.equal(line.action.kind === 'mend' && line.action.command, 'hsm.sync.show');
  });

  it('says with each what to do, and does it', () => {
    const [, missing] = preflightItems(plainL10n, found([{ ...MISSING, severity: 'warning' }]));
    assert.equal(missing?.detail, 'Take it out of .gitignore. Choose to open the configuration.');
    assert.deepEqual(missing.action, {
      kind: 'mend',
      command: 'hsm.project.configure',
      args: [],
      thenAgain: false,
    });
    const [, slow] = preflightItems(plainL10n, found([SLOW]));
    assert.equal(slow?.detail, 'Choose to test gpubox again.');
    assert.deepEqual(slow.action, {
      kind: 'mend',
      command: 'hsm.source.retry',
      args: [{ name: 'gpubox' }],
      thenAgain: true,
    });
  });

  it('draws no icons of a host’s words', () => {
    assert.equal(labelsOf({ ...SLOW, text: '$(pass) fine\u001b[2J' })[1], '$(warning) gpubox: $ (pass) fine');
  });
});
