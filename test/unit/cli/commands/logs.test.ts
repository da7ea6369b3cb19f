import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HsmError } from '../../../../src/core/base/errors';
import { showLog } from '../../../../src/cli/commands/logs';
import { EXIT } from '../../../../src/cli/exitCode';
import { systemClock } from '../../../../src/adapters/clock/systemClock';
import { waitUntil } from '../../../support/waitUntil';
import { fakeContext, type FakeContext } from '../support/fakeProject';
import { sweepOf, taskOf } from '../support/summaries';

describe('the log of a task', () => {
  let dir: string;
  let stdout: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hsm-'));
    stdout = join(dir, 'stdout.log');
  });

  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('comes out byte by byte as it is, also where it is no text', async () => {
    const bytes = Buffer.from([0, 255, 195, 10, 13, 128]);
    const whole = Buffer.concat(Array.from({ length: 20_000 }, () => bytes));
    writeFileSync(stdout, whole);
    const context = withTask('succeeded');
    assert.equal(await showLog(context, 'last', '1', {}), EXIT.ok);
    assert.ok(Buffer.from(context.out.text, 'latin1').equals(whole));
  });

  it('can be that of standard error', async () => {
    writeFileSync(join(dir, 'stderr.log'), 'oh');
    const context = withTask('failed');
    await showLog(context, 'last', 'task_0001', { stderr: true });
    assert.equal(context.out.text, 'oh');
  });

  it('is followed until the task has ended, to its last byte', async () => {
    const context = withTask('queued');
    const done = showLog(context, 'last', '1', { follow: true });
    writeFileSync(stdout, 'one\n');
    await waitUntil('the first line is shown', () => context.out.text === 'one\n');
    appendFileSync(stdout, 'tw');
    await waitUntil('half a line is shown', () => context.out.text === 'one\ntw');
    appendFileSync(stdout, 'o\n');
    context.project.taskList = [taskOf({ number: 1, state: 'succeeded' })];
    assert.equal(await done, EXIT.ok);
    assert.equal(context.out.text, 'one\ntwo\n');
  });

  for (const how of ['cut', 'replaced'] as const) {
    it(`starts anew when another attempt has ${how} it`, async () => {
      writeFileSync(stdout, 'first attempt\n');
      const context = withTask('running');
      const done = showLog(context, 'last', '1', { follow: true });
      await waitUntil('the first attempt is shown', () => context.out.text !== '');
      if (how === 'cut') writeFileSync(stdout, 'second\n');
      else {
        writeFileSync(`${stdout}.new`, 'second, which is longer\n');
        renameSync(`${stdout}.new`, stdout);
      }
      context.project.taskList = [taskOf({ number: 1, state: 'failed' })];
      await done;
      assert.match(context.out.text, /^first attempt\nsecond.*\n$/);
    });
  }

  it('that is not there is no error, but is told', async () => {
    const context = withTask('queued');
    assert.equal(await showLog(context, 'last', '1', {}), EXIT.ok);
    assert.match(context.err.text, /Task 1 has no output yet: it is queued/);
  });

  it('is not followed any more when the user leaves', async () => {
    const context = withTask('running');
    const done = showLog(context, 'last', '1', { follow: true });
    context.interrupt();
    assert.equal(await done, EXIT.interrupted);
  });

  it('on another machine is read there while the task runs, through a time out of reach', async () => {
    const context = withTask('running');
    context.project.sourceList = [{ name: 'local', type: 'ssh', host: 'gpu01', slots: 1, active: 1 }];
    let content = 'one\n';
    let away = false;
    context.project.readTaskLog = (_sweep, _task, log, { offset, limit }) => {
      assert.equal(log, 'stderr');
      if (away) {
        away = false;
        content += 'two\n';
        context.project.taskList = [taskOf({ number: 1, state: 'succeeded' })];
        const error = new HsmError('host.unreachable', 'gpu01 cannot be reached.', { host: 'gpu01' });
        return Promise.reject(error);
      }
      const text = content.slice(offset, offset + limit);
      return Promise.resolve({ text, next: offset + text.length, end: content.length });
    };
    const done = showLog(context, 'last', '1', { stderr: true, follow: true });
    await waitUntil('the first line is shown', () => context.out.text === 'one\n');
    away = true;
    assert.equal(await done, EXIT.ok);
    assert.equal(context.out.text, 'one\ntwo\n');
    assert.equal(context.err.text, 'gpu01 cannot be reached.\n');
  });

  it('on another machine says when it may be cut off', async () => {
    const context = withTask('failed');
    context.project.sourceList = [{ name: 'local', type: 'ssh', host: 'gpu01', slots: 1, active: 1 }];
    context.project.readTaskLog = (_sweep, _task, _log, { offset, limit }) => {
      const text = 'half'.slice(offset, offset + limit);
      const piece = { text, next: offset + text.length, end: 4, note: 'gpu01 cannot be reached.' };
      return Promise.resolve(piece);
    };
    assert.equal(await showLog(context, 'last', '1', { follow: true }), EXIT.ok);
    assert.equal(context.out.text, 'half');
    assert.match(context.err.text, /the copy here, which may be cut off\. gpu01 cannot be reached\.\n$/);
  });

  function withTask(state: 'queued' | 'running' | 'succeeded' | 'failed'): FakeContext {
    const context = { ...fakeContext(), clock: systemClock };
    context.project.list = [sweepOf()];
    context.project.taskList = [taskOf({ number: 1, state })];
    context.project.logs = { stdout, stderr: join(dir, 'stderr.log') };
    return context as unknown as FakeContext;
  }
});
