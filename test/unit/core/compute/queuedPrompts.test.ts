import assert from 'node:assert/strict';
import { NO_PROMPTS, type HostKeyQuestion } from '../../../../src/core/compute/connectionPrompts';
import { QueuedPrompts } from '../../../../src/core/compute/queuedPrompts';

const question = (host: string): HostKeyQuestion => ({
  host,
  address: host,
  keyType: 'ssh-ed25519',
  fingerprint: 'SHA256:x',
  knownAs: [],
});

/** Prompts whose answers the test gives. */
function setUp(): { queue: QueuedPrompts; open: string[]; answer: (yes: boolean) => void } {
  const open: string[] = [];
  let answer: (yes: boolean) => void = () => undefined;
  const queue = new QueuedPrompts({
    ...NO_PROMPTS,
    confirmHostKey: ({ host }) => {
      open.push(host);
      return new Promise((resolve) => (answer = resolve));
    },
  });
  return {
    queue,
    open,
    answer: (yes) => {
      answer(yes);
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('questions of connections', () => {
  it('come one after the other, in their order', async () => {
    const { queue, open, answer } = setUp();
    const { signal } = new AbortController();
    const first = queue.confirmHostKey(question('a'), signal);
    const second = queue.confirmHostKey(question('b'), signal);
    await settled();
    assert.deepEqual(open, ['a']);
    answer(true);
    assert.equal(await first, true);
    await settled();
    assert.deepEqual(open, ['a', 'b']);
    answer(false);
    assert.equal(await second, false);
  });

  it('are answered by no when nobody wants to know any more, also before their turn', async () => {
    const { queue, open, answer } = setUp();
    const abort = new AbortController();
    const first = queue.confirmHostKey(question('a'), abort.signal);
    const second = queue.confirmHostKey(question('b'), abort.signal);
    const third = queue.confirmHostKey(question('c'), new AbortController().signal);
    await settled();
    abort.abort();
    assert.deepEqual(await Promise.all([first, second]), [false, false]);
    answer(true);
    await settled();
    assert.deepEqual(open, ['a', 'c'], 'what was given up is not asked');
    answer(true);
    assert.equal(await third, true);
  });

  it('go on after one that failed', async () => {
    let calls = 0;
    const queue = new QueuedPrompts({
      ...NO_PROMPTS,
      askSecrets: () => (calls++ === 0 ? Promise.reject(new Error('no window')) : Promise.resolve(undefined)),
    });
    const request = {
      host: 'a',
      kind: 'password',
      subject: '',
      instructions: '',
      fields: [],
      canRemember: false,
    } as const;
    const { signal } = new AbortController();
    await assert.rejects(queue.askSecrets(request, signal), /no window/);
    assert.equal(await queue.askSecrets(request, signal), undefined);
  });
});
