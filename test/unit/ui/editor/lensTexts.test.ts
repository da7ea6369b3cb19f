import assert from 'node:assert/strict';
import type { SweepPreview } from '../../../../src/core/facade';
import { isProjectFile, isYamlFile } from '../../../../src/ui/editor/fileRole';
import { lensTexts } from '../../../../src/ui/editor/lensTexts';
import { plainL10n } from '../../../support/plainL10n';

function checkLenses(preview: Partial<SweepPreview>, isTrusted: boolean, ...expected: string[]): void {
  const lenses = lensTexts(plainL10n, { problems: [], ...preview }, isTrusted);
  assert.deepEqual(
    lenses.map(({ title, command }) => `${title} -> ${command}`),
    expected,
  );
}

const ERROR = {
  severity: 'error',
  code: 'not-a-list',
  message: 'lr is no list.',
  range: { line: 1, column: 1, endLine: 1, endColumn: 2 },
} as const;

describe('the line over a sweep file', () => {
  it('starts it and says how many tasks that is', () => {
    checkLenses(
      { count: 24 },
      true,
      '▶ Start Sweep · 24 tasks -> hsm.sweep.start',
      'Preview -> hsm.sweep.preview',
    );
    checkLenses(
      { count: 1 },
      true,
      '▶ Start Sweep · 1 task -> hsm.sweep.start',
      'Preview -> hsm.sweep.preview',
    );
  });

  it('counts the errors of a file that cannot be started', () => {
    checkLenses(
      { problems: [ERROR, ERROR, { ...ERROR, severity: 'warning' }] },
      true,
      '$(error) 2 errors -> workbench.actions.view.problems',
      'Preview -> hsm.sweep.preview',
    );
  });

  it('offers no start in a workspace that is not trusted', () => {
    checkLenses({ count: 24 }, false, 'Preview · 24 tasks -> hsm.sweep.preview');
  });
});

describe('the role of a file', () => {
  it('is told by its name', () => {
    assert.deepEqual(['a.yaml', 'a.YML', 'a.json'].map(isYamlFile), [true, true, false]);
    assert.ok(isProjectFile('/project', '/project/.hsm/config.yaml'));
    assert.ok(!isProjectFile('/project', '/project/sub/.hsm/config.yaml'));
  });
});
