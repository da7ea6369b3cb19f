import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import change from '../../../src/adapters/sync/checkout/change.sh';
import common from '../../../src/adapters/sync/checkout/common.sh';
import lock from '../../../src/adapters/sync/checkout/lock.sh';
import { judgeHolder, parseHolder } from '../../../src/adapters/sync/workspace/lockHolder';
import { withLock } from '../../../src/adapters/sync/workspace/workspaceLock';
import { silentLogger } from '../../../src/core/base/logger';
import { makeTempDir } from '../../support/tempDir';

type Step = 'link' | 'rename' | 'truncate';

describe('the lock of the workspace on a disk that fails', () => {
  const real = { ...promises };
  let dir: ReturnType<typeof makeTempDir>;
  let stateDir: string;
  const warnings: string[] = [];
  const log = {
    ...silentLogger,
    warn: (text: string) => {
      warnings.push(text);
    },
  };

  beforeEach(() => {
    dir = makeTempDir();
    stateDir = join(dir.path, '.hsm/sync');
    warnings.length = 0;
  });
  afterEach(() => {
    repair();
    dir.dispose();
  });

  const failing = (code: string) => (): Promise<never> =>
    Promise.reject(Object.assign(new Error(`${code}: injected`), { code }));

  /** From now on these steps fail. */
  function breakDisk(code: string, ...steps: readonly Step[]): void {
    for (const step of steps) promises[step] = failing(code);
    syncBuiltinESMExports();
  }

  function repair(): void {
    Object.assign(promises, real);
    syncBuiltinESMExports();
  }

  /** As another process that wants the lock. */
  function takeByShell(): string {
    const program = `${common}${change}${lock}\nrenew_lock() { :; }\ntake_lock && echo in && drop_lock`;
    return execFileSync('sh', ['-c', program, 'hsm', dir.path, 'mark'], { encoding: 'utf8' }).trim();
  }

  it("does not hide what the work came to when it cannot be given back, and is nobody's then", async () => {
    const result = await withLock(stateDir, log, () => {
      breakDisk('ENOSPC', 'rename');
      return Promise.resolve('done');
    });
    assert.equal(result, 'done');
    assert.match(warnings.join(), /lock\/1 cannot be given back: ENOSPC/);
    repair();
    const left = readFileSync(join(stateDir, 'lock/1'), 'utf8');
    const holder = parseHolder(left);
    assert.equal(holder && judgeHolder(holder), 'dead', left);
    assert.equal(takeByShell(), 'in', left);
  });

  it('is no obstacle for the process that had it where nothing could be written', async () => {
    await withLock(stateDir, log, () => {
      breakDisk('EROFS', 'rename', 'truncate');
      return Promise.resolve('done');
    });
    assert.equal(warnings.length, 2);
    repair();
    assert.equal(await withLock(stateDir, log, () => Promise.resolve('in')), 'in');
  });

  it('leaves no number behind that could be made and not be written', async () => {
    breakDisk('EPERM', 'link');
    promises.open = async (...args) => {
      const handle = await real.open(...args);
      handle.writeFile = failing('ENOSPC');
      return handle;
    };
    syncBuiltinESMExports();
    await assert.rejects(
      withLock(stateDir, log, () => Promise.resolve()),
      /ENOSPC/,
    );
    assert.deepEqual(readdirSync(join(stateDir, 'lock')), []);
  });
});
