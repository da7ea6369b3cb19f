import assert from 'node:assert/strict';
import { allByChance, judgeShared } from '../../../../src/core/analysis/judgeShared';
import { GroupProfile, type SharedParameter } from '../../../../src/core/analysis/sharedParameters';
import { StatementCounts } from '../../../../src/core/analysis/statementCounts';
import type { JsonValue } from '../../../../src/core/sweep/value';

type Parameters = Readonly<Record<string, JsonValue>>;

/** What is told of the tasks that fail, among all that ended. */
function shared(
  all: readonly Parameters[],
  fails: (parameters: Parameters) => boolean,
  sourceOf?: (parameters: Parameters) => string,
): string[] {
  return claims(all, fails, sourceOf).map(({ text }) => text);
}

function claims(
  all: readonly Parameters[],
  fails: (parameters: Parameters) => boolean,
  sourceOf?: (parameters: Parameters) => string,
): readonly SharedParameter[] {
  const group = all.filter(fails);
  const profile = new GroupProfile();
  for (const parameters of group) profile.add(parameters, sourceOf?.(parameters));
  const counts = new StatementCounts(profile.candidates());
  for (const parameters of all) counts.add(parameters, sourceOf?.(parameters));
  return judgeShared(profile.candidates(), counts, group.length);
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

  it('names two together when it takes both, and neither does alone', () => {
    assert.deepEqual(
      shared(grid(), ({ batch_size, lr }) => batch_size === 256 && lr === 1),
      ['batch_size = 256 and lr = 1'],
    );
    const [claim] = claims(grid(), ({ batch_size, lr }) => batch_size === 256 && lr === 1);
    assert.deepEqual([claim?.others, claim?.othersTotal], [0, 88]);
    assert.deepEqual(claim?.and, { name: 'lr', relation: '=', value: 1 });
  });

  it('names one alone when the other adds little', () => {
    let index = 0;
    // Some of those with the largest batch, whatever else they have.
    const fails = ({ batch_size }: Parameters): boolean => batch_size === 256 && index++ % 4 !== 0;
    assert.deepEqual(shared(grid(), fails), ['batch_size = 256']);
  });

  it('names the source that all ran on, and not when chance would do it', () => {
    const sourceOf = ({ seed }: Parameters): string => (Number(seed) <= 2 ? 'far' : 'here');
    const withoutSeed = grid().map((task) => ({ ...task, seed: task['seed'] ?? 0 }));
    const onFar = withoutSeed.filter((task) => sourceOf(task) === 'far');
    const fails = new Set(onFar.slice(0, 12));
    const told = claims(withoutSeed, (task) => fails.has(task as never), sourceOf);
    assert.ok(
      told.some(({ relation, value }) => relation === 'on' && value === 'far'),
      JSON.stringify(told),
    );
    const few = new Set(onFar.filter((_, at) => at % 8 === 0));
    assert.equal(few.size, 3);
    assert.deepEqual(
      claims(withoutSeed, (task) => few.has(task as never), sourceOf).filter(
        ({ relation }) => relation === 'on',
      ),
      [],
    );
  });

  it('names a source together with a value when it takes both', () => {
    const tasks = grid().map((task, index) => ({ ...task, index }));
    const sourceOf = ({ index }: Parameters): string => (Number(index) % 2 === 0 ? 'far' : 'here');
    assert.deepEqual(
      shared(tasks, (task) => task['batch_size'] === 256 && sourceOf(task) === 'far', sourceOf),
      ['batch_size = 256 on far'],
    );
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
