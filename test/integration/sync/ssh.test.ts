import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { HsmError } from '../../../src/core/base/errors';
import { ProjectSyncError } from '../../../src/core/sync/projectSyncError';
import { projectDir } from '../../support/project';
import { findCommand, git, skipUnless } from '../../support/requirement';
import type { LoginShell } from '../../support/sshd/account';
import type { SshdRig } from '../../support/sshd/sshd';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';
import { buildBundles } from '../../support/hsm/builtCli';
import { SshProject } from '../ssh/support/sshProject';
import { Copy, verdicts } from './copies';

const SOURCE = 'gpubox';

describe('syncing a checkout over SSH', function () {
  this.timeout(120_000);
  const rigs = useSshd();
  let project: SshProject | undefined;

  before(function () {
    skipUnless(this, git);
  });
  afterEach(async () => {
    await project?.close();
    project = undefined;
  });

  /** A project here and its clone on a host. */
  function clone(
    rig: SshdRig,
    { port = rig.port, source = '', sync = '' } = {},
  ): { here: Copy; there: Copy; opened: SshProject; home: string } {
    const { user, keyFile, hostKey } = rig;
    const client = rigs.client({ alias: 'box', port, user, keyFile, hostKey });
    const opened = new SshProject(
      client,
      `  ${SOURCE}: { type: ssh, host: box, checkout: "~/check it's out"${source} }\n${sync}`,
    );
    project = opened;
    const here = new Copy(opened.dir);
    here
      .write('.gitignore', 'outputs/\nsweep.yaml\n')
      .write('train.py', 'one\n')
      .write('conf/a.yaml', 'lr: 1\n');
    here.git('init', '-q', '-b', 'main');
    here.commit('first');
    const there = new Copy(join(rig.home, "check it's out"));
    execFileSync('git', ['clone', '-q', here.dir, there.dir]);
    return { here, there, opened, home: client.home };
  }

  for (const shell of ['bash', 'tcsh', 'fish'] as const satisfies readonly LoginShell[]) {
    it(`brings edits, hostile names and commits both ways, where the login shell is ${shell}`, async function () {
      if (findCommand(shell) === undefined) this.skip();
      const { here, there, opened } = clone(await rigs.start({ shell, rc: 'echo welcome' }));
      const { sync } = await opened.open();
      assert.equal((await sync.compare(SOURCE)).verdict, 'in sync');
      const hostile = "-e '$(touch pwned)'\n\\x \u0001é";
      here.write('train.py', 'two\n').commit();
      here.write(hostile, 'bytes \u0000\r\n').write('run', 'x', 0o755).link('link', '/nowhere');
      there.write('conf/a.yaml', 'lr: 2\n');
      assert.deepEqual(verdicts(await sync.compare(SOURCE)), {
        'train.py': 'push',
        [hostile]: 'push',
        run: 'push',
        link: 'push',
        'conf/a.yaml': 'pull',
      });
      const pushed = await sync.push(SOURCE);
      assert.deepEqual([pushed.commits, pushed.written.length], [1, 3]);
      const pulled = await sync.pull(SOURCE);
      assert.equal(pulled.comparison?.inSync, true);
      assert.deepEqual(there.tree(), here.tree());
      assert.equal(there.exists('pwned'), false);
      there.write('train.py', 'three\n').commit();
      await sync.compare(SOURCE);
      assert.equal((await sync.pull(SOURCE)).comparison?.inSync, true);
      assert.equal(here.read('train.py'), 'three\n');
    });
  }

  it('works by content where the host has BusyBox and no git', async function () {
    if (findCommand('busybox') === undefined) this.skip();
    const { here, there, opened } = clone(await rigs.start({ shell: 'busybox' }));
    const { sync } = await opened.open();
    assert.equal((await sync.compare(SOURCE)).method, 'checksum');
    const hostile = "-e '$(touch pwned)'\n\\x é";
    here
      .write(hostile, 'bytes \u0000\r\n')
      .write('run', 'x', 0o755)
      .link('link', '/nowhere')
      .remove('train.py');
    there.write('conf/a.yaml', 'lr: 2\n').write('new/file', 'n', 0o755);
    const expected = { [hostile]: 'push', run: 'push', link: 'push', 'train.py': 'deletedHere' };
    assert.deepEqual(verdicts(await sync.compare(SOURCE)), {
      ...expected,
      'conf/a.yaml': 'pull',
      'new/file': 'pull',
    });
    await sync.push(SOURCE, { files: Object.keys(expected) });
    const pulled = await sync.pull(SOURCE);
    assert.equal(pulled.comparison?.inSync, true);
    assert.deepEqual(there.tree(), here.tree());
    const [backup] = (await sync.backups(SOURCE)).filter(({ side }) => side === 'remote');
    assert.deepEqual(await sync.restore(SOURCE, backup ?? { id: '', side: 'remote' }), ['train.py']);
    assert.equal(there.read('train.py'), 'one\n');
  });

  it('leaves all old or all new when the connection is cut, and goes on the next time', async () => {
    const rig = await rigs.start();
    const proxy = await rigs.proxy(rig);
    const { here, there, opened } = clone(rig, { port: proxy.port });
    const { sync } = await opened.open();
    const noise = execFileSync('head', ['-c', '200000', '/dev/urandom']);
    let seed = 7;
    let cuts = 0;
    for (let round = 0; round < 4; round++) {
      here
        .write('big', Buffer.concat([noise, Buffer.from(String(round))]))
        .write('train.py', `round ${round}\n`);
      const before = there.tree();
      await waitUntil('the host can be asked again', async () => {
        await sync.compare(SOURCE).catch(() => undefined);
        return sync.remote(SOURCE)?.error === undefined || undefined;
      });
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      proxy.cutAfter(seed % 220_000);
      const outcome = await sync.push(SOURCE).then(
        () => 'done',
        (error: unknown) => {
          assert.ok(error instanceof HsmError, String(error));
          return 'cut';
        },
      );
      if (outcome === 'cut') cuts += 1;
      const after = there.tree();
      if (outcome === 'done') assert.deepEqual(after, here.tree());
      else
        assert.ok(
          JSON.stringify(after) === JSON.stringify(before) ||
            JSON.stringify(after) === JSON.stringify(here.tree()),
        );
    }
    assert.ok(cuts > 0, 'no connection was cut on the way');
    await sync.compare(SOURCE);
    await sync.push(SOURCE);
    assert.deepEqual(there.tree(), here.tree());
  });

  it('looks at the checkout before a sweep starts, and pushes when that is wanted', async () => {
    const rig = await rigs.start();
    const { here, there, opened } = clone(rig);
    const running = await opened.open();
    const file = opened.sweep('{ gate: [go] }');
    here.write('train.py', 'edited\n');
    await assert.rejects(running.start(file, { sources: [SOURCE] }), (error) => {
      assert.ok(error instanceof ProjectSyncError);
      assert.match(
        error.message,
        /not in sync, nothing was started: remote lacks the edit of 1 file made here/,
      );
      assert.deepEqual([error.details.source, error.details.canPush], [SOURCE, true]);
      return true;
    });
    assert.deepEqual(running.sweeps(), []);
    const sweep = await running.start(file, { sources: [SOURCE], sync: 'push' });
    assert.equal(there.read('train.py'), 'edited\n');
    await waitUntil('the task runs', () => running.sources().some(({ active }) => active === 1) || undefined);
    here.write('train.py', 'edited again\n');
    await running.sync.compare(SOURCE);
    await assert.rejects(running.sync.push(SOURCE), /1 task runs from the checkout of gpubox now/);
    await assert.rejects(running.start(file, { sources: [SOURCE], sync: 'push' }), (error) => {
      assert.ok(error instanceof ProjectSyncError);
      assert.match(error.details.hint ?? '', /hsm sync push --source gpubox --yes, or run what is there/);
      return true;
    });
    assert.equal(there.read('train.py'), 'edited\n');
    new Copy(rig.home).write('go', '');
    const over = await running.whenOver(sweep.id, AbortSignal.timeout(60_000));
    assert.equal(over.state, 'succeeded');
    there.write('slurm-1.out', 'what a run wrote\n');
    const beside = await running.start(file, { sources: [SOURCE], sync: 'push' });
    assert.equal((await running.whenOver(beside.id, AbortSignal.timeout(60_000))).state, 'succeeded');
    assert.equal(there.read('train.py'), 'edited again\n');
    here.write('train.py', 'mine\n');
    there.write('train.py', 'somebody else\n');
    await assert.rejects(
      running.start(file, { sources: [SOURCE], sync: 'push' }),
      /train\.py changed on both sides/,
    );
    const skipped = await running.start(file, { sources: [SOURCE], sync: 'skip' });
    assert.equal((await running.whenOver(skipped.id, AbortSignal.timeout(60_000))).state, 'succeeded');
    assert.equal(there.read('train.py'), 'somebody else\n');
  });

  it('pushes by itself, or compares nothing, where the configuration says so', async () => {
    const { here, there, opened } = clone(await rigs.start(), { sync: 'sync: { before_start: always }\n' });
    const always = await opened.open();
    const file = opened.sweep('{ a: [1] }');
    here.write('train.py', 'edited\n');
    const { id } = await always.start(file, { sources: [SOURCE] });
    await always.whenOver(id, AbortSignal.timeout(60_000));
    assert.equal(there.read('train.py'), 'edited\n');
    there.write('train.py', 'other\n');
    const config = here.read('.hsm/config.yaml') ?? '';
    here.write('.hsm/config.yaml', config.replace('always', 'never'));
    const started = await always.start(file, { sources: [SOURCE] });
    await always.whenOver(started.id, AbortSignal.timeout(60_000));
    assert.equal(there.read('train.py'), 'other\n');
  });

  it('is the same by hsm sync, with exit codes', async () => {
    const { here, there, home } = clone(await rigs.start());
    await buildBundles();
    const hsm = async (...args: string[]): Promise<{ code: number | null; out: string; err: string }> => {
      const child = spawn(process.execPath, [join(projectDir, 'dist', 'cli.js'), ...args], {
        cwd: here.dir,
        env: { PATH: process.env['PATH'], HOME: home },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
      return { code: child.exitCode, out, err };
    };
    const clean = await hsm('sync', 'check');
    assert.deepEqual([clean.code, clean.err], [0, '']);
    assert.match(clean.out, /^gpubox: in sync$/m);
    here.write('train.py', 'edited\n').remove('conf');
    there.write('other', 'there\n');
    const check = await hsm('sync', 'check', '--source', SOURCE, '--json');
    assert.equal(check.code, 1, check.err);
    const json = JSON.parse(check.out) as {
      inSync: boolean;
      method: string;
      files: unknown[];
      safe: unknown;
    };
    assert.deepEqual([json.inSync, json.method, json.safe], [false, 'git', { push: true, pull: true }]);
    assert.deepEqual(json.files, [
      { path: 'conf/a.yaml', verdict: 'deletedHere', kind: 'config', via: 'file' },
      { path: 'other', verdict: 'pull', kind: 'code', via: 'file' },
      { path: 'train.py', verdict: 'push', kind: 'code', via: 'file' },
    ]);
    const push = await hsm('sync', 'push', '--source', SOURCE);
    assert.equal(push.code, 0, push.err);
    assert.match(push.out, /pushed 1 file/);
    assert.equal(there.read('conf/a.yaml'), 'lr: 1\n');
    const folder = await hsm('sync', 'push', '--files', 'conf', '--yes');
    assert.equal(folder.code, 2);
    assert.match(folder.err, /Nothing in conf can be pushed by itself: conf\/a\.yaml \(deleted here\)\./);
    assert.equal(there.read('conf/a.yaml'), 'lr: 1\n');
    assert.equal((await hsm('sync', 'push', '--files', 'conf/a.yaml')).code, 0);
    assert.equal(there.read('conf/a.yaml'), undefined);
    here.write('src/new.py', 'work of a week\n');
    there.write('src/theirs.py', 'there\n');
    assert.equal((await hsm('sync', 'pull', '--files', 'src', '--yes')).code, 0);
    assert.equal(here.read('src/theirs.py'), 'there\n');
    assert.equal(here.read('src/new.py'), 'work of a week\n');
    const gone = await hsm('sync', 'pull', '--files', 'src/new.py');
    assert.equal(gone.code, 1);
    assert.match(gone.err, /src\/new\.py is only here; it would be deleted here and kept as a backup\./);
    assert.equal((await hsm('sync', 'pull', '--json')).code, 0);
    assert.equal(here.read('other'), 'there\n');
    here.write('train.py', 'here again\n');
    there.write('train.py', 'there again\n');
    const refused = await hsm('sync', 'push', '--files', 'train.py');
    assert.equal(refused.code, 1);
    assert.match(refused.err, /--yes/);
    assert.equal((await hsm('sync', 'push', '--files', 'train.py', '--yes')).code, 0);
    const backups = JSON.parse((await hsm('sync', 'restore', '--json')).out) as {
      id: string;
      files: string[];
    }[];
    assert.deepEqual(backups[0]?.files, ['train.py']);
    assert.equal((await hsm('sync', 'restore', backups[0].id, '--files', './')).code, 0);
    assert.equal(there.read('train.py'), 'there again\n');
    assert.equal((await hsm('sync', 'check', '--source', 'nobody')).code, 2);
  });
});
