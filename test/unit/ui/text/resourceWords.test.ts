import assert from 'node:assert/strict';
import type { OfferedChange } from '../../../../src/core/analysis/offeredChanges';
import type { ResourceChange, TaskResources } from '../../../../src/core/engine/resourceChange';
import { offerWords, rerunText, resourceWords } from '../../../../src/ui/text/resourceWords';
import { plainL10n } from '../../../support/plainL10n';

const GIB = 1024 ** 3;

describe('the words of what a task was given', () => {
  checkWords(undefined, []);
  checkWords({ sources: ['a', 'b'], timeLimitSec: 5400, memory: '32G' }, [
    'only on a, b',
    'time limit 1 h 30 min',
    'memory 32G',
  ]);
  checkWords({ timeLimitSec: null }, ['no time limit']);

  function checkWords(resources: TaskResources | undefined, words: readonly string[]): void {
    it(`are ${words.join('; ') || 'none'}`, () => {
      assert.deepEqual(resourceWords(plainL10n, resources), words);
    });
  }
});

describe('the words of a rerun', () => {
  checkText(1, {}, 'Running 1 task again.');
  checkText(
    12,
    { sources: ['box2'], timeLimitSec: 7200 },
    'Running 12 tasks again on box2, with a time limit of 2 h.',
  );
  checkText(2, { timeLimitSec: null }, 'Running 2 tasks again without a time limit.');
  checkText(2, { memory: '8G', slots: 2 }, 'Running 2 tasks again with 8G of memory each, 2 at one time.');

  function checkText(tasks: number, change: ResourceChange, text: string): void {
    it(text, () => {
      assert.equal(rerunText(plainL10n, tasks, change), text);
    });
  }
});

describe('what can be chosen for a rerun', () => {
  checkOffer({ kind: 'asItWas', change: {} }, 'Rerun As It Was', undefined);
  checkOffer(
    { kind: 'time', change: {}, timeLimitSec: 7200, wasSec: 3600 },
    'Rerun with a Time Limit of 2 h',
    'was 1 h',
  );
  checkOffer(
    {
      kind: 'source',
      change: {},
      source: {
        ...{ name: 'box2', type: 'ssh', host: 'box2.example.org', active: 0 },
        health: {
          ...{ state: 'unhealthy', problems: [], latencyMs: 1 },
          memory: { freeBytes: 0, totalBytes: 64 * GIB },
          gpus: [{ index: 0, name: 'A', free: true, totalMiB: 24 * 1024 }],
        },
      },
    },
    'Rerun on box2',
    'box2.example.org · 24 GiB GPU · 64 GiB memory · not healthy',
  );
  checkOffer(
    { kind: 'elsewhere', change: {}, sources: ['a', 'b'], avoided: ['gpu03'] },
    'Rerun on Other Sources than gpu03',
    'a, b',
  );
  checkOffer(
    { kind: 'fewer', change: {}, source: 'local', slots: 2, was: 4 },
    'Rerun with 2 at One Time on local',
    'instead of 4',
  );

  function checkOffer(offer: OfferedChange, label: string, description: string | undefined): void {
    it(label, () => {
      const words = offerWords(plainL10n, offer);
      assert.deepEqual([words.label, words.description], [label, description]);
    });
  }
});
