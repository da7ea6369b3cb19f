import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalHost } from '../../../src/adapters/host/localHost';
import { askHost, timeHost, type TimedHost } from '../../../src/adapters/remote/hostFacts';
import { makeTempDir } from '../../support/tempDir';

const signal = AbortSignal.timeout(120_000);

/** A program in the place of NVIDIA's, by the text of what it does for each of the three questions. */
interface Smi {
  readonly cards: string;
  readonly uuids?: string;
  readonly programs?: string;
}

describe('What a host tells of its GPUs', function () {
  this.timeout(60_000);
  let temp: ReturnType<typeof makeTempDir>;

  beforeEach(() => {
    temp = makeTempDir('hsm-facts-');
  });

  afterEach(() => {
    temp.dispose();
  });

  async function ask({ cards, uuids = 'echo "0, GPU-aa"', programs = ':' }: Smi): Promise<TimedHost> {
    const bin = join(temp.path, 'bin');
    mkdirSync(bin);
    const script = `#!/bin/sh\ncase $* in *compute-apps*) ${programs} ;; *uuid*) ${uuids} ;; *) ${cards} ;; esac\n`;
    writeFileSync(join(bin, 'nvidia-smi'), script, { mode: 0o755 });
    const host = new LocalHost({ ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` });
    return timeHost(host, await askHost(host, 'box', { root: temp.path }, signal), signal);
  }

  it('is which there are, and who works on them', async () => {
    const programs = 'echo "GPU-aa, 4000000, /usr/bin/python3"';
    const { facts } = await ask({ cards: 'echo "0, Tesla, the big one, 10, 100, 0"', programs });
    assert.deepEqual(
      facts.gpus.map(({ name, users }) => ({ name, users })),
      [{ name: 'Tesla, the big one', users: ['?: python3 (4000000)'] }],
    );
    assert.equal(facts.gpuTrouble, undefined);
  });

  it('is what is wrong with its driver', async () => {
    const { facts } = await ask({
      cards: 'echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18',
    });
    assert.match(facts.gpuTrouble ?? '', /^nvidia-smi there says: Failed to initialize NVML: .* mismatch\.$/);
  });

  it('does not hold up the rest when the driver hangs, and is no part of the time that the way takes', async () => {
    const { facts, latencyMs, clockOffsetMs } = await ask({ cards: 'exec sleep 3600' });
    assert.match(facts.gpuTrouble ?? '', /nvidia-smi does not answer/);
    assert.ok(facts.disk);
    assert.ok(latencyMs < 5000, `${latencyMs} ms`);
    assert.ok(Math.abs(clockOffsetMs) < 2000, `${clockOffsetMs} ms`);
  });
});
