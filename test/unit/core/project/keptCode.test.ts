import assert from 'node:assert/strict';
import { HsmError } from '../../../../src/core/base/errors';
import { requireKeptCode } from '../../../../src/core/project/keptCode';
import type { SweepSession } from '../../../../src/core/project/sweepSession';

const COPY = { type: 'ssh', code: 'snapshot' };
const SESSION = {
  id: 'lr_1',
  manifest: { code: { snapshot: 'then' }, codeExclude: ['/data/'], project: { output: 'outputs' } },
  sweep: { run: {} },
  store: { dir: '/p/outputs/lr_1' },
  sources: [
    { name: 'here', type: 'local', config: { type: 'local' } },
    { name: 'used', type: 'ssh', config: COPY },
    { name: 'unused', type: 'ssh', config: COPY },
  ],
  state: { placements: new Map([['used', {}]]) },
} as unknown as SweepSession;

interface Situation {
  readonly named: readonly string[];
  readonly joining?: readonly { readonly name: string; readonly config: unknown }[];
  readonly isKept?: boolean;
  /** What a copy of the project is called as it is now. */
  readonly now?: string;
}

const NEW_BOX = { name: 'new', config: COPY };
const OWN_CLONE = { name: 'clone', config: { type: 'ssh', code: 'checkout' } };

describe('the code that a rerun needs on a host', () => {
  it('is refused where it is gone, for a host that joins and for one of the launch that never had it', async () => {
    await checkRefused(
      { named: ['new'], joining: [NEW_BOX] },
      /: new could not run it\. Nothing was started\./,
    );
    await checkRefused({ named: ['used', 'unused'] }, /: unused could not run it/);
  });

  it('is there while a copy is kept here', async () => {
    await need({ named: ['new'], joining: [NEW_BOX], isKept: true });
  });

  it('is there while the project still is what it was, without what did not travel', async () => {
    const excluded = await need({ named: ['new'], joining: [NEW_BOX], now: 'then' });
    assert.deepEqual(excluded, [['/data/', '/outputs/']]);
  });

  it('is not asked for where it was already, and where none is brought', async () => {
    assert.deepEqual(await need({ named: ['here', 'used', 'clone'], joining: [OWN_CLONE] }), []);
  });
});

/** @returns what was left out of copies that were made */
async function need({ named, joining = [], isKept = false, now = 'now' }: Situation) {
  const excluded: (readonly string[])[] = [];
  await requireKeptCode(
    { session: SESSION, named, joining, digest: 'then' },
    {
      projectDir: '/p',
      hasSealedCode: (digest) => Promise.resolve(isKept && digest === 'then'),
      seal: (exclude) => {
        excluded.push(exclude);
        return Promise.resolve(now);
      },
    },
  );
  return excluded;
}

async function checkRefused(situation: Situation, message: RegExp): Promise<void> {
  await assert.rejects(need(situation), (error) => {
    assert.ok(HsmError.is(error, 'input.invalid'));
    assert.match(error.message, message);
    return true;
  });
}
