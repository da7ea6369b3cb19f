import assert from 'node:assert/strict';
import { HsmError } from '../../../../src/core/base/errors';
import type { ResourceChange } from '../../../../src/core/engine/resourceChange';
import { mergeConfigs, parseConfig } from '../../../../src/core/project/config';
import { checkChange, requireOwnPlaces, type RerunPlace } from '../../../../src/core/project/rerunChange';

const CONFIG = `
sources:
  local: { type: local }
  box: { type: ssh, host: box }
  cluster: { type: slurm, host: login }
  half: { type: ssh }
`;

const PLACE: RerunPlace = {
  sweepId: 'lr_1',
  slots: new Map([['old', 0]]),
  sources: [
    { name: 'local', type: 'local' },
    { name: 'old', type: 'slurm' },
  ],
  config: mergeConfigs(parseConfig(CONFIG).value),
};

describe('what a rerun is to change', () => {
  checkJoins({}, []);
  checkJoins({ sources: ['local', 'old'], timeLimitSec: 60 }, []);
  checkJoins({ sources: ['local', 'box', 'cluster'] }, ['box', 'cluster']);
  checkJoins({ sources: ['old'], slots: 2 }, []);
  checkJoins({ sources: ['cluster', 'old'], memory: '32G', timeLimitSec: null }, ['cluster']);

  checkRefused(
    { sources: [] },
    /at least one compute source/,
    /lr_1 uses: local, old\. Configured besides: box/,
  );
  checkRefused({ sources: ['boks'] }, /no compute source "boks"/, /Configured besides: box, cluster\./);
  checkRefused({ sources: ['half'] }, /"half" cannot be used: it has no `host`/, /lr_1 uses/);
  checkRefused({ timeLimitSec: 0 }, /0 is no time limit/);
  checkRefused({ timeLimitSec: NaN }, /NaN is no time limit/);
  checkRefused({ slots: 0 }, /0 is no number of tasks at one time/);
  checkRefused({ slots: 1.5 }, /1\.5 is no number of tasks/);
  checkRefused({ sources: ['old'] }, /In lr_1, old has no slots/, /--slots N.*hsm slots lr_1 old N/);
  checkRefused({ sources: ['cluster'], memory: 'lots' }, /"lots" is no amount of memory/, /32G/);
  checkRefused({ memory: '32G' }, /Nothing on local gives a task its own memory/, /--slots N/);
  checkRefused({ sources: ['cluster', 'box'], memory: '32G' }, /Nothing on box gives/);

  function checkJoins(change: ResourceChange, joining: readonly string[]): void {
    it(`${JSON.stringify(change)} brings ${joining.join(', ') || 'no other source'}`, () => {
      assert.deepEqual(checkChange(change, PLACE), joining);
    });
  }

  function checkRefused(change: ResourceChange, message: RegExp, hint = /^/): void {
    it(`${JSON.stringify(change)} is refused`, () => {
      assert.throws(
        () => checkChange(change, PLACE),
        (error) => {
          assert.ok(HsmError.is(error, 'input.invalid'));
          assert.match(error.message, message);
          assert.match(error.message, /Nothing was started\.$/);
          assert.match(error.details.hint ?? '', hint);
          return true;
        },
      );
    });
  }
});

describe('sources that join a sweep', () => {
  const at = (name: string, host: string, root = '/r'): { name: string; config: object } => ({
    name,
    config: { host, root },
  });

  it('have a folder of their own on a host', () => {
    assert.doesNotThrow(() => {
      requireOwnPlaces([at('a', 'x'), { name: 'l', config: {} }], [at('b', 'y'), at('c', 'x', '/s')]);
    });
    assert.throws(() => {
      requireOwnPlaces([at('a', 'x')], [at('b', 'x')]);
    }, /"a" and "b" would keep this sweep in the same folder \(x:\/r\)/);
    assert.throws(() => {
      requireOwnPlaces([], [at('a', 'x'), at('b', 'x')]);
    }, /"a" and "b"/);
  });
});
