import assert from 'node:assert/strict';
import { ParameterTexts } from '../../../../src/core/project/parameterTexts';
import { parseSweep } from '../../../../src/core/sweep/parseSweep';

function checkText(text: string, task: number, expected: string | undefined): void {
  const { value } = parseSweep(text);
  assert.ok(value);
  assert.equal(new ParameterTexts(value, 4).of(task), expected);
}

describe('ParameterTexts', () => {
  it('names what differs between tasks, with numbers as they are written', () => {
    checkText(
      'sweep: { grid: { lr: [1e-3, 0.10], opt: { name: [adam] }, seed: [1, 2] } }',
      2,
      'lr=1e-3 seed=2',
    );
  });

  it('tells nothing of tasks that were added after the launch', () => {
    checkText('sweep: { grid: { seed: [1, 2] } }', 3, undefined);
  });

  it('cuts what no line has room for', () => {
    const { value } = parseSweep(`sweep: { grid: { note: [a, ${'long'.repeat(100)}] } }`);
    assert.ok(value);
    assert.equal(new ParameterTexts(value, 2).of(2)?.length, 120);
  });
});
