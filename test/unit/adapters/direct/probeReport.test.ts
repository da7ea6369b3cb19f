import { strict as assert } from 'node:assert';
import { parseNews } from '../../../../src/adapters/direct/probeReport';

describe('parseNews', () => {
  it('parts the probe from the log', () => {
    const news = parseNews('lanes 2\nmain 1\nwork 1\nlog 10 31\n|E 1 1 0 17 - .\nlog 1 2\n');
    assert.deepEqual(news, { runner: 'running', begin: 10, end: 31, log: '|E 1 1 0 17 - .\nlog 1 2\n' });
  });

  it('tells how many slots wait, and for which sweeps', () => {
    const news = parseNews('lanes 3\nwaiting 2 sweep_1 sweep_2\nmain 1\nlog 0 0\n');
    assert.deepEqual(news?.waiting, { slots: 2, sweeps: ['sweep_1', 'sweep_2'] });
    assert.equal(parseNews('lanes 3\nwaiting 0\nmain 1\nlog 0 0\n')?.waiting, undefined);
  });

  it('takes no answer for news that has no log', () => {
    assert.equal(parseNews('lanes 2\nmain 1\n'), undefined);
  });
});
