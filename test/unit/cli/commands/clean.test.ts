import assert from 'node:assert/strict';
import { cleanSource, type CleanFlags } from '../../../../src/cli/commands/clean';
import type { CleanPlan } from '../../../../src/core/facade';
import { fakeContext, type FakeContext } from '../support/fakeProject';

const PLAN: CleanPlan = {
  source: 'gpubox',
  remove: [
    { sweepId: 'lr_1', path: '/home/ada/.hsm/sweeps/p/lr_1', bytes: 3 * 1024 ** 3 },
    { sweepId: 'lr_2', path: '/home/ada/.hsm/sweeps/p/lr_2', bytes: 512 },
  ],
  keep: [{ sweepId: 'lr_3', path: '/home/ada/.hsm/sweeps/p/lr_3', reason: '2 tasks run there' }],
};

const LISTED = [
  'REMOVE     SIZE  WHERE',
  'lr_1    3.0 GiB  /home/ada/.hsm/sweeps/p/lr_1',
  'lr_2      512 B  /home/ada/.hsm/sweeps/p/lr_2',
  'KEEP  WHY',
  'lr_3  2 tasks run there',
];

async function clean(
  flags: CleanFlags,
  { plan = PLAN, answer, done = plan }: { plan?: CleanPlan; answer?: boolean; done?: CleanPlan } = {},
): Promise<{ code: number; context: FakeContext; isCleaned: boolean; questions: string[] }> {
  const context = fakeContext();
  const questions: string[] = [];
  context.project.cleanable = () => Promise.resolve(plan);
  let isCleaned = false;
  context.project.clean = () => {
    isCleaned = true;
    return Promise.resolve(done);
  };
  const ask = (question: string): Promise<boolean> => {
    questions.push(question);
    return Promise.resolve(answer ?? false);
  };
  const code = await cleanSource({ ...context, ...(answer !== undefined && { ask }) }, 'gpubox', flags);
  return { code, context, isCleaned, questions };
}

describe('hsm clean', () => {
  it('lists what it would remove and what it keeps, and removes nothing unasked', async () => {
    const { code, context, isCleaned } = await clean({});
    assert.equal(code, 0);
    assert.deepEqual(context.out.lines, LISTED);
    assert.match(context.err.text, /Nothing was removed. Remove them with --yes./);
    assert.equal(isCleaned, false);
  });

  it('removes after a question on a terminal', async () => {
    const { context, isCleaned, questions } = await clean({}, { answer: true });
    assert.deepEqual(questions, ['Remove them from gpubox?']);
    assert.equal(isCleaned, true);
    assert.equal(context.out.lines.at(-1), 'gpubox: removed 2 folders, 3.0 GiB');
    assert.equal((await clean({}, { answer: false })).isCleaned, false);
  });

  it('asks nothing with --yes', async () => {
    const { isCleaned, questions } = await clean({ yes: true }, { answer: false });
    assert.equal(isCleaned, true);
    assert.deepEqual(questions, []);
  });

  it('asks nothing when there is nothing to remove', async () => {
    const { context, isCleaned, questions } = await clean(
      {},
      { plan: { ...PLAN, remove: [] }, answer: true },
    );
    assert.deepEqual(context.out.lines, ['gpubox: nothing to remove.', ...LISTED.slice(-2)]);
    assert.equal(isCleaned, false);
    assert.deepEqual(questions, []);
  });

  it('tells what could not be removed, and ends with a code that says so', async () => {
    const [first, second] = PLAN.remove;
    assert.ok(first && second);
    const done = {
      ...PLAN,
      remove: [first],
      keep: [...PLAN.keep, { ...second, reason: 'permission denied' }],
    };
    const { code, context } = await clean({ yes: true }, { done });
    assert.equal(code, 3);
    assert.equal(context.err.text, `${second.path} was not removed: permission denied\n`);
  });

  it('prints one JSON value with --json, and removes only with --yes', async () => {
    const { context, isCleaned } = await clean({ json: true }, { answer: true });
    assert.deepEqual(JSON.parse(context.out.text), { ...PLAN, removed: [] });
    assert.equal(isCleaned, false);
    const removed = await clean({ json: true, yes: true });
    assert.deepEqual(JSON.parse(removed.context.out.text), { ...PLAN, removed: PLAN.remove });
  });
});
