import assert from 'node:assert/strict';
import { buildResultTable } from '../../../../src/core/results/buildResultTable';
import { documentText, relativeTo } from '../../../../src/ui/documents/documentText';
import type { HsmDocument } from '../../../../src/ui/documents/documentUri';
import { FakeFacade, fakeFailure } from '../../../support/fakeFacade';
import { plainL10n } from '../../../support/plainL10n';

function read(facade: FakeFacade, document: HsmDocument): Promise<string> {
  return documentText({ facade, l10n: plainL10n, readText: () => Promise.resolve('sweep:') }, document);
}

describe('the text of a document', () => {
  it('is the summary of a failed task', async () => {
    const facade = new FakeFacade();
    facade.addSweep({ tasks: { failed: 1 } });
    facade.failures.set('lr_1/1', fakeFailure(1));
    const text = await read(facade, { kind: 'task', sweepId: 'lr_1', task: 1 });
    assert.match(text, /ValueError: learning rate must be positive/);
    assert.match(text, /train\.py/);
  });

  it('says of a task that was rerun that it has no failure now', async () => {
    const facade = new FakeFacade();
    facade.addSweep({ tasks: { running: 1 } });
    assert.equal(
      await read(facade, { kind: 'task', sweepId: 'lr_1', task: 1 }),
      'Task 1 of lr_1 is running: it has no failure to show.\n',
    );
  });

  it('is the causes of a sweep with links to each task', async () => {
    const facade = new FakeFacade();
    facade.addSweep({ tasks: { failed: 2 } });
    const title = 'ValueError: learning rate must be positive';
    facade.groups = [{ signature: 's', title, tasks: [1, 2], file: '/project/train.py', line: 88 }];
    facade.failures.set('lr_1/1', fakeFailure(1)).set('lr_1/2', fakeFailure(2));
    const text = await read(facade, { kind: 'errors', sweepId: 'lr_1' });
    assert.match(text, /2 tasks/);
    assert.match(text, /\[`task_0002`\]\(hsm:\/lr_1\/Task%202%20errors\.md\?/);
  });

  it('says which file has changed since the sweep was started, and shows it as it was', async () => {
    const facade = new FakeFacade();
    facade.addSweep({ tasks: { failed: 1 } });
    facade.failures.set('lr_1/1', fakeFailure(1));
    const code = { text: 'as it ran\n', commit: 'c0ffee', dirty: false };
    facade.codeAnswers.set('/project/train.py', code);
    const text = await read(facade, { kind: 'task', sweepId: 'lr_1', task: 1 });
    assert.match(text, /has changed since the sweep was started\. As it was then: \[`train\.py`\]\(hsm:/);
    const then = await read(facade, { kind: 'code', sweepId: 'lr_1', file: '/project/train.py' });
    assert.equal(then, code.text);
    facade.codeAnswers.set('/project/train.py', { ...code, text: 'sweep:' });
    assert.doesNotMatch(await read(facade, { kind: 'task', sweepId: 'lr_1', task: 1 }), /has changed/);
  });

  it('is a sentence when the sweep is gone or the task is unknown', async () => {
    const facade = new FakeFacade();
    assert.equal(
      await read(facade, { kind: 'results', sweepId: 'lr_1' }),
      'There is no sweep lr_1 any more.\n',
    );
    facade.addSweep();
    assert.equal(await read(facade, { kind: 'task', sweepId: 'lr_1', task: 9 }), 'lr_1 has no task 9.\n');
  });

  it('does not hide a bug behind a sentence', async () => {
    const facade = new FakeFacade();
    facade.addSweep();
    facade.results = () => Promise.reject(new TypeError('undefined is not a function'));
    await assert.rejects(read(facade, { kind: 'results', sweepId: 'lr_1' }), TypeError);
  });
});

describe('a preview', () => {
  const document: HsmDocument = { kind: 'preview', file: '/project/sweeps/lr.yaml' };
  const task = {
    number: 1,
    name: 'task_0001',
    parameters: { lr: 0.1, note: 'a|b' },
    arguments: ['lr=0.1'],
    argv: ['python3', 'my train.py', 'lr=0.1'],
  };

  it('shows the count, the command of the first task as a shell would take it, and the first tasks', async () => {
    const facade = new FakeFacade();
    facade.previewAnswer = { problems: [], count: 24, tasks: [task] };
    const text = await read(facade, document);
    assert.match(text, /^# Preview of sweeps\/lr\.yaml\n/);
    assert.match(text, /runs 24 tasks\. Nothing was started/);
    assert.match(text, /\npython3 'my train\.py' 'lr=0\.1'\n/);
    assert.match(text, /## First 1 of 24 tasks/);
    assert.match(text, /\| 1 {4}\| 0\.1 \| a\\\|b \|/);
  });

  it('shows problems with a link to their place', async () => {
    const facade = new FakeFacade();
    const range = { line: 3, column: 5, endLine: 3, endColumn: 9 };
    const problem = { severity: 'error', code: 'not-a-list', message: 'lr is no list.', range } as const;
    facade.previewAnswer = { problems: [{ ...problem, hint: 'Write [0.1].' }], tasks: [] };
    const text = await read(facade, document);
    assert.match(text, /This file has errors, so nothing would run\./);
    assert.ok(text.includes('- error, [line 3](</project/sweeps/lr.yaml:3:5>): lr is no list. Write [0.1].'));
  });
});

describe('the results of a sweep', () => {
  it('show the parameters that differ as columns and name the others once', async () => {
    const facade = new FakeFacade();
    facade.addSweep({ tasks: { succeeded: 2 } });
    facade.resultAnswer = buildResultTable([
      { number: 1, state: 'succeeded', parameters: { epochs: 5, lr: 0.1 }, metrics: { loss: 0.25 } },
      { number: 2, state: 'failed', parameters: { epochs: 5, lr: 0.01 }, metrics: {} },
    ]);
    const lines = (await read(facade, { kind: 'results', sweepId: 'lr_1' })).split('\n');
    assert.deepEqual(lines, [
      '# Results of lr_1',
      '',
      'The same for every task: epochs = 5',
      '',
      '| task | state     | lr   | loss |',
      '| ---- | --------- | ---- | ---- |',
      '| 1    | succeeded | 0.1  | 0.25 |',
      '| 2    | failed    | 0.01 |      |',
      '',
    ]);
  });

  it('say when no task has written metrics', async () => {
    const facade = new FakeFacade();
    facade.addSweep({ tasks: { running: 1 } });
    const rows = [{ number: 1, state: 'running', parameters: { lr: 0.1 }, metrics: {} }] as const;
    facade.resultAnswer = buildResultTable(rows);
    assert.match(
      await read(facade, { kind: 'results', sweepId: 'lr_1' }),
      /No task has written metrics yet\.\n\n\| task \| state {3}\| lr {2}\|/,
    );
  });
});

describe('a path as people name it', () => {
  it('starts at the project where it is inside', () => {
    assert.equal(relativeTo('/project', '/project/sweeps/lr.yaml'), 'sweeps/lr.yaml');
    assert.equal(relativeTo('C:\\p', 'C:\\p\\sweeps\\lr.yaml'), 'sweeps/lr.yaml');
    assert.equal(relativeTo('/project', '/project2/lr.yaml'), '/project2/lr.yaml');
  });
});
