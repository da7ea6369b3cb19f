import assert from 'node:assert/strict';
import { collectSweep } from '../../../../src/cli/commands/collect';
import { EXIT } from '../../../../src/cli/exitCode';
import { HsmError } from '../../../../src/core/base/errors';
import { ResultCollectionError } from '../../../../src/core/collection/resultCollectionError';
import type { CollectionReport } from '../../../../src/core/compute/computeSource';
import { fakeContext, type FakeContext } from '../support/fakeProject';
import { countsOf, sweepOf } from '../support/summaries';

const AWAY = new HsmError('host.unreachable', 'gpubox cannot be reached.', { host: 'gpubox' });
const NOTHING: CollectionReport = { collected: [], failed: [], bytes: 0, errors: [] };
const TWO: CollectionReport = { ...NOTHING, collected: [1, 2], bytes: 10 };

/** A sweep on `far` and `local` that nobody drives. */
function detached(reports: readonly [string, CollectionReport][]): FakeContext {
  const context = fakeContext();
  const sources = ['far', 'local'];
  context.project.list = [sweepOf({ driver: 'nobody', counts: countsOf({ running: 4 }), sources })];
  context.project.reports = new Map(reports);
  return context;
}

async function checkJson(context: FakeContext, code: number, expected: readonly object[]): Promise<void> {
  assert.equal(await collectSweep(context, 'last', { json: true }), code);
  assert.deepEqual(JSON.parse(context.out.text), expected);
}

describe('collecting from sources of which one cannot be asked', () => {
  it('fails for that one, though nothing is known to be missing there, and not for the others', async () => {
    const context = detached([
      ['far', NOTHING],
      ['local', TWO],
    ]);
    context.project.unseen = new Map([['far', AWAY]]);
    await checkJson(context, EXIT.sourceTrouble, [
      { source: 'far', ...NOTHING, errors: [AWAY.message], fault: 'unreachable' },
      { source: 'local', ...TWO },
    ]);
    assert.match(context.err.text, /^far: gpubox cannot be reached\.$/mu);
    assert.equal(context.err.text.split(AWAY.message).length, 2, 'it is said once');
  });

  it('says it once when the collection met with the same', async () => {
    const failure = new ResultCollectionError('far', 'unreachable', AWAY.message);
    const failed = { ...NOTHING, failed: [3], errors: [AWAY.message] };
    const context = detached([['far', { ...failed, failure }]]);
    context.project.unseen = new Map([['far', AWAY]]);
    await checkJson(context, EXIT.sourceTrouble, [{ source: 'far', ...failed, fault: 'unreachable' }]);
  });

  it('fails for all when what they answered cannot be written down', async () => {
    const full = new HsmError('disk.unwritable', 'The disk is full.', { path: '/project' });
    const context = detached([['local', TWO]]);
    context.project.observe = () => Promise.reject(full);
    await checkJson(context, EXIT.sourceTrouble, [
      { source: 'local', ...TWO, errors: [full.message], fault: 'disk' },
    ]);
  });

  it('is well when all were asked', async () => {
    await checkJson(detached([['local', TWO]]), EXIT.ok, [{ source: 'local', ...TWO }]);
  });
});
