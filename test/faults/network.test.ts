import { strict as assert } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectDir } from '../support/project';
import { iproute, opensshServer, skipUnless } from '../support/requirement';

const IN_NAMESPACE = join(import.meta.dirname, 'inNamespace', 'droppedPackets.ts');

describe('the network to a host on Linux', function () {
  this.timeout(180_000);

  before(function () {
    skipUnless(this, opensshServer);
    skipUnless(this, iproute);
    skipUnlessIsolated(this);
  });

  it('may drop every packet for seconds, again and again', async () => {
    const mocha = join(projectDir, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const start = 'ip link set lo up && exec "$@"';
    const argv = ['--net', '--', 'sh', '-c', start, 'sh', process.execPath, mocha, IN_NAMESPACE];
    const child = spawn('unshare', argv, {
      cwd: projectDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The run that this test belongs to counts it as one.
      env: { ...process.env, HSM_TEST_COUNTS: '' },
    });
    const [output, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    assert.equal(code, 0, `${output}\n${errors}`);
    assert.match(output, /1 passing/);
  });
});

/** Skips where no network can be made; in CI that is a failure instead. */
function skipUnlessIsolated(context: Mocha.Context): void {
  const tried = spawnSync('unshare', ['--net', '--', 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' });
  if (tried.status === 0) return;
  const reason = `a network of its own cannot be made here (root on Linux can): ${tried.stderr}`;
  if (process.env['CI']) throw new Error(reason);
  console.log(`    skipped: ${reason}`);
  context.skip();
}
