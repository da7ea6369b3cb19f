import { strict as assert } from 'node:assert';
import { ChannelGate, SessionRefused } from '../../../../src/adapters/ssh/channelGate';
import type { Disposable } from '../../../../src/core/base/lifecycle';
import { ManualClock } from '../../../support/manualClock';

const never = new AbortController().signal;

describe('The gate to the sessions of a connection', () => {
  it('lets in as many as are usual, the others in their order', async () => {
    const { gate, places, clock } = makeServer(100);
    const order: number[] = [];
    for (let index = 0; index < 8; index++) {
      void open(gate, places, () => {
        order.push(index);
      });
    }
    await clock.advance(0);
    assert.deepEqual(order, [0, 1, 2, 3, 4]);
    places.shift()?.dispose();
    places.shift()?.dispose();
    await clock.advance(0);
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6]);
  });

  for (const allowed of [1, 2, 3]) {
    it(`learns that a server allows ${allowed}, and uses all of them`, async () => {
      const { gate, places, server, clock } = makeServer(allowed);
      let done = 0;
      for (let index = 0; index < 6; index++) {
        void open(gate, places, () => {
          done++;
        });
      }
      await clock.until(() => done === allowed, 'all that are allowed are open');
      await clock.advance(5_000);
      assert.equal(gate.maxSessions, allowed);
      for (let count = done; count < 6; count++) {
        places.shift()?.dispose();
        server.open--;
        await clock.until(() => done === count + 1, 'the next one is let in');
      }
    });
  }

  it('waits for a server that frees a session late', async () => {
    const { gate, places, server, clock } = makeServer(1);
    server.open = 1;
    let isOpen = false;
    void open(gate, places, () => {
      isOpen = true;
    });
    await clock.advance(30);
    assert.equal(isOpen, false);
    server.open = 0;
    await clock.until(() => isOpen, 'it is let in');
  });

  it('gives up when a server allows no session at all', async () => {
    const { gate, clock } = makeServer(0);
    const opening = gate.open(() => Promise.reject(new SessionRefused('open failed')), never);
    const rejected = assert.rejects(opening, SessionRefused);
    await clock.advance(60_000);
    await rejected;
  });

  it('keeps a place for brief calls beside those that may last for hours', async () => {
    const { gate, clock } = makeServer(100, 3);
    const inside: string[] = [];
    const enter = async (name: string, isLasting: boolean): Promise<Disposable> => {
      const { place } = await gate.open(() => Promise.resolve(), never, isLasting);
      inside.push(name);
      return place;
    };
    const first = enter('transfer 1', true);
    void enter('transfer 2', true);
    void enter('transfer 3', true);
    for (const name of ['poll 1', 'poll 2']) {
      const poll = await enter(name, false);
      poll.dispose();
    }
    await clock.advance(0);
    assert.deepEqual(inside, ['transfer 1', 'transfer 2', 'poll 1', 'poll 2']);
    (await first).dispose();
    await clock.advance(0);
    assert.equal(inside.at(-1), 'transfer 3');
  });

  it('lets a lasting call in where there is one place alone', async () => {
    const { gate } = makeServer(100, 1);
    const { place } = await gate.open(() => Promise.resolve(), never, true);
    place.dispose();
    await gate.open(() => Promise.resolve(), never, true);
  });

  it('says that somebody waits, and again when another was let in before', async () => {
    const { gate, places, clock } = makeServer(100, 1);
    const crowds: AbortSignal[] = [];
    gate.onDidCrowd(({ signal }) => crowds.push(signal));
    const [second, third] = [new AbortController(), new AbortController()];
    void open(gate, places, () => undefined);
    await clock.advance(0);
    void open(gate, places, () => undefined, second.signal);
    void open(gate, places, () => undefined, third.signal);
    assert.deepEqual(crowds, [second.signal, third.signal]);
    places.shift()?.dispose();
    assert.deepEqual(crowds, [second.signal, third.signal, third.signal]);
  });

  it('says again that somebody waits when the one before gave up', async () => {
    const { gate, places, clock } = makeServer(100, 1);
    const crowds: AbortSignal[] = [];
    gate.onDidCrowd(({ signal }) => crowds.push(signal));
    const [second, third, fourth] = [new AbortController(), new AbortController(), new AbortController()];
    void open(gate, places, () => undefined);
    await clock.advance(0);
    const gone = [second, fourth].map(({ signal }) =>
      assert.rejects(
        open(gate, places, () => undefined, signal),
        { name: 'AbortError' },
      ),
    );
    void open(gate, places, () => undefined, third.signal);
    assert.deepEqual(crowds, [second.signal, fourth.signal, third.signal]);
    fourth.abort();
    assert.equal(crowds.length, 3, 'it was not first in line');
    second.abort();
    assert.deepEqual(crowds.slice(3), [third.signal]);
    await Promise.all(gone);
  });

  it('says of a lasting call whether only the end of another lasting one lets it in', async () => {
    const needs: boolean[] = [];
    const wait = async (limit: number, inside: readonly boolean[]): Promise<void> => {
      const { gate } = makeServer(100, limit);
      for (const isLasting of inside) await gate.open(() => Promise.resolve(), never, isLasting);
      gate.onDidCrowd(({ needsLasting }) => needs.push(needsLasting));
      const giveUp = new AbortController();
      const waiting = gate.open(() => Promise.resolve(), giveUp.signal, true);
      giveUp.abort();
      await assert.rejects(waiting, { name: 'AbortError' });
    };
    await wait(3, [true, true]);
    await wait(3, [true, true, false]);
    await wait(3, [true, false, false]);
    await wait(1, [false]);
    assert.deepEqual(needs, [true, true, false, false]);
  });

  it('forgets who gave up waiting', async () => {
    const { gate, places, clock } = makeServer(100, 1);
    void open(gate, places, () => undefined);
    await clock.advance(0);
    const giveUp = new AbortController();
    const rejected = assert.rejects(
      open(gate, places, () => undefined, giveUp.signal),
      { name: 'AbortError' },
    );
    let isOpen = false;
    void open(gate, places, () => {
      isOpen = true;
    });
    giveUp.abort();
    await rejected;
    places.shift()?.dispose();
    await clock.until(() => isOpen, 'the other one is let in');
  });
});

function makeServer(allowed: number, limit?: number) {
  const clock = new ManualClock();
  const server = { open: 0, allowed };
  const gate = new ChannelGate(clock, limit);
  const places: Disposable[] = [];
  servers.set(gate, server);
  return { clock, server, gate, places };
}

const servers = new WeakMap<ChannelGate, { open: number; readonly allowed: number }>();

async function open(
  gate: ChannelGate,
  places: Disposable[],
  isOpen: () => void,
  signal: AbortSignal = never,
): Promise<void> {
  const server = servers.get(gate);
  const attempt = (): Promise<void> => {
    if (!server || server.open >= server.allowed) return Promise.reject(new SessionRefused('open failed'));
    server.open++;
    return Promise.resolve();
  };
  places.push((await gate.open(attempt, signal)).place);
  isOpen();
}
