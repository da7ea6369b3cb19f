import assert from 'node:assert/strict';
import {
  allByChance,
  GroupProfile,
  holds,
  judgeCandidates,
  type SharedParameter,
} from '../../../../src/core/analysis/sharedParameters';
import type { JsonValue } from '../../../../src/core/sweep/value';

type Parameters = Readonly<Record<string, JsonValue>>;

/** What is told of the tasks that fail, among all that ended. */
function shared(all: readonly Parameters[], fails: (parameters: Parameters) => boolean): string[] {
  return claims(all, fails).map(({ text }) => text);
}

function claims(
  all: readonly Parameters[],
  fails: (parameters: Parameters) => boolean,
): readonly SharedParameter[] {
  const group = all.filter(fails);
  const profile = new GroupProfile();
  for (const parameters of group) profile.add(parameters);
  const counted = profile.candidates().map((candidate) => ({
    candidate,
    having: all.filter((parameters) => holds(candidate, parameters)).length,
  }));
  return judgeCandidates(counted, group.length, all.length);
}

function grid(): Parameters[] {
  const tasks: Parameters[] = [];
  for (const batch of [64, 128, 256])
    for (const lr of [0.001, 0.01, 0.1, 1])
      for (const seed of [1, 2, 3, 4, 5, 6, 7, 8])
        tasks.push({ batch_size: batch, lr, seed, model: 'small' });
  return tasks;
}

describe('shared parameters of a group of failures', () => {
  it('names the value that all have and the others have not', () => {
    assert.deepEqual(
      shared(grid(), ({ batch_size }) => batch_size === 256),
      ['batch_size = 256'],
    );
  });

  it('names a range of numbers', () => {
    assert.deepEqual(
      shared(grid(), ({ lr }) => typeof lr === 'number' && lr >= 0.1),
      ['lr ≥ 0.1'],
    );
    assert.deepEqual(
      shared(grid(), ({ seed }) => typeof seed === 'number' && seed <= 2),
      ['seed ≤ 2'],
    );
  });

  it('names several when it takes several', () => {
    assert.deepEqual(shared(grid(), ({ batch_size, lr }) => batch_size === 256 && lr === 1).sort(), [
      'batch_size = 256',
      'lr = 1',
    ]);
  });

  it('claims nothing that chance would do', () => {
    // Three of 96 share a value of a few: that happens to about 1 in 60 groups of three.
    const some = new Set([3, 8, 18]);
    let index = 0;
    assert.deepEqual(
      shared(grid(), () => some.has(index++)),
      [],
    );
  });

  it('claims nothing of random failures in most of many sweeps', () => {
    let claimed = 0;
    let state = 7;
    const random = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
    for (let sweep = 0; sweep < 300; sweep += 1)
      claimed += shared(grid(), () => random() < 0.2).length > 0 ? 1 : 0;
    assert.ok(claimed <= 9, `${claimed} of 300`);
  });

  it('says nothing when all tasks failed, or too few', () => {
    assert.deepEqual(
      shared(grid(), () => true),
      [],
    );
    assert.deepEqual(
      shared(grid(), ({ batch_size, lr, seed }) => batch_size === 64 && lr === 1 && seed === 1),
      [],
    );
  });

  it('tells that they share a secret, not which', () => {
    const secrets: readonly (readonly [name: string, value: JsonValue])[] = [
      ['password', 'hunter2'],
      ['db.password', 'two words'],
      ['api_key', 'abc'],
      ['auth_token', ['abc', 'def']],
      ['token', 'q7Zr51xW9kLm3v'],
      ['pwd', 482913],
      ['store', { user: 'me', secret: 'hunter2' }],
      ['login', `hf_${'a1'.repeat(12)}`],
      ['url', 's3://me:hunter2@store/data'],
    ];
    for (const [name, value] of secrets) {
      const all = grid().map((task, index) => ({ ...task, [name]: index < 10 ? value : 'x' }));
      const told = claims(all, (task) => task[name] !== 'x');
      const [claim] = told.filter((each) => each.name === name);
      assert.match(claim?.text ?? '', /^\S+ = .*\[redacted\]/u, name);
      assert.match(JSON.stringify(claim?.value), /\[redacted\]/u, name);
      assert.doesNotMatch(
        JSON.stringify(told),
        /hunter2|two words|abc|def|q7Zr51xW9kLm3v|482913|a1a1/u,
        name,
      );
    }
  });

  it('tells no range of a secret number', () => {
    const all = grid().map((task, index) => ({ ...task, pwd: index < 10 ? 9000 + index : index }));
    assert.deepEqual(
      shared(all, ({ pwd }) => typeof pwd === 'number' && pwd >= 9000).filter((text) => text.includes('pwd')),
      [],
    );
  });

  it('computes the tail of the hypergeometric distribution', () => {
    // C(4, 2) / C(10, 2) = 6 / 45
    assert.ok(Math.abs(allByChance(2, 4, 10) - 6 / 45) < 1e-12);
    assert.equal(allByChance(3, 2, 10), 0);
    assert.equal(allByChance(5, 10, 10), 1);
  });
});
