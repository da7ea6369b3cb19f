import { strict as assert } from 'node:assert';
import { retryDelayMs } from '../../../../src/adapters/ssh/backoff';
import type { Crowd } from '../../../../src/adapters/ssh/channelGate';
import { HostConnection } from '../../../../src/adapters/ssh/hostConnection';
import type { SshTransport } from '../../../../src/adapters/ssh/sshTransport';
import { HsmError } from '../../../../src/core/base/errors';
import { Emitter } from '../../../../src/core/base/event';
import { silentLogger } from '../../../../src/core/base/logger';
import type { ConnectionState } from '../../../../src/core/compute/hostConnections';
import { ManualClock } from '../../../support/manualClock';

const never = new AbortController().signal;

describe('The connection to a host', () => {
  it('is opened once for all who need it at the same time', async () => {
    const { connection, server } = make();
    const [first, second] = await Promise.all([connection.use(never), connection.use(never)]);
    assert.equal(first, second);
    assert.equal(server.tries.length, 1);
    assert.deepEqual(connection.state, { kind: 'connected', transport: 'ssh2' });
  });

  it('tells every state it goes through', async () => {
    const { connection, server, clock, states } = make();
    await connection.use(never);
    server.lose('the network went');
    await clock.advance(2_000);
    connection.disconnect();
    assert.deepEqual(
      states.map((state) => state.kind),
      ['connecting', 'connected', 'waiting', 'connecting', 'connected', 'disconnected'],
    );
  });

  it('is opened again after a loss, later and later while that fails', async () => {
    const { connection, server, clock } = make({ random: () => 1 });
    await connection.use(never);
    server.outcome = unreachable;
    const began = clock.now();
    server.lose('cut');
    await clock.until(() => server.tries.length === 8, 'it was tried seven times more');
    const seconds = server.tries.slice(1).map((atMs) => (atMs - began) / 1000);
    assert.deepEqual(seconds, [1, 3, 7, 15, 31, 63, 123]);
    assert.equal(connection.state.kind, 'waiting');
  });

  it('rejects work at once while the next try is far away, and makes it wait for a near one', async () => {
    const { connection, server, clock } = make({ random: () => 1 });
    server.outcome = unreachable;
    await assert.rejects(connection.use(never), {
      code: 'host.unreachable',
      message: 'box does not answer.',
    });
    server.outcome = works;
    let isOpen = false;
    void connection.use(never).then(() => {
      isOpen = true;
    });
    await clock.until(() => isOpen, 'it was tried again');
    server.outcome = unreachable;
    server.lose('cut');
    await clock.until(() => server.tries.length === 7, 'it failed several times');
    await assert.rejects(connection.use(never), /box does not answer\. It is tried again in \d+ s\./);
  });

  it('is left alone when nobody needed it for long', async () => {
    const { connection, server, clock } = make();
    await connection.use(never);
    server.outcome = unreachable;
    server.lose('cut');
    await clock.advance(3_600_000);
    assert.equal(connection.state.kind, 'disconnected');
    const tries = server.tries.length;
    await clock.advance(3_600_000);
    assert.equal(server.tries.length, tries);
  });

  it('is not tried again after a refusal before the user says so', async () => {
    const { connection, server, clock } = make();
    server.outcome = refused;
    await assert.rejects(connection.use(never), { code: 'host.refused' });
    await clock.advance(600_000);
    await assert.rejects(connection.use(never), { code: 'host.refused' });
    assert.equal(server.tries.length, 1);
    const state = { kind: 'refused', reason: 'box wants a password.', hint: 'Connect to box.' };
    assert.deepEqual(connection.state, state);
    await assert.rejects(connection.connect(never), { code: 'host.refused' });
    assert.deepEqual(connection.state, { ...state, wasAsked: true });
    server.outcome = works;
    await connection.connect(never);
    assert.equal(connection.state.kind, 'connected');
    assert.deepEqual(server.mayAsk, [false, true, true]);
  });

  it('asks the user only when the user connects, or where work may ask', async () => {
    const quiet = make();
    await quiet.connection.use(never);
    assert.deepEqual(quiet.server.mayAsk, [false]);
    const talkative = make({ mayAskUnasked: true });
    await talkative.connection.use(never);
    assert.deepEqual(talkative.server.mayAsk, [true]);
  });

  it('asks the user who connects while a try without asking is under way and fails', async () => {
    const { connection, server } = make();
    server.outcome = refused;
    const work = assert.rejects(connection.use(never), { code: 'host.refused' });
    const user = connection.connect(never);
    server.outcome = (count, signal) => (count === 1 ? refused : works)(count, signal);
    await work;
    await user;
    assert.deepEqual(server.mayAsk, [false, true]);
  });

  it('is tried at once when the user connects during a wait', async () => {
    const { connection, server, clock } = make({ random: () => 1 });
    server.outcome = unreachable;
    await assert.rejects(connection.use(never));
    server.outcome = works;
    await connection.connect(never);
    const tries = server.tries.length;
    await clock.advance(120_000);
    assert.equal(server.tries.length, tries);
  });

  it('is not taken down by the end of what it replaced', async () => {
    const { connection, server } = make();
    await connection.use(never);
    const [old] = server.transports;
    connection.disconnect();
    const session = await connection.connect(never);
    old?.lose('late news');
    assert.equal(await connection.use(never), session);
    assert.equal(connection.state.kind, 'connected');
  });

  it('is called off when all who wait for it gave up, not when one did', async () => {
    const { connection, server, clock } = make();
    server.outcome = hangs;
    const [first, second] = [new AbortController(), new AbortController()];
    const rejections = [first, second].map(({ signal }) =>
      assert.rejects(connection.use(signal), { name: 'AbortError' }),
    );
    first.abort();
    await clock.advance(1_000);
    assert.equal(connection.state.kind, 'connecting');
    second.abort();
    await Promise.all(rejections);
    assert.equal(connection.state.kind, 'disconnected');
    assert.equal(server.calledOff, 1);
  });

  it('keeps no work waiting for an answer of the user for ever', async () => {
    const { connection, server, clock } = make();
    server.outcome = hangs;
    const user = connection.connect(never);
    user.catch(() => undefined);
    const work = assert.rejects(connection.use(never), { code: 'host.unreachable' });
    await clock.advance(61_000);
    await work;
    assert.equal(connection.state.kind, 'connecting');
    connection.dispose();
  });

  it('is not opened by work after the user closed it, before the user opens it', async () => {
    const { connection, server, clock } = make();
    await connection.use(never);
    connection.disconnect();
    assert.equal(server.transports[0]?.isDisposed, true);
    assert.deepEqual(connection.state, { kind: 'disconnected', byUser: true });
    await assert.rejects(connection.use(never), {
      code: 'host.refused',
      message: 'You have disconnected box.',
    });
    await clock.advance(3_600_000);
    assert.equal(server.tries.length, 1);
    await connection.connect(never);
    await connection.use(never);
    assert.equal(server.tries.length, 2);
    assert.equal(connection.state.kind, 'connected');
  });

  it('stays closed for work that was waiting for the next try when the user closed it', async () => {
    const { connection, server, clock } = make();
    await connection.use(never);
    server.lose('cut');
    const work = assert.rejects(connection.use(never), { message: 'You have disconnected box.' });
    connection.disconnect();
    await work;
    await clock.advance(600_000);
    assert.equal(server.tries.length, 1);
    assert.deepEqual(connection.state, { kind: 'disconnected', byUser: true });
  });

  it('stays closed when the user closes it while a try without asking fails under the own one', async () => {
    const { connection, server } = make();
    server.outcome = hangs;
    const work = assert.rejects(connection.use(never), { code: 'host.unreachable' });
    const user = assert.rejects(connection.connect(never), { message: 'You have disconnected box.' });
    connection.disconnect();
    await Promise.all([work, user]);
    assert.equal(server.tries.length, 1);
  });
});

describe('A connection that was closed for good', () => {
  it('keeps nobody waiting for the next try', async () => {
    const { connection, server } = make({ mayAskUnasked: true });
    await connection.use(never);
    server.lose('cut');
    const work = assert.rejects(connection.use(never), { code: 'host.unreachable' });
    connection.dispose();
    await work;
    assert.equal(server.tries.length, 1);
  });

  it('is not opened again by who is late', async () => {
    const { connection, server } = make();
    await connection.use(never);
    connection.dispose();
    assert.equal(server.transports[0]?.isDisposed, true);
    await assert.rejects(connection.use(never), { code: 'host.unreachable' });
    await assert.rejects(connection.connect(never), { code: 'host.unreachable' });
    assert.equal(server.tries.length, 1);
  });
});

describe('The delay before another try', () => {
  it('is by chance between one second and a growing limit, at most a minute', () => {
    const shortest = [0, 1, 2, 9, 1000].map((failures) => retryDelayMs(failures, 0));
    const longest = [0, 1, 2, 9, 1000].map((failures) => retryDelayMs(failures, 1));
    assert.deepEqual(shortest, [0, 1_000, 1_000, 1_000, 1_000]);
    assert.deepEqual(longest, [1_000, 2_000, 4_000, 60_000, 60_000]);
  });
});

type Outcome = (count: number, signal: AbortSignal) => Promise<void>;

const works: Outcome = () => Promise.resolve();
const unreachable: Outcome = () =>
  Promise.reject(new HsmError('host.unreachable', 'box does not answer.', { host: 'box' }));
const refused: Outcome = () =>
  Promise.reject(
    new HsmError('host.refused', 'box wants a password.', { host: 'box', hint: 'Connect to box.' }),
  );
const hangs: Outcome = (_count, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });

class FakeTransport implements SshTransport {
  readonly maxSessions = 10;
  readonly kind = 'ssh2';
  private readonly losing = new Emitter<string>();
  readonly onDidLose = this.losing.event;
  readonly onDidCrowd = new Emitter<Crowd>().event;
  isDisposed = false;

  lose(reason: string): void {
    this.losing.fire(reason);
  }

  exec(): Promise<never> {
    return Promise.reject(new Error('nothing runs here'));
  }

  shell(): Promise<never> {
    return Promise.reject(new Error('nothing runs here'));
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

function make({ random = (): number => 0.5, mayAskUnasked = false } = {}) {
  const clock = new ManualClock();
  const server = {
    outcome: works,
    tries: [] as number[],
    mayAsk: [] as boolean[],
    transports: [] as FakeTransport[],
    calledOff: 0,
    lose: (reason: string) => server.transports.at(-1)?.lose(reason),
  };
  const connection = new HostConnection({
    host: 'box',
    clock,
    log: silentLogger,
    random,
    mayAskUnasked,
    open: async (mayAsk, signal) => {
      server.tries.push(clock.now());
      server.mayAsk.push(mayAsk);
      signal.addEventListener('abort', () => server.calledOff++);
      await server.outcome(server.tries.length, signal);
      const transport = new FakeTransport();
      server.transports.push(transport);
      return { transport };
    },
  });
  const states: ConnectionState[] = [];
  connection.onDidChange(() => states.push(connection.state));
  return { clock, server, connection, states };
}
