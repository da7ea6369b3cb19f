import { strict as assert } from 'node:assert';
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalHost } from '../../../src/adapters/host/localHost';
import type { SealedCode } from '../../../src/adapters/remote/codeList';
import { bringSnapshot } from '../../../src/adapters/remote/codeSnapshot';
import { CodeStore } from '../../../src/adapters/remote/codeStore';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { SSHComputeSource } from '../../../src/adapters/remote/sshComputeSource';
import { FileTransfer } from '../../../src/adapters/transfer/fileTransfer';
import { errorText } from '../../../src/core/base/errors';
import { silentLogger } from '../../../src/core/base/logger';
import type { SweepContext } from '../../../src/core/compute/computeSource';
import { makeTempDir } from '../../support/tempDir';

const signal = AbortSignal.timeout(300_000);
const log = silentLogger;

describe('The code of a sweep', function () {
  this.timeout(30_000);
  let temp: ReturnType<typeof makeTempDir>;
  let project: string;
  let codeDir: string;
  let store: CodeStore;

  beforeEach(() => {
    temp = makeTempDir('hsm-code-');
    project = join(temp.path, 'project');
    codeDir = join(temp.path, 'far', 'code');
    store = new CodeStore(project, log);
    write('train.py', 'print(1)\n');
  });

  afterEach(() => {
    temp.dispose();
  });

  function write(path: string, text: string): string {
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  function damage({ dir }: SealedCode, path: string, text: string): void {
    chmodSync(join(dir, path), 0o600);
    writeFileSync(join(dir, path), text);
  }

  const seal = (): Promise<SealedCode> => store.seal([], signal);

  function bring(code: SealedCode, method: 'rsync' | 'tar', host = new LocalHost()): Promise<string> {
    const transfer = new FileTransfer(host, { log, method });
    return bringSnapshot(host, { code, codeDir, transfer }, log, signal).then(({ dir }) => dir);
  }

  describe('kept here', () => {
    it('is that of the moment, whatever is edited later', async () => {
      const program = write('run.sh', 'exit 0\n');
      chmodSync(program, 0o755);
      symlinkSync('train.py', join(project, 'link'));
      const { dir, entries } = await seal();
      write('train.py', 'print(2)\n');
      assert.equal(readFileSync(join(dir, 'train.py'), 'utf8'), 'print(1)\n');
      assert.equal(readlinkSync(join(dir, 'link')), 'train.py');
      assert.deepEqual(
        entries.map(({ path, kind }) => `${kind} ${path}`),
        ['link link', 'program run.sh', 'file train.py'],
      );
      assert.equal(statSync(join(dir, 'run.sh')).mode & 0o111, 0o111);
    });

    it('takes no more room for what did not change', async () => {
      write('data/table.csv', 'a,b\n');
      const first = await seal();
      assert.equal((await seal()).dir, first.dir);
      write('train.py', 'print(2)\n');
      const second = await seal();
      assert.notEqual(second.digest, first.digest);
      const [before, after] = [first, second].map(({ dir }) => statSync(join(dir, 'data/table.csv')).ino);
      assert.equal(after, before);
      assert.equal((await seal()).digest, second.digest);
    });

    it('is no concern of git, nor part of itself', async () => {
      await seal();
      assert.equal(readFileSync(join(project, '.hsm/code/.gitignore'), 'utf8'), '*\n');
      const { entries } = await seal();
      assert.deepEqual(
        entries.map(({ path }) => path),
        ['train.py'],
      );
    });

    it('goes when it is old, but not while a sweep needs it', async () => {
      const needed = await seal();
      const old = await editAndSeal(1);
      utimesSync(join(dirname(needed.dir), 'list'), 1000, 1000);
      utimesSync(join(dirname(old.dir), 'list'), 1001, 1001);
      for (let edit = 2; edit < 12; edit++) await editAndSeal(edit);
      await store.tidy([needed.digest]);
      assert.ok(await store.find(needed.digest));
      assert.equal(await store.find(old.digest), undefined);
      assert.equal(
        readdirSync(join(project, '.hsm/code')).filter((name) => !name.startsWith('.')).length,
        11,
      );
    });

    it('is not used when it is damaged', async () => {
      const code = await seal();
      chmodSync(join(code.dir, 'train.py'), 0o600);
      truncateSync(join(code.dir, 'train.py'));
      await store.removeIfDamaged(code, signal);
      assert.equal(await store.find(code.digest), undefined);
      const again = await seal();
      await store.removeIfDamaged(again, signal);
      assert.equal((await store.find(again.digest))?.digest, code.digest);
    });

    it('goes when it takes much room together with newer ones, which share what did not change', async () => {
      write('data.bin', 'x'.repeat(900));
      const codes: SealedCode[] = [];
      for (const edit of [1, 2, 3]) codes.push(await editAndSeal(edit));
      for (const [age, { dir }] of codes.entries()) utimesSync(join(dirname(dir), 'list'), age + 1, age + 1);
      const digests = codes.map(({ digest }) => digest);
      const kept = async (bytes: number, inUse: readonly string[] = []): Promise<boolean[]> => {
        const small = new CodeStore(project, log, bytes);
        await small.tidy(inUse);
        return digests.map((digest) => existsSync(join(project, '.hsm/code', digest)));
      };
      assert.deepEqual(await kept(1000), [true, true, true]);
      assert.deepEqual(await kept(940, digests.slice(0, 1)), [true, true, true]);
      assert.deepEqual(await kept(940), [false, true, true]);
      assert.deepEqual(await kept(1), [false, false, true]);
    });

    it('does not take over a damaged file from the copy before', async () => {
      write('big.bin', 'x'.repeat(2_000_000));
      const first = await seal();
      for (const path of ['train.py', 'big.bin']) damage(first, path, '');
      write('new.py', '');
      const second = await seal();
      assert.equal(readFileSync(join(second.dir, 'train.py'), 'utf8'), 'print(1)\n');
      assert.equal(statSync(join(second.dir, 'big.bin')).size, 2_000_000);
      assert.equal(await store.removeIfDamaged(second, signal), false);
    });

    it('goes with the others that share a damaged file', async () => {
      const first = await seal();
      write('new.py', '1');
      const second = await seal();
      write('train.py', 'print(2)\n');
      const third = await seal();
      damage(second, 'train.py', 'print(0)\n');
      assert.equal(await store.removeIfDamaged(second, signal), true);
      const kept = await Promise.all([first, second, third].map(({ digest }) => store.find(digest)));
      assert.deepEqual(
        kept.map((code) => code?.digest),
        [undefined, undefined, third.digest],
      );
    });

    it('stays when the look at it is called off', async () => {
      const code = await seal();
      assert.equal(await store.removeIfDamaged(code, AbortSignal.abort()), false);
      assert.ok(await store.find(code.digest));
    });

    async function editAndSeal(edit: number): Promise<SealedCode> {
      write('train.py', `print("edit ${edit}")\n`);
      return seal();
    }
  });

  for (const method of ['rsync', 'tar'] as const) {
    describe(`brought to a host by ${method}`, () => {
      it('is what was sealed, with what may be executed and links', async () => {
        chmodSync(write('bin/run me.sh', 'exit 0\n'), 0o755);
        symlinkSync('bin', join(project, 'tools'));
        const dir = await bring(await seal(), method);
        assert.equal(readFileSync(join(dir, 'train.py'), 'utf8'), 'print(1)\n');
        assert.equal(statSync(join(dir, 'bin/run me.sh')).mode & 0o100, 0o100);
        assert.equal(readlinkSync(join(dir, 'tools')), 'bin');
      });

      it('is told from the copy before by content, not by size and time', async () => {
        const file = write('train.py', 'print(1)\n');
        const quiet = write('quiet.sh', 'exit 0\n');
        for (const path of [file, quiet]) utimesSync(path, 1e9, 1e9);
        await bring(await seal(), method);
        write('train.py', 'print(2)\n');
        chmodSync(quiet, 0o755);
        for (const path of [file, quiet]) utimesSync(path, 1e9, 1e9);
        const dir = await bring(await seal(), method);
        assert.equal(readFileSync(join(dir, 'train.py'), 'utf8'), 'print(2)\n');
        assert.equal(statSync(join(dir, 'quiet.sh')).mode & 0o100, 0o100);
      });

      it('does not count when something else arrives', async () => {
        const code = await seal();
        chmodSync(join(code.dir, 'train.py'), 0o600);
        writeFileSync(join(code.dir, 'train.py'), 'print(3)\n');
        await assert.rejects(bring(code, method), /is not what was sent: train\.py differs/);
        assert.equal(existsSync(join(codeDir, code.digest)), false);
      });

      it('is one copy when two sweeps bring it at one time', async () => {
        const code = await seal();
        const [one, other] = await Promise.all([bring(code, method), bring(code, method)]);
        assert.equal(one, other);
        assert.deepEqual(readdirSync(codeDir), [code.digest]);
        assert.deepEqual(readdirSync(one), ['train.py']);
      });

      for (const [mv, env] of [
        ['as it is here', () => process.env],
        ['as on BSD', plainMv],
      ] as const) {
        it(`is one copy when the other one came while this one was sealed, with mv ${mv}`, async () => {
          const code = await seal();
          const host = new OvertakenHost(env(), () => {
            mkdirSync(join(codeDir, code.digest));
            writeFileSync(join(codeDir, code.digest, 'train.py'), 'print(1)\n');
          });
          const dir = await bring(code, method, host);
          assert.deepEqual(readdirSync(dir), ['train.py']);
          assert.deepEqual(readdirSync(codeDir), [code.digest]);
        });
      }
    });
  }

  /** An `mv` without the option -T. */
  function plainMv(): NodeJS.ProcessEnv {
    const bin = join(temp.path, 'bin');
    mkdirSync(bin);
    const text = `#!/bin/sh\n[ "$1" != -T ] || exit 64\nPATH=\${PATH#*:} exec mv "$@"\n`;
    writeFileSync(join(bin, 'mv'), text, { mode: 0o755 });
    return { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  }

  it('is not taken from a changed project when the copy is gone', async () => {
    const { digest } = await seal();
    const { source, context } = farSource(digest);
    rmSync(join(project, '.hsm'), { recursive: true });
    write('train.py', 'print(2)\n');
    await assert.rejects(source.setup(context, signal), /sweep was started with is not kept here any more/);
    write('train.py', 'print(1)\n');
    const { code } = await source.setup(context, signal);
    assert.deepEqual(code, { kind: 'snapshot', digest });
    await assert.rejects(
      source.setup({ ...context, codeDigest: '0'.repeat(20) }, signal),
      /has another state of the code/,
    );
    await source.cleanup();
  });

  for (const [what, harm] of [
    [
      'empty',
      (code: SealedCode) => {
        damage(code, 'train.py', '');
      },
    ],
    [
      'missing',
      (code: SealedCode) => {
        rmSync(join(code.dir, 'train.py'));
      },
    ],
  ] as const) {
    it(`comes from the project again when a file of the copy is ${what}`, async () => {
      const sealed = await seal();
      harm(sealed);
      const { source, context } = farSource(sealed.digest);
      const { projectDir } = await source.setup(context, signal);
      assert.equal(readFileSync(join(projectDir, 'train.py'), 'utf8'), 'print(1)\n');
      await source.cleanup();
    });
  }

  it('and tasks of a sweep belong to one source of two whose hosts turn out to be one, also later', async () => {
    const { digest } = await seal();
    const names = ['far', 'twin of it'];
    const { context } = farSource(digest);
    const setUp = async (): Promise<PromiseSettledResult<unknown>[]> => {
      const sources = names.map((name) => farSource(digest, name).source);
      const ends = await Promise.allSettled(sources.map((source) => source.setup(context, signal)));
      await Promise.all(sources.map((source) => source.cleanup()));
      return ends;
    };
    const first = await setUp();
    const states = first.map(({ status }) => status);
    assert.deepEqual([...states].sort(), ['fulfilled', 'rejected']);
    const second = await setUp();
    assert.deepEqual(
      second.map(({ status }) => status),
      states,
    );
    const refused = [...first, ...second].flatMap((end) =>
      end.status === 'rejected' ? [errorText(end.reason)] : [],
    );
    const [owner = '', other = ''] = states[0] === 'fulfilled' ? names : [...names].reverse();
    for (const text of refused)
      assert.match(
        text,
        new RegExp(`"${other}" would keep sweep in the folder that its source "${owner}" has`),
      );
    assert.equal(await farSource(digest, other).source.attach(context, signal), undefined);
    assert.notEqual(await farSource(digest, owner).source.attach(context, signal), undefined);
  });

  function farSource(codeDigest: string, name = 'far'): { source: SSHComputeSource; context: SweepContext } {
    const source = new SSHComputeSource({
      name,
      host: new LocalHost(),
      config: {
        type: 'ssh',
        host: 'far',
        root: join(temp.path, 'far'),
        code: 'snapshot',
        env: {},
        setup: [],
      },
      projectId: 'p-1',
      slots: 1,
      clock: systemClock,
      log,
    });
    const sweepDir = join(project, 'outputs', 'sweep');
    mkdirSync(sweepDir, { recursive: true });
    const context = {
      sweepId: 'sweep',
      projectDir: project,
      sweepDir,
      env: {},
      setup: [],
      codeDigest,
    };
    return { source, context };
  }
});

/** Where another one is faster, between the look at whether it is there and the rename. */
class OvertakenHost extends LocalHost {
  constructor(
    env: NodeJS.ProcessEnv,
    private readonly overtake: () => void,
  ) {
    super(env);
  }

  override run(...[argv, signal, options]: Parameters<LocalHost['run']>): ReturnType<LocalHost['run']> {
    const [shell = '', flag = '', script = '', ...words] = argv;
    if (!script.includes('mv -T')) return super.run(argv, signal, options);
    this.overtake();
    const blind = script.replace('[ -d "$3" ] || mv', 'mv');
    assert.notEqual(blind, script);
    return super.run([shell, flag, blind, ...words], signal, options);
  }
}
