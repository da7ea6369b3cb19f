import { strict as assert } from 'node:assert';
import { watchLiveness } from '../../../../../src/adapters/ssh/ssh2/liveness';
import { ManualClock } from '../../../../support/manualClock';

/** Whose wall clock can be set ahead of its timers, as by sleep. */
class JumpingClock extends ManualClock {
  private aheadMs = 0;

  jump(byMs: number): void {
    this.aheadMs += byMs;
  }

  override now(): number {
    return super.now() + this.aheadMs;
  }
}

describe('The watch over a connection’s life', () => {
  it('asks into silence only: every half minute, sooner when somebody waits', async () => {
    const { clock, server } = watch();
    server.answers = true;
    await clock.advance(29_000);
    assert.equal(server.probes, 0);
    await clock.advance(6_000);
    assert.equal(server.probes, 1);
    server.isAwaited = true;
    await clock.advance(60_000);
    assert.equal(server.probes, 4);
    assert.deepEqual(server.losses, []);
  });

  it('asks nothing while bytes move', async () => {
    const { clock, server } = watch();
    server.isAwaited = true;
    for (let tick = 0; tick < 60; tick++) {
      server.progress++;
      await clock.advance(5_000);
    }
    assert.deepEqual([server.probes, server.losses], [0, []]);
  });

  it('calls a connection lost after a minute of silence, once', async () => {
    const { clock, server } = watch();
    server.isAwaited = true;
    await clock.advance(55_000);
    assert.deepEqual(server.losses, []);
    await clock.advance(120_000);
    assert.deepEqual(server.losses, ['nothing was heard of it any more']);
  });

  it('asks at once when the machine has slept, and gives up soon', async () => {
    const { clock, server } = watch();
    await clock.advance(6_000);
    clock.jump(3_600_000);
    await clock.advance(5_000);
    assert.equal(server.probes, 1);
    assert.deepEqual(server.losses, []);
    await clock.advance(6_000);
    assert.equal(server.losses.length, 1);
  });

  it('does not take what came before the sleep for life after it', async () => {
    const { clock, server } = watch();
    await clock.advance(6_000);
    server.progress++;
    clock.jump(3_600_000);
    await clock.advance(11_000);
    assert.equal(server.losses.length, 1);
  });

  it('keeps a connection that lived through the sleep', async () => {
    const { clock, server } = watch();
    server.answers = true;
    await clock.advance(6_000);
    clock.jump(3_600_000);
    await clock.advance(120_000);
    assert.deepEqual(server.losses, []);
  });

  it('asks before it gives up, however long the configuration would keep silent', async () => {
    const { clock, server } = watch(600_000);
    server.answers = true;
    await clock.advance(300_000);
    assert.deepEqual(server.losses, []);
    assert.ok(server.probes > 5, `${server.probes} probes`);
  });

  it('is not alarmed by a clock that is set back', async () => {
    const { clock, server } = watch();
    await clock.advance(6_000);
    clock.jump(-3_600_000);
    await clock.advance(10_000);
    assert.deepEqual([server.probes, server.losses], [0, []]);
  });
});

function watch(silenceMs?: number) {
  const clock = new JumpingClock();
  const losses: string[] = [];
  const server = { progress: 0, isAwaited: false, answers: false, probes: 0, losses };
  watchLiveness(
    clock,
    {
      progress: () => server.progress,
      isAwaited: () => server.isAwaited,
      probe: () => {
        server.probes++;
        if (server.answers) clock.after(20, () => server.progress++);
      },
    },
    (reason) => losses.push(reason),
    silenceMs,
  );
  return { clock, server };
}
