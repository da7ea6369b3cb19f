import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeDirectories } from '../../../../src/adapters/transfer/localPlaces';
import { makeLinks } from '../../../../src/adapters/transfer/localLinks';
import { Staging } from '../../../../src/adapters/transfer/staging';
import { makeTempDir } from '../../../support/tempDir';

const MANY = 1_600;

describe('files that have arrived', () => {
  let dir: ReturnType<typeof makeTempDir>;
  let target: string;
  let names: string[];

  beforeEach(() => {
    dir = makeTempDir();
    target = join(dir.path, 'tasks');
    names = Array.from({ length: MANY }, (_, index) => `task_1/file${index}`);
    mkdirSync(join(target, 'task_1'), { recursive: true });
  });
  afterEach(() => {
    dir.dispose();
  });

  function here(): number {
    return readdirSync(join(target, 'task_1')).length;
  }

  /** Does what takes several turns, and calls it off once it shows. */
  async function callOff(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const before = here();
    const abort = new AbortController();
    const end = work(abort.signal);
    const failed = assert.rejects(end, /the task went on here/);
    const state = { isOver: false };
    void failed.finally(() => (state.isOver = true)).catch(() => undefined);
    while (here() === before && !state.isOver) await setImmediate();
    abort.abort(new Error('the task went on here'));
    await failed;
    const came = here() - before;
    assert.ok(came > 0 && came < MANY, `${came} of ${MANY}`);
  }

  function stage(): Staging {
    const staging = Staging.open(target);
    mkdirSync(join(staging.files, 'task_1'));
    for (const name of names) writeFileSync(join(staging.files, name), '');
    return staging;
  }

  it('stop appearing when it is called off, and the rest waits for the next time', async () => {
    const staging = stage();
    await callOff((signal) => staging.publish(names, signal));
    assert.equal(readdirSync(join(staging.files, 'task_1')).length, MANY - here());
  });

  it('do not appear at all when it was called off before', async () => {
    const staging = stage();
    await assert.rejects(staging.publish(names, AbortSignal.abort(new Error('too late'))), /too late/);
    assert.equal(here(), 0);
    assert.equal(existsSync(join(staging.files, 'task_1/file0')), true);
  });

  it('are followed by no more directories and links when it is called off', async function () {
    await callOff((signal) => makeDirectories(target, names, signal));
    if (process.platform === 'win32') this.skip();
    const links = new Map(names.map((name) => [`${name}.link`, 'x']));
    await callOff((signal) => makeLinks(target, links, signal));
  });
});
