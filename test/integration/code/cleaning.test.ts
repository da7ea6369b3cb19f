import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { LocalHost } from '../../../src/adapters/host/localHost';
import { SSHComputeSource } from '../../../src/adapters/remote/sshComputeSource';
import { SshRootCleaner } from '../../../src/adapters/remote/sshRootCleaner';
import { silentLogger } from '../../../src/core/base/logger';
import { carryOutCleaning, planCleaning } from '../../../src/core/collection/sourceCleaning';
import type { SweepContext } from '../../../src/core/compute/computeSource';
import { makeTempDir } from '../../support/tempDir';

const signal = AbortSignal.timeout(300_000);
const projectId = 'p-1';

describe('Cleaning up while a sweep starts', function () {
  this.timeout(30_000);
  let temp: ReturnType<typeof makeTempDir>;
  let root: string;

  beforeEach(() => {
    temp = makeTempDir('hsm-clean-');
    root = join(temp.path, 'far');
    write('train.py');
  });

  afterEach(() => {
    temp.dispose();
  });

  function write(path: string, text = 'print(1)\n'): void {
    mkdirSync(join(temp.path, 'project', 'outputs'), { recursive: true });
    writeFileSync(join(temp.path, 'project', path), text);
  }

  function parts(host: LocalHost) {
    const config = { type: 'ssh', host: 'far', root, code: 'snapshot', env: {}, setup: [] } as const;
    return { name: 'far', host, config, projectId, log: silentLogger, clock: systemClock, slots: 1 };
  }

  /** Sets a sweep up there, as the start of one does. */
  async function begin(sweepId: string, host = new LocalHost()): Promise<string> {
    const projectDir = join(temp.path, 'project');
    const sweepDir = join(projectDir, 'outputs', sweepId);
    mkdirSync(sweepDir, { recursive: true });
    const context: SweepContext = { sweepId, projectDir, sweepDir, env: {}, setup: [] };
    const source = new SSHComputeSource(parts(host));
    const { projectDir: code } = await source.setup(context, signal);
    await source.cleanup();
    return code;
  }

  it('keeps the code that a sweep has begun to use since it was looked at', async () => {
    const code = await begin('first');
    rmSync(join(root, 'sweeps', projectId, 'first'), { recursive: true });
    const cleaner = new SshRootCleaner(parts(new LocalHost()));
    const look = await planCleaning('far', cleaner, () => undefined, { isRequested: true }, signal);
    assert.deepEqual(
      look.plan.remove.map(({ path }) => path),
      [code],
    );
    assert.equal(await begin('second'), code);
    const done = await carryOutCleaning(cleaner, look.root, look.plan, look.plan, signal);
    assert.deepEqual(done.remove, []);
    assert.match(done.keep.at(-1)?.reason ?? '', /just started/);
    assert.deepEqual(readdirSync(code), ['train.py']);
    rmSync(join(root, 'sweeps', projectId, 'second'), { recursive: true });
    const again = await carryOutCleaning(cleaner, look.root, look.plan, look.plan, signal);
    assert.deepEqual(
      again.remove.map(({ path }) => path),
      [code],
    );
    assert.deepEqual(readdirSync(join(root, 'code', projectId)), []);
  });

  it('brings the code again when it is removed while the sweep is set up', async () => {
    const host = new CleanedHost(() => {
      for (const name of readdirSync(join(root, 'code', projectId)))
        rmSync(join(root, 'code', projectId, name), { recursive: true });
    });
    const code = await begin('first', host);
    assert.ok(host.isClean);
    assert.ok(existsSync(join(code, 'train.py')));
  });

  it('brings the code again when somebody removed it, the same', async () => {
    const code = await begin('first');
    rmSync(join(root, 'code'), { recursive: true });
    write('train.py', 'print(2)\n');
    assert.equal(await begin('first'), code);
    assert.equal(readFileSync(join(code, 'train.py'), 'utf8'), 'print(1)\n');
  });
});

/** Where somebody cleans up, once, just before the record of the sweep is written. */
class CleanedHost extends LocalHost {
  isClean = false;

  constructor(private readonly clean: () => void) {
    super();
  }

  override writeFiles(...[files, ...rest]: Parameters<LocalHost['writeFiles']>): Promise<void> {
    if (files.some(({ path }) => path.endsWith('code.json')) && !this.isClean) {
      this.isClean = true;
      this.clean();
    }
    return super.writeFiles(files, ...rest);
  }
}
