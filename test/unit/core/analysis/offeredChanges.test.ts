import assert from 'node:assert/strict';
import { offeredChanges, type OfferedChange } from '../../../../src/core/analysis/offeredChanges';
import type { SourceSummary } from '../../../../src/core/facade';
import type { Remedy } from '../../../../src/core/analysis/patterns/failurePattern';

const GIB = 1024 ** 3;

const LOCAL: SourceSummary = { name: 'local', type: 'local', slots: 4, active: 0 };
const BOX: SourceSummary = { ...ssh('box', 16, 8), slots: 1 };
const BIG = ssh('big', 64, 24);
const SMALL = ssh('small', 8, 48);
const UNKNOWN: SourceSummary = { name: 'unknown', type: 'ssh', host: 'unknown', active: 0 };

describe('the ways to run a group of failures again', () => {
  checkWays('a time limit', { remedy: 'time', limit: 3600 }, ['time 7200', 'as it was', 'fewer 2 on local']);
  checkWays('a time limit that nobody knows', { remedy: 'time' }, ['as it was', 'fewer 2 on local']);
  checkWays('nothing that is understood', { limit: 60 }, ['as it was', 'time 120', 'fewer 2 on local']);
  checkWays('nothing but chance', { remedy: 'again' }, ['as it was', 'fewer 2 on local']);
  checkWays('memory of the only machine', { remedy: 'memory' }, ['fewer 2 on local', 'as it was']);
  checkWays(
    'memory of a machine that is known',
    { remedy: 'memory', sweep: ['box'], sources: [BOX, SMALL, UNKNOWN, BIG] },
    ['on big', 'as it was', 'on small', 'on unknown'],
  );
  checkWays(
    'memory of a card',
    { remedy: 'memory', pattern: 'cuda-out-of-memory', sweep: ['box'], sources: [BOX, BIG, UNKNOWN, SMALL] },
    ['on small', 'on big', 'as it was', 'on unknown'],
  );
  checkWays(
    'memory of a machine of which nothing is known, and no other is called larger',
    { remedy: 'memory', sources: [LOCAL, BIG] },
    ['fewer 2 on local', 'as it was', 'on big'],
  );
  checkWays(
    'a machine that works',
    { remedy: 'host', sweep: ['local', 'box', 'big'], sources: [LOCAL, BOX, BIG], places: { box: 3 } },
    ['elsewhere than box: local, big', 'on big', 'on local', 'as it was'],
  );
  checkWays(
    'a machine that works, told by its host',
    { remedy: 'host', sweep: ['local', 'box'], sources: [LOCAL, BOX], places: { 'box.example.org': 3 } },
    ['on local', 'as it was'],
  );
  checkWays(
    'memory of one machine of several, where its tasks stay with fewer at one time',
    { remedy: 'memory', sweep: ['local', 'box'], sources: [LOCAL, BOX], places: { local: 3 } },
    ['fewer 2 on local alone', 'as it was', 'on box'],
  );

  interface Situation {
    readonly remedy?: Remedy;
    readonly pattern?: string;
    readonly limit?: number;
    readonly sweep?: readonly string[];
    readonly sources?: readonly SourceSummary[];
    readonly places?: Readonly<Record<string, number>>;
  }

  function checkWays(lack: string, situation: Situation, expected: readonly string[]): void {
    const { remedy, pattern = 'p', limit, sweep = ['local'], sources = [LOCAL], places } = situation;
    it(`for what lacked ${lack}`, () => {
      const ways = offeredChanges({
        group: {
          ...{ signature: 's', title: 't', tasks: [1] },
          ...(places && { places }),
          ...(remedy && {
            explanation: {
              ...{ pattern, class: 'resource', explanation: '', advice: '', knownFrom: '' },
              remedy,
            },
          }),
        },
        sweep: { sources: sweep },
        sources,
        ...(limit === undefined ? {} : { timeLimitSec: limit }),
      });
      assert.deepEqual(ways.map(wordsOf), expected);
    });
  }
});

function ssh(name: string, memoryGib: number, gpuGib: number): SourceSummary {
  return {
    ...{ name, type: 'ssh', host: `${name}.example.org`, active: 0 },
    health: {
      ...{ state: 'healthy', problems: [], latencyMs: 1 },
      memory: { freeBytes: 0, totalBytes: memoryGib * GIB },
      gpus: [{ index: 0, name: 'GPU', free: true, totalMiB: gpuGib * 1024 }],
    },
  };
}

/** What is said of a way is what it does. */
function wordsOf(offer: OfferedChange): string {
  const { change } = offer;
  switch (offer.kind) {
    case 'asItWas':
      assert.deepEqual(change, {});
      return 'as it was';
    case 'time':
      assert.deepEqual(change, { timeLimitSec: offer.timeLimitSec });
      return `time ${offer.timeLimitSec}`;
    case 'source':
      assert.deepEqual(change, { sources: [offer.source.name] });
      return `on ${offer.source.name}`;
    case 'elsewhere':
      assert.deepEqual(change, { sources: offer.sources });
      return `elsewhere than ${offer.avoided.join(', ')}: ${offer.sources.join(', ')}`;
    case 'fewer':
      assert.equal(change.slots, offer.slots);
      return `fewer ${offer.slots} on ${offer.source}${change.sources ? ' alone' : ''}`;
  }
}
