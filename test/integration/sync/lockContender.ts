import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { silentLogger } from '../../../src/core/base/logger';
import { withLock } from '../../../src/adapters/sync/workspace/workspaceLock';
import { HsmError } from '../../../src/core/base/errors';

/**
 * A program that takes a side's lock again and again until there is a file `stop`. Whoever has it makes the folder `inside`:
 * that this is there already is noted in `trouble`.
 */
const [, , root = ''] = process.argv;

async function beInside(): Promise<void> {
  try {
    mkdirSync(join(root, 'inside'));
    await setImmediate();
    rmdirSync(join(root, 'inside'));
    await appendFile(join(root, 'takes'), 'node\n');
  } catch (error) {
    await appendFile(join(root, 'trouble'), `${String(error)}\n`);
  }
}

async function contend(): Promise<void> {
  while (!existsSync(join(root, 'stop'))) {
    try {
      await withLock(join(root, '.hsm/sync'), silentLogger, beInside);
    } catch (error) {
      if (!HsmError.is(error, 'sync.refused')) throw error;
      await setImmediate();
    }
  }
}

void contend();
