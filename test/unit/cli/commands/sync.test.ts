import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSync, restoreSync, transferSync } from '../../../../src/cli/commands/sync';
import { formatReport } from '../../../../src/cli/text/syncText';
import { HsmError } from '../../../../src/core/base/errors';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { ProjectSyncError } from '../../../../src/core/sync/projectSyncError';
import { makeTempDir } from '../../../support/tempDir';
import { sameCommit } from '../../core/sync/sides';
import { fakeContext, type FakeContext } from '../support/fakeProject';
import { MemoryOutput } from '../support/memoryOutput';

const HEAD = { 'train.py': '1', 'conf/a.yaml': '2', 'conf/b.yaml': '3' };
const OUT_OF_SYNC = sameCommit(
  HEAD,
  { 'train.py': 'x', 'conf/a.yaml': 'y', 'conf/b.yaml': undefined },
  { new: 'n' },
);

function contextOf(comparison = OUT_OF_SYNC): FakeContext {
  const context = fakeContext();
  context.project.sync.set({ source: 'gpubox', comparison });
  return context;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const needsWord = (): Error =>
  new ProjectSyncError('Nothing was transferred: this needs your word.', [
    { text: 'train.py was changed in the checkout.', blocks: false, about: 'files' },
  ]);

describe('hsm sync', () => {
  it('tells how a checkout stands, with exit code 1 when it is out of sync', async () => {
    const context = contextOf();
    assert.equal(await checkSync(context, {}), 1);
    assert.deepEqual(context.out.lines, [
      'gpubox: remote lacks the edits of 2 files made here, has 1 file made there and still has 1 file deleted here',
      '  here:  aaaaaaaaaa main',
      '  there: aaaaaaaaaa main',
      '  WHAT          KIND    FILE',
      '  to push       config  conf/a.yaml',
      '  deleted here  config  conf/b.yaml',
      '  to pull       code    new',
      '  to push       code    train.py',
    ]);
    assert.equal(await checkSync(contextOf(sameCommit(HEAD, {}, {})), { json: true }), 0);
  });

  it('prints one JSON value with the files and their verdicts', async () => {
    const context = contextOf();
    await checkSync(context, { source: 'gpubox', json: true });
    assert.deepEqual(JSON.parse(context.out.text), {
      source: 'gpubox',
      inSync: false,
      method: 'git',
      verdict: OUT_OF_SYNC.verdict,
      local: { commit: 'a'.repeat(40), branch: 'main' },
      remote: { commit: 'a'.repeat(40), branch: 'main' },
      ahead: 0,
      behind: 0,
      safe: { push: true, pull: true },
      reasons: { push: [], pull: [] },
      canOffer: true,
      offer: { push: ['conf/a.yaml', 'train.py'], pull: [] },
      details: {
        counts: { same: 0, push: 2, pull: 1, conflict: 0, deletedHere: 1, deletedThere: 0 },
        localStatus: { tracked: 3 },
        remoteStatus: { untracked: 1 },
        mismatched: [
          { path: 'conf/a.yaml', local: hashOf('y'), remote: hashOf('2') },
          { path: 'train.py', local: hashOf('x'), remote: hashOf('1') },
        ],
        missingHere: ['conf/b.yaml', 'new'],
        missingThere: [],
      },
      files: [
        { path: 'conf/a.yaml', verdict: 'push', kind: 'config', via: 'file' },
        { path: 'conf/b.yaml', verdict: 'deletedHere', kind: 'config', via: 'file' },
        { path: 'new', verdict: 'pull', kind: 'code', via: 'file' },
        { path: 'train.py', verdict: 'push', kind: 'code', via: 'file' },
      ],
      warnings: [],
      errors: [],
    });
  });

  it('takes of a folder what goes that way by itself, and tells what it leaves', async () => {
    const context = contextOf();
    await transferSync(context, 'push', { yes: true, files: ['conf/', './train.py'] });
    assert.deepEqual(context.project.sync.calls, [
      'compare gpubox',
      'push gpubox conf/a.yaml train.py whatever it takes',
    ]);
    assert.match(
      context.err.text,
      /^Left as it is until it is named itself: conf\/b\.yaml \(deleted here\)\./,
    );
  });

  it('takes a file that is named itself whatever became of it', async () => {
    const context = contextOf();
    await transferSync(context, 'push', { files: ['conf/b.yaml', 'new'] });
    assert.equal(context.project.sync.calls.at(-1), 'push gpubox conf/b.yaml new');
    assert.equal(context.err.text, '');
  });

  it('refuses a folder of which nothing goes that way, and a name where nothing differs', async () => {
    const pull = transferSync(contextOf(), 'pull', { yes: true, files: ['conf'] });
    await assert.rejects(
      pull,
      /Nothing in conf can be pulled by itself: conf\/a\.yaml \(to push\), conf\/b\.yaml/,
    );
    await assert.rejects(transferSync(contextOf(), 'push', { files: ['con'] }), /There is no con, neither/);
  });

  it('has nothing to do for a file that is the same already, and does the others', async () => {
    const dir = makeTempDir();
    try {
      writeFileSync(join(dir.path, 'same.py'), '');
      const inDir = (): FakeContext => {
        const context = contextOf();
        return { ...context, project: Object.assign(context.project, { projectDir: dir.path }) };
      };
      const alone = inDir();
      assert.equal(await transferSync(alone, 'push', { files: ['same.py'] }), 0);
      assert.match(alone.err.text, /^same\.py is the same on both sides, or takes no part in a sync\./);
      const among = inDir();
      assert.equal(await transferSync(among, 'push', { files: ['same.py', 'train.py'] }), 0);
      assert.equal(among.project.sync.calls.at(-1), 'push gpubox train.py');
      await assert.rejects(transferSync(inDir(), 'push', { files: ['same.py', 'none.py'] }), /no none\.py/);
    } finally {
      dir.dispose();
    }
  });

  it('takes all that was deleted in a folder where that is wanted', async () => {
    const context = contextOf();
    await transferSync(context, 'push', { files: ['conf'], deletes: true });
    assert.equal(context.project.sync.calls.at(-1), 'push gpubox conf/a.yaml conf/b.yaml');
    assert.equal(context.err.text, '');
    const everything = contextOf();
    await transferSync(everything, 'push', { deletes: true });
    assert.equal(everything.project.sync.calls.at(-1), 'push gpubox conf/a.yaml train.py conf/b.yaml');
  });

  it('leaves a file until commits have deleted the folder in its place', async () => {
    const { files, ...rest } = sameCommit(
      { 'data/x': '1', b: '2' },
      { 'data/x': undefined, b: undefined },
      {},
    );
    const now = sameCommit({}, { data: 'd' }, {}).files;
    const deleted = files.map((file) => (file.path === 'b' ? file : { ...file, via: 'commit' as const }));
    const context = contextOf({ ...rest, files: [...deleted, ...now] });
    await transferSync(context, 'push', { deletes: true, commits: true });
    assert.equal(context.project.sync.calls.at(-1), 'push gpubox b with commits');
    assert.match(context.err.text, /^Left as it is until it is named itself: data/);
  });

  it('names what it did: what was brought, and what was deleted where', () => {
    const report = {
      source: 'gpubox',
      direction: 'push',
      commits: 1,
      written: ['a.py', 'b.py'],
      deleted: ['c.py'],
      comparison: sameCommit(HEAD, {}, {}),
    } as const;
    assert.deepEqual(formatReport(report), [
      'gpubox: pushed 1 commit, 2 files, deleted 1 file there',
      '  pushed: a.py, b.py',
      '  deleted: c.py',
      '  now: in sync',
    ]);
    const [head] = formatReport({ ...report, direction: 'pull', commits: 0, written: [] });
    assert.equal(head, 'gpubox: deleted 1 file here');
  });

  it('lists the backups that hold a file', async () => {
    const context = contextOf();
    const backup = { side: 'remote', createdAtMs: 0 } as const;
    context.project.sync.backupList = [
      { ...backup, id: '20261122T140501123Z-9f3a1c', files: ['conf/a.yaml'] },
      { ...backup, id: '20261122T140501124Z-9f3a1c', files: ['other.py'] },
    ];
    await restoreSync(context, undefined, { files: ['conf'] });
    assert.match(context.out.text, /140501123Z/);
    assert.doesNotMatch(context.out.text, /140501124Z/);
  });

  it('is not kept from a folder by a file in it that cannot go', async () => {
    const comparison: Comparison = {
      ...OUT_OF_SYNC,
      files: OUT_OF_SYNC.files.map((file) =>
        file.path === 'conf/b.yaml' ? { ...file, blocked: 'It is a submodule.' } : file,
      ),
    };
    const context = contextOf(comparison);
    await transferSync(context, 'push', { files: ['.'] });
    assert.equal(context.project.sync.calls.at(-1), 'push gpubox conf/a.yaml train.py');
    assert.match(context.err.text, /conf\/b\.yaml \(blocked\), new \(to pull\)/);
  });

  it('does what needs a word only after a yes', async () => {
    const silent = contextOf();
    silent.project.sync.failure = needsWord();
    await assert.rejects(transferSync(silent, 'push', {}), ProjectSyncError);
    assert.match(silent.err.text, /With --yes it is done/);
    const asked = contextOf();
    asked.project.sync.failure = needsWord();
    const code = await transferSync({ ...asked, ask: () => Promise.resolve(true) }, 'push', {
      files: ['train.py'],
    });
    assert.equal(code, 0);
    assert.equal(
      asked.project.sync.calls.at(-1),
      'push gpubox train.py agreed: train.py was changed in the checkout.',
    );
    const said = contextOf();
    await transferSync(said, 'pull', { yes: true, files: ['new'] });
    assert.equal(said.project.sync.calls.at(-1), 'pull gpubox new whatever it takes');
  });

  it('shows on the terminal how far a transfer is, and nothing of it afterwards', async () => {
    const context = contextOf();
    const { sync } = context.project;
    const err = new MemoryOutput(true);
    const shown: (readonly string[])[] = [];
    const push = sync.push.bind(sync);
    sync.push = (...order) => {
      for (const progress of [
        { text: 'Sending 1 of 2 files', fraction: 0.509 },
        { text: 'Writing 2 files' },
      ]) {
        sync.set({ source: 'gpubox', comparison: OUT_OF_SYNC, phase: 'pushing', progress });
        shown.push(err.footer);
      }
      return push(...order);
    };
    await transferSync({ ...context, err }, 'push', {});
    assert.deepEqual(shown, [['Sending 1 of 2 files (50 %)'], ['Writing 2 files']]);
    assert.deepEqual(err.footer, []);
  });

  it('says that nothing was changed when Ctrl-C stops a transfer before that', async () => {
    const context = contextOf();
    const abort = new AbortController();
    context.project.sync.failure = new DOMException('This operation was aborted', 'AbortError');
    abort.abort();
    assert.equal(await transferSync({ ...context, interrupted: abort.signal }, 'push', {}), 130);
    assert.deepEqual(context.err.lines, ['gpubox: interrupted. Nothing was changed.']);
  });

  it('reports what fails after Ctrl-C, and does not say that nothing was changed', async () => {
    const context = contextOf();
    context.project.sync.failure = new Error('a hash could not be read');
    const interrupted = AbortSignal.abort();
    await assert.rejects(transferSync({ ...context, interrupted }, 'push', {}), /a hash could not be read/);
    assert.deepEqual(context.err.lines, []);
  });

  it('says where a checkout is configured, and what finds a mistake in that', async () => {
    await assert.rejects(checkSync(fakeContext(), {}), (error) => {
      assert.ok(HsmError.is(error, 'input.invalid'));
      assert.match(
        error.details.hint ?? '',
        /add `checkout: ~\/path\/there` .*hsm check tells what is wrong/,
      );
      return true;
    });
  });

  it('asks nothing when a word would not help', async () => {
    const context = contextOf();
    context.project.sync.failure = new ProjectSyncError('No.', [
      { text: 'why', blocks: true, about: 'everything' },
    ]);
    const ask = (): Promise<boolean> => assert.fail('asked');
    await assert.rejects(transferSync({ ...context, ask }, 'push', {}), /No\. why/);
  });

  it('reports what was transferred when it could not be compared again', async () => {
    const context = contextOf();
    context.project.sync.notCompared = 'gpubox is away.';
    assert.equal(await transferSync(context, 'push', {}), 0);
    assert.match(context.out.text, /could not be compared again: gpubox is away\./);
    const scripted = contextOf();
    scripted.project.sync.notCompared = 'gpubox is away.';
    await transferSync(scripted, 'push', { json: true });
    const printed = JSON.parse(scripted.out.text) as Record<string, unknown>;
    assert.equal(printed['notCompared'], 'gpubox is away.');
    assert.deepEqual(printed['written'], ['conf/a.yaml']);
    assert.ok(!('inSync' in printed));
  });

  it('prints names of files without what a terminal would obey', async () => {
    const name = 'x\u001b]52;c;cm0=\u0007\u009b2Jy';
    const context = contextOf();
    context.project.sync.backupList = [
      { id: '20261122T140501123Z-9f3a1c', side: 'remote', createdAtMs: 0, files: [name] },
    ];
    context.project.sync.failure = new ProjectSyncError('Nothing was transferred.', [
      { text: `${name} was changed here.`, blocks: false, about: 'files' },
    ]);
    const answers = [true];
    const ask = (): Promise<boolean> => Promise.resolve(answers.pop() ?? false);
    await restoreSync({ ...context, ask }, '20261122T140501123Z-9f3a1c', { files: [name] });
    await restoreSync(context, undefined, {});
    await transferSync({ ...context, ask: () => Promise.resolve(true) }, 'push', {});
    assert.match(context.err.text, /was changed here/);
    // eslint-disable-next-line no-control-regex -- these must not be there
    assert.doesNotMatch(context.out.text + context.err.text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
  });

  it('restores what a folder held, and names from where the user is', async () => {
    const context = contextOf();
    const id = '20261122T140501123Z-9f3a1c';
    context.project.sync.backupList = [
      { id, side: 'local', createdAtMs: 0, files: ['src/a.py', 'src/b.py', 'top.py'] },
    ];
    await restoreSync(context, id, { files: ['src'] });
    await restoreSync({ ...context, cwd: '/project/src' }, id, { files: ['./b.py'] });
    assert.deepEqual(context.project.sync.calls, [
      `restore gpubox local ${id} src/a.py src/b.py`,
      `restore gpubox local ${id} src/b.py`,
    ]);
    await assert.rejects(restoreSync(context, id, { files: ['sr'] }), /does not hold sr\./);
  });

  it('lists backups and puts one back', async () => {
    const context = contextOf();
    context.project.sync.backupList = [
      { id: '20261122T140501123Z-9f3a1c', side: 'remote', createdAtMs: 0, files: ['train.py'] },
    ];
    assert.equal(await restoreSync(context, undefined, {}), 0);
    assert.match(context.out.text, /20261122T140501123Z-9f3a1c\s+there\s+train\.py/);
    assert.equal(await restoreSync(context, '20261122T140501123Z-9f3a1c', {}), 0);
    assert.match(context.out.text, /put back train\.py/);
    await assert.rejects(restoreSync(context, 'none', {}), /has no backup none/);
  });

  it('wants the source named when there are several', async () => {
    const context = contextOf();
    context.project.sync.set({ source: 'other' });
    await assert.rejects(checkSync(context, {}), (error) => {
      assert.ok(HsmError.is(error, 'input.invalid'));
      assert.match(error.details.hint ?? '', /gpubox, other/);
      return true;
    });
  });
});
