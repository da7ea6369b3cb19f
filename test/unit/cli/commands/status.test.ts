import assert from 'node:assert/strict';
import { showStatus } from '../../../../src/cli/commands/status';
import { EXIT } from '../../../../src/cli/exitCode';
import { HsmError } from '../../../../src/core/base/errors';
import { fakeContext, type FakeContext } from '../support/fakeProject';
import { countsOf, sweepOf } from '../support/summaries';

const FAILURES = [
  new HsmError('host.unreachable', 'gpu01 cannot be reached.', { host: 'gpu01' }),
  new HsmError('host.refused', 'gpu01 wants a password.', { host: 'gpu01' }),
  new HsmError('source.unavailable', 'far cannot run tasks.', { source: 'far' }),
  new HsmError('command.failed', 'Could not read on gpu01.', { argv: [], exitCode: 1, stderr: '' }),
];

describe('the status of sweeps whose hosts cannot be asked', () => {
  for (const failure of FAILURES) {
    it(`is what is known of all of them: ${failure.code}`, async () => {
      const context = offline('lr_1', failure);
      assert.equal(await showStatus(context, undefined, {}), EXIT.ok);
      assert.match(context.out.text, /lr_1/);
      assert.match(context.out.text, /lr_2/);
      const next = failure.code === 'host.refused' ? ' To be asked: hsm status last' : '';
      assert.equal(context.err.text, `lr_1: ${failure.message}${next}\n`);
    });
  }

  it('is what is known of the one that is asked for', async () => {
    const context = offline('lr_1', FAILURES[0]);
    assert.equal(await showStatus(context, 'lr_1', { json: true }), EXIT.ok);
    assert.equal((JSON.parse(context.out.text) as { running: number }).running, 2);
  });

  it('is what is known when the answers cannot be written down', async () => {
    const full = new HsmError('disk.unwritable', 'The disk is full.', { path: '/project' });
    const context = offline('lr_1', undefined);
    context.project.observe = () => Promise.reject(full);
    assert.equal(await showStatus(context, 'lr_1', {}), EXIT.ok);
    assert.equal(context.err.text, 'lr_1: The disk is full.\n');
  });

  it('is no status when the program itself is wrong', async () => {
    await assert.rejects(showStatus(offline('lr_1', new Error('a bug')), undefined, {}), /a bug/);
  });
});

/** Two sweeps that nobody drives; the hosts of one fail. */
function offline(id: string, failure: Error | undefined): FakeContext {
  const context = fakeContext();
  const sweep = { driver: 'nobody', state: 'running', counts: countsOf({ running: 2 }), total: 2 } as const;
  context.project.list = [sweepOf({ ...sweep, id: 'lr_1' }), sweepOf({ ...sweep, id: 'lr_2' })];
  context.project.observe = (asked) => {
    if (asked !== id || !failure) return Promise.resolve(new Map());
    return failure instanceof HsmError
      ? Promise.resolve(new Map([['far', failure]]))
      : Promise.reject(failure);
  };
  return context;
}
