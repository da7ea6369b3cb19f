import assert from 'node:assert/strict';
import { formatTable } from '../../../../src/cli/text/table';

describe('a table', () => {
  it('aligns its columns by what they take on a terminal', () => {
    const columns = [
      { title: 'NAME', align: 'left' },
      { title: 'N', align: 'right' },
    ] as const;
    assert.deepEqual(
      formatTable(columns, [
        ['학습', '7'],
        ['sgd', '1000'],
      ]),
      ['NAME     N', '학습     7', 'sgd   1000'],
    );
  });

  it('has no blanks at the ends of its lines', () => {
    assert.deepEqual(formatTable([{ title: 'FILE', align: 'left' }], [['a.yaml'], ['']]), [
      'FILE',
      'a.yaml',
      '',
    ]);
  });

  it('takes more rows than a call takes arguments', () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [String(index)]);
    assert.equal(formatTable([{ title: 'N', align: 'right' }], rows).length, 200_001);
  });
});
