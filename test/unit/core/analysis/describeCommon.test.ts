import assert from 'node:assert/strict';
import { describeCommon } from '../../../../src/core/analysis/describeCommon';
import type { FailureGroup } from '../../../../src/core/analysis/failure';
import { judgeMachine } from '../../../../src/core/analysis/judgeMachine';

function groupOf(changes: Partial<FailureGroup>): FailureGroup {
  return { signature: 'x', title: 'x', tasks: [1, 2, 3, 4], ...changes };
}

const batch = { name: 'batch', relation: '=', value: 256 } as const;
const far = { name: 'source', relation: 'on', value: 'far' } as const;
const measure = { text: '', others: 3, othersTotal: 40, chance: 0.001 };

function checkText(changes: Partial<FailureGroup>, expected: readonly string[]): void {
  assert.deepEqual(describeCommon(groupOf(changes)), expected);
}

describe('what the tasks of a cause have in common', () => {
  it('is told with how many others it is true of', () => {
    checkText({ sharedParameters: [{ ...batch, ...measure }] }, [
      'All 4 have batch = 256; of the 40 others that ended 3 do.',
    ]);
    checkText({ sharedParameters: [{ ...far, ...measure, others: 1 }] }, [
      'All 4 ran on far; of the 40 others that ended 1 did.',
    ]);
    checkText({ sharedParameters: [{ ...batch, ...measure, others: 0, and: far }] }, [
      'All 4 have batch = 256 and ran on far; of the 40 others that ended none did.',
    ]);
  });

  it('is told of places without weight where nothing shows that they matter', () => {
    checkText({ places: { far: 4 } }, ['On far (4).']);
    checkText({ places: { here: 1, far: 3 } }, ['On far (3), here (1).']);
    checkText({ places: { far: 4 }, sharedParameters: [{ ...far, ...measure }] }, [
      'All 4 ran on far; of the 40 others that ended 3 did.',
    ]);
  });

  it('is told not to be known where there are too many causes', () => {
    checkText({ isNotCompared: true }, [
      'Its parameters were not compared with those of the other tasks: there are too many causes.',
    ]);
  });
});

describe('the machine of a cluster that the tasks of a cause were on', () => {
  const onOne = groupOf({ places: { gpu03: 4 } });
  const spread = (count: number): FailureGroup =>
    groupOf({
      tasks: Array.from({ length: count * 3 }, (_, index) => index + 10),
      places: { gpu01: count, gpu02: count, gpu04: count },
    });

  it('is named where few other failures were there', () => {
    const [told] = judgeMachine(onOne, [onOne, spread(6)], ['cluster']);
    assert.deepEqual([told?.value, told?.others, told?.othersTotal, told?.among], ['gpu03', 0, 18, 'failed']);
    assert.deepEqual(describeCommon({ ...onOne, sharedParameters: told ? [told] : [] }), [
      'All 4 ran on gpu03; of the 18 others that failed none did.',
    ]);
  });

  it('is not named where chance would do it, nothing else failed, or it is a source', () => {
    assert.deepEqual(judgeMachine(onOne, [onOne, spread(1)], ['cluster']), []);
    assert.deepEqual(judgeMachine(onOne, [onOne], ['cluster']), []);
    assert.deepEqual(judgeMachine(onOne, [onOne, spread(6)], ['gpu03', 'gpu01', 'gpu02', 'gpu04']), []);
    const crowd = groupOf({ places: { gpu03: 20, gpu01: 4 } });
    assert.deepEqual(judgeMachine(onOne, [crowd, onOne], ['cluster']), []);
  });
});
