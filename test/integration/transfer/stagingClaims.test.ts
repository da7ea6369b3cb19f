import { strict as assert } from 'node:assert';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Staging } from '../../../src/adapters/transfer/staging';
import { makeTempDir } from '../../support/tempDir';

const ROUNDS = 60;

describe('the folder where files arrive', function () {
  this.timeout(60_000);
  let dir: ReturnType<typeof makeTempDir>;
  let children: ChildProcess[] = [];

  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => {
    for (const child of children) child.kill();
    children = [];
    dir.dispose();
  });

  async function start(): Promise<ChildProcess> {
    const path = join(__dirname, 'stagingClaimant.ts');
    const child = fork(path, { execArgv: ['--import', 'tsx'] });
    children.push(child);
    await once(child, 'message');
    return child;
  }

  async function ask(child: ChildProcess, target: string, at: number): Promise<string> {
    const answer = once(child, 'message');
    child.send({ target, at });
    const [files] = (await answer) as [string];
    return files;
  }

  it('is taken over from a process that died by one of those that want it', async () => {
    const first = await start();
    const targets = Array.from({ length: ROUNDS }, (_, round) => join(dir.path, `${round}`));
    for (const target of targets) await ask(first, target, 0);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const rivals = await Promise.all([start(), start()]);
    let takenOver = 0;
    for (const target of targets) {
      const at = Date.now() + 8;
      const [one, other] = await Promise.all(rivals.map((rival) => ask(rival, target, at)));
      assert.notEqual(one, other, target);
      const usual = `${join(dir.path, `.${target.slice(dir.path.length + 1)}.incoming`)}/files`;
      if (one === usual || other === usual) takenOver += 1;
    }
    assert.ok(takenOver > ROUNDS / 2, `${takenOver} of ${ROUNDS} were of use again`);
  });

  it('is of use again once the one who had it has left it', () => {
    const target = join(dir.path, 'tasks');
    const one = Staging.open(target);
    mkdirSync(join(one.files, 'part'));
    const other = Staging.open(target);
    assert.notEqual(other.files, one.files);
    other.remove();
    one.leave();
    assert.equal(Staging.open(target).files, one.files);
  });
});
