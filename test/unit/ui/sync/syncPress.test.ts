import assert from 'node:assert/strict';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { isWithin, planFiles, planPress, stillSo, writesHere } from '../../../../src/ui/sync/syncPress';
import { SyncTicks, type Ticked } from '../../../../src/ui/sync/syncTicks';
import { doneText, nothingToDo, pressQuestion, questionOf } from '../../../../src/ui/sync/syncWords';
import { FakeCheckout, syncOf } from '../../../support/fakeCheckout';
import { plainL10n } from '../../../support/plainL10n';
import { sameCommit } from '../../core/sync/sides';

const HEAD = { 'a.py': '1', 'b.py': '1', 'conf/lr.yaml': '1', 'both.py': '1', 'old.py': '1' };
const HERE = { 'a.py': '2', 'both.py': '2', 'old.py': undefined };
const THERE = { 'b.py': '3', 'conf/lr.yaml': '3', 'both.py': '3' };
const MIXED = sameCommit(HEAD, HERE, THERE);

const offered = (comparison: Comparison): Ticked => new SyncTicks().ticked(comparison);

/** `push a.py`, `pull conf/lr.yaml`. */
function steps(comparison: Comparison, ticked: Ticked = offered(comparison)): string[] {
  return planPress(comparison, ticked).steps.map(
    ({ direction, plan }) => `${direction} ${plan.files.map(({ path }) => path).join(' ')}`,
  );
}

describe('a press of the Sync button', () => {
  it('sends edits, fetches config edits, and leaves the rest', () => {
    assert.deepEqual(steps(MIXED), ['push a.py', 'pull conf/lr.yaml']);
    const { left } = planPress(MIXED, offered(MIXED));
    assert.deepEqual(
      left.map(({ path }) => path),
      ['b.py', 'both.py', 'old.py'],
    );
  });

  it('does what is ticked, and nothing that is not', () => {
    assert.deepEqual(steps(MIXED, { push: ['old.py'], pull: ['b.py'] }), ['push old.py', 'pull b.py']);
    assert.deepEqual(steps(MIXED, { push: [], pull: [] }), []);
  });

  it('asks nothing when everything that differs is safe and goes', () => {
    const comparison = sameCommit(HEAD, { 'a.py': '2' }, {});
    const planned = planPress(comparison, offered(comparison));
    assert.equal(pressQuestion(plainL10n, 'gpubox', planned, 0, false), undefined);
  });

  it('says what it will do and what it leaves when there are conflicts', () => {
    const question = pressQuestion(plainL10n, 'gpubox', planPress(MIXED, offered(MIXED)), 0, false);
    assert.equal(question?.title, 'Sync with gpubox?');
    assert.equal(
      question.detail,
      [
        'Push 1 file to gpubox: a.py.',
        'Pull 1 file from gpubox: conf/lr.yaml.',
        'Changed on both sides and left alone until you choose a side: both.py. ' +
          'Deleted on one side and not selected: old.py. Not selected: b.py.',
      ].join('\n\n'),
    );
    assert.equal(question.yes, 'Push and Pull');
  });

  it('names the files that it would delete', () => {
    const planned = planPress(MIXED, { push: ['old.py'], pull: [] });
    const question = pressQuestion(plainL10n, 'gpubox', planned, 0, false);
    assert.match(question?.detail ?? '', /Delete 1 file on gpubox: old\.py\./);
    assert.match(question?.detail ?? '', /kept as a backup/);
  });

  it('tells how many tasks run from the checkout before a push, and not before a pull', () => {
    const push = planFiles('push', MIXED, ['a.py']);
    const pull = planFiles('pull', MIXED, ['b.py']);
    assert.match(questionOf(plainL10n, 'gpubox', [push], 3)?.detail ?? '', /^3 tasks run from the checkout/);
    assert.match(questionOf(plainL10n, 'gpubox', [push], 1)?.detail ?? '', /^1 task runs from the checkout/);
    assert.equal(questionOf(plainL10n, 'gpubox', [push], 0), undefined);
    assert.equal(questionOf(plainL10n, 'gpubox', [pull], 3), undefined);
  });

  it('asks in words before a version is replaced that the other side lacks', () => {
    for (const [direction, where] of [
      ['push', 'in the checkout'],
      ['pull', 'here'],
    ] as const) {
      const question = questionOf(plainL10n, 'gpubox', [planFiles(direction, MIXED, ['both.py'])], 0);
      assert.match(question?.detail ?? '', new RegExp(`^both\\.py was changed ${where}; `));
    }
  });

  it('counts the reasons that have no room in a question, and is agreed to as a whole', () => {
    const paths = Array.from({ length: 30 }, (_, index) => `f${String(index).padStart(2, '0')}`);
    const texts = (text: string): Record<string, string> =>
      Object.fromEntries(paths.map((path) => [path, text]));
    const step = planFiles('push', sameCommit(texts('1'), texts('2'), texts('3')), paths);
    const question = questionOf(plainL10n, 'gpubox', [step], 0);
    assert.match(question?.detail ?? '', /^f09 was changed.*\n\nAnd 20 more like these:/m);
    assert.doesNotMatch(question?.detail ?? '', /f10 was/);
    assert.equal(question?.agreed.length, 30);
  });

  it('shows first what nobody has seen yet', () => {
    const comparison = sameCommit(HEAD, { 'a.py': '2' }, {});
    const question = pressQuestion(plainL10n, 'gpubox', planPress(comparison, offered(comparison)), 0, true);
    assert.equal(question?.detail, 'Push 1 file to gpubox: a.py.');
  });

  it('knows a newer plan that does nothing but what was shown', () => {
    const { steps: shown } = planPress(MIXED, offered(MIXED));
    assert.ok(isWithin(shown.slice(1), shown));
    const more = sameCommit(HEAD, { ...HERE, 'conf/new.yaml': '1' }, THERE);
    assert.ok(!isWithin(planPress(more, offered(more)).steps, shown));
    assert.ok(!isWithin([planFiles('pull', MIXED, ['b.py'])], shown));
  });

  it('shows a pull again whose content has become another', () => {
    const { steps: shown } = planPress(MIXED, offered(MIXED));
    const edited = sameCommit(HEAD, HERE, { ...THERE, 'conf/lr.yaml': '9' });
    assert.ok(!isWithin(planPress(edited, offered(edited)).steps, shown));
    const mine = sameCommit(HEAD, { ...HERE, 'a.py': '9' }, THERE);
    assert.ok(isWithin(planPress(mine, offered(mine)).steps, shown));
  });

  it('goes on with the files that still differ in the same way', () => {
    const now = sameCommit(HEAD, { 'a.py': '3', 'b.py': '2' }, THERE);
    const paths = (direction: 'push' | 'pull', comparison: Comparison): string[] =>
      stillSo(MIXED.files, comparison, direction).map(({ path }) => path);
    assert.deepEqual(paths('push', now), ['a.py', 'conf/lr.yaml']);
    const changedThere = sameCommit(HEAD, HERE, { ...THERE, 'conf/lr.yaml': '9' });
    assert.ok(paths('push', changedThere).includes('conf/lr.yaml'));
    assert.ok(!paths('pull', changedThere).includes('conf/lr.yaml'));
  });

  it('tells what was done, and when how things stand is not known', () => {
    const report = {
      source: 'gpubox',
      direction: 'push',
      commits: 0,
      written: ['a.py'],
      deleted: [],
    } as const;
    const texts = [{ comparison: MIXED }, {}, { notCompared: 'gpubox is away.' }].map((more) =>
      doneText(plainL10n, 'gpubox', [{ ...report, ...more }]),
    );
    assert.deepEqual(texts, [
      'Pushed 1 file to gpubox.',
      'Pushed 1 file to gpubox. gpubox was not compared again.',
      'Pushed 1 file to gpubox. gpubox could not be compared again: gpubox is away.',
    ]);
  });

  it('says why when nothing can go', () => {
    const comparison = sameCommit(HEAD, { 'both.py': '2' }, { 'both.py': '3' });
    const text = nothingToDo(plainL10n, 'gpubox', planPress(comparison, offered(comparison)));
    assert.match(text, /^Nothing is selected .* left alone until you choose a side: both\.py\.$/);
    const clean = sameCommit(HEAD, {}, {});
    assert.equal(nothingToDo(plainL10n, 'gpubox', planPress(clean, offered(clean))), 'gpubox is in sync.');
  });

  it('writes here only what it pulls', () => {
    assert.deepEqual([...writesHere(planFiles('pull', MIXED, ['b.py']), MIXED)], ['b.py']);
    assert.deepEqual([...writesHere(planFiles('push', MIXED, ['a.py']), MIXED)], []);
  });
});

function recordingSync() {
  const checkout = new FakeCheckout(HEAD, HERE, THERE);
  return { checkout, sync: syncOf(checkout), plans: checkout.plans };
}

describe('what is previewed', () => {
  const choices: readonly Ticked[] = [
    offered(MIXED),
    { push: ['a.py', 'old.py'], pull: ['b.py', 'conf/lr.yaml'] },
    { push: ['old.py'], pull: [] },
    { push: [], pull: ['b.py'] },
  ];
  for (const [index, ticked] of choices.entries()) {
    it(`is what is then transferred: contents, order and all (choice ${index + 1})`, async () => {
      const { sync, plans } = recordingSync();
      const comparison = await sync.compare('gpubox');
      const { steps: shown } = planPress(comparison, ticked);
      for (const { direction, choice } of shown) await sync[direction]('gpubox', choice);
      assert.ok(plans.length > 0);
      assert.deepEqual(
        plans,
        shown.map(({ plan }) => plan),
      );
    });
  }

  it('is what is then transferred, whatever was compared in between', async () => {
    const { checkout, sync, plans } = recordingSync();
    const shown = await sync.compare('gpubox');
    const step = planFiles('push', shown, ['a.py']);
    checkout.here = { 'a.py': '9', 'b.py': '9' };
    await sync.compare('gpubox');
    await sync.push('gpubox', step.choice, { shown });
    assert.deepEqual(plans, [step.plan]);
  });

  it('is what is then transferred of a conflict, too', async () => {
    const { sync, plans } = recordingSync();
    const step = planFiles('pull', await sync.compare('gpubox'), ['both.py']);
    await sync.pull('gpubox', step.choice, { agreed: 'everything' });
    assert.deepEqual(plans, [step.plan]);
  });
});
