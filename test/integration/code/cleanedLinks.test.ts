import { strict as assert } from 'node:assert';
import { mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalHost } from '../../../src/adapters/host/localHost';
import { RemoteResultCollector } from '../../../src/adapters/remote/remoteResultCollector';
import { SshRootCleaner } from '../../../src/adapters/remote/sshRootCleaner';
import { FileTransfer } from '../../../src/adapters/transfer/fileTransfer';
import { silentLogger } from '../../../src/core/base/logger';
import { planCleaning } from '../../../src/core/collection/sourceCleaning';
import type { CollectionReport } from '../../../src/core/compute/computeSource';
import type { CleanPlan } from '../../../src/core/facade';
import type { CollectRules } from '../../../src/core/project/sourceConfig';
import { makeTempDir } from '../../support/tempDir';

const signal = AbortSignal.timeout(300_000);
const projectId = 'p-1';

describe('What a sweep left on a host', function () {
  this.timeout(30_000);
  let temp: ReturnType<typeof makeTempDir>;

  beforeEach(() => {
    temp = makeTempDir('hsm-clean-');
    write('train.log');
    write('epoch3.ckpt');
    write('run-1/log');
  });

  afterEach(() => {
    temp.dispose();
  });

  const there = (path = '') => join(temp.path, 'far', 'sweeps', projectId, 's', 'tasks', 'task_1', path);
  const sweepHere = () => join(temp.path, 'outputs', 's');
  const here = (path: string) => join(sweepHere(), 'tasks', 'task_1', path);

  function write(path: string): void {
    mkdirSync(dirname(there(path)), { recursive: true });
    writeFileSync(there(path), path);
  }

  function collect(rules: CollectRules = {}): Promise<CollectionReport> {
    const host = new LocalHost();
    const collector = new RemoteResultCollector({
      source: 'far',
      transfer: new FileTransfer(host, { log: silentLogger }),
      host,
      log: silentLogger,
      remoteTasksDir: dirname(there()),
      localTasksDir: join(sweepHere(), 'tasks'),
      rules,
    });
    return collector.collect(new Map([[1, 'task_1']]), signal);
  }

  async function plan(rules: CollectRules = {}): Promise<CleanPlan> {
    const root = join(temp.path, 'far');
    const common = { type: 'ssh', host: 'far', root, code: 'snapshot', env: {}, setup: [] } as const;
    const cleaner = new SshRootCleaner({
      name: 'far',
      host: new LocalHost(),
      config: { ...common, collect: rules },
      projectId,
      log: silentLogger,
    });
    const isHere = () => ({ active: 0, anyNotSucceeded: false, localSweepDir: sweepHere() });
    return (await planCleaning('far', cleaner, isHere, { isRequested: true }, signal)).plan;
  }

  async function checkKept(reason: RegExp, rules: CollectRules = {}): Promise<void> {
    const { remove, keep } = await plan(rules);
    assert.deepEqual(remove, []);
    assert.match(keep[0]?.reason ?? '', reason);
  }

  it('comes home with its links, and can go then', async () => {
    symlinkSync('epoch3.ckpt', there('best.ckpt'));
    symlinkSync('run-1', there('latest-run'));
    const report = await collect();
    assert.deepEqual([report.collected, report.leftOut], [[1], undefined]);
    assert.equal(readlinkSync(here('best.ckpt')), 'epoch3.ckpt');
    assert.equal(readlinkSync(here('latest-run')), 'run-1');
    assert.equal((await plan()).remove.length, 1);
  });

  it('stays while a link is not here, or leads elsewhere here', async () => {
    await collect();
    symlinkSync('epoch3.ckpt', there('best.ckpt'));
    await checkKept(/best\.ckpt \(missing here\)\. Collect the sweep/);
    symlinkSync('train.log', here('best.ckpt'));
    await checkKept(/best\.ckpt \(missing here\)/);
  });

  it('stays with a link that a collection does not bring, and says what helps', async () => {
    symlinkSync('/datasets/big', there('data'));
    await collect();
    await checkKept(
      /task_1\/data \(is a symbolic link to \/datasets\/big\)\. A collection does not bring that/,
    );
  });

  it('stays with a link whose place something else has here, and sends nobody round in circles', async () => {
    symlinkSync('epoch3.ckpt', there('best.ckpt'));
    mkdirSync(here('best.ckpt'), { recursive: true });
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual((await collect()).collected, [1]);
      await checkKept(
        /best\.ckpt \(has something else in its place here\)\. A collection does not bring that: copy/,
      );
    }
  });

  it('stays with a link to itself, which does not come home', async () => {
    symlinkSync('loop', there('loop'));
    const report = await collect();
    assert.deepEqual([report.collected, report.leftOut?.map(({ path }) => path)], [[1], ['loop']]);
    await checkKept(/loop \(is a symbolic link to itself\)\. A collection does not bring that/);
  });

  it('stays with what the configuration left out, and says so', async () => {
    const rules = { exclude: ['*.ckpt'] };
    await collect(rules);
    await checkKept(
      /epoch3\.ckpt \(left out by `collect`: it is excluded\)\. Change `collect` of the source/,
      rules,
    );
    await checkKept(/epoch3\.ckpt \(left out by `collect`: it has 11 bytes/, { maxBytes: 9 });
    await checkKept(/epoch3\.ckpt \(missing here\)\. Collect the sweep/);
  });
});
