import assert from 'node:assert/strict';
import type { FailureGroup } from '../../../../src/core/analysis/failure';
import { groupFailures, groupsNamed } from '../../../../src/core/analysis/groupFailures';
import { formatSignature } from '../../../../src/core/analysis/signature';

const PLACE = { file: 'train.py', function: 'load' };

/** The groups of failures with these titles, tasks numbered from 1. */
function group(titles: readonly string[], place: typeof PLACE | undefined = PLACE): FailureGroup[] {
  return groupFailures(
    titles.map((title, index) => ({ task: index + 1, title, signature: formatSignature(title, place) })),
  );
}

function checkGroups(titles: readonly string[], tasks: readonly (readonly number[])[]): void {
  assert.deepEqual(
    group(titles).map((each) => each.tasks),
    tasks,
    titles.join(),
  );
}

describe('groupFailures', () => {
  it('takes many messages for one cause that differ only by the digits of a name', () => {
    checkGroups(["KeyError: 'subject42'", "KeyError: 'subject7'", "KeyError: 'subject108'"], [[1, 2, 3]]);
    checkGroups(
      ['img0001.png', 'img0002.png', 'img0003.png', 'img0003.png'].map((file) => `OSError: bad file ${file}`),
      [[1, 2, 3, 4]],
    );
    checkGroups(
      ['gpu03 rank1', 'gpu04 rank2', 'gpu03 rank2', 'layer12', 'layer3', 'layer7'].map(
        (name) => `E: ${name}`,
      ),
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    );
  });

  it('keeps apart what differs in more, or is told of two names only', () => {
    checkGroups(
      ['float32', 'float64', 'float32'].map((type) => `TypeError: expected ${type}`),
      [[1, 3], [2]],
    );
    checkGroups(["KeyError: 'subject1'", "KeyError: 'session2'", "KeyError: 'scan3'"], [[1], [2], [3]]);
    checkGroups(["KeyError: 'a1'", "ValueError: 'a2'", "IndexError: 'a3'"], [[1], [2], [3]]);
    checkGroups(['exit code 2', 'exit code 3', 'exit code 4'], [[1], [2], [3]]);
  });

  it('keeps places apart', () => {
    const failures = ['a1', 'a2', 'a3'].map((name, index) => ({
      task: index + 1,
      title: name,
      signature: formatSignature(name, { file: `fold${index}.py` }),
    }));
    assert.equal(groupFailures(failures).length, 3);
  });
});

describe('groupsNamed', () => {
  const two = ["KeyError: 'subject1'", "KeyError: 'subject2'", 'ValueError: no'];
  const four = [...two, "KeyError: 'subject3'"];
  const checkNamed = (groups: FailureGroup[], signature: string, tasks: readonly number[][]): void => {
    assert.deepEqual(
      groupsNamed(groups, signature).map((each) => each.tasks),
      tasks,
    );
  };

  it('finds a group by its signature', () => {
    for (const groups of [group(two), group(four)])
      for (const { signature, tasks } of groups) checkNamed(groups, signature, [[...tasks]]);
  });

  it('finds the group that one became when more failures came', () => {
    const [first] = group(two);
    checkNamed(group(four), first?.signature ?? '', [[1, 2, 4]]);
  });

  it('finds the groups that are left of one', () => {
    const [whole] = group(four);
    checkNamed(group(two), whole?.signature ?? '', [[1], [2]]);
    checkNamed(group(['ValueError: no']), whole?.signature ?? '', []);
  });

  it('finds no neighbour of a group that is gone', () => {
    const [first] = group(two);
    checkNamed(group(["KeyError: 'subject2'"]), first?.signature ?? '', []);
  });
});
