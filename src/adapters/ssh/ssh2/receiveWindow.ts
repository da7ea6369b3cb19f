import type { Duplex } from 'node:stream';

/**
 * So much may be on its way to us: twice what OpenSSH's own client allows. sshd gathers as much of a program that is
 * faster than the line, and moves all of it about: with eight MiB a stream from a near host takes twice as long.
 */
const WINDOW_BYTES = 4 * 1024 * 1024;
/** After so much of it has come, as much is allowed anew. */
const STEP_BYTES = 256 * 1024;

/** What ssh2 1.17.0 keeps of a channel beside its public interface. */
interface Inner {
  readonly incoming: { window: number };
  readonly outgoing: { readonly id: number; readonly state: string };
  readonly _client: { readonly _protocol: { channelWindowAdjust(id: number, bytes: number): void } };
}

/**
 * Lets the far side of a channel of ssh2 send more before it has to wait for us: over a long way the window is what
 * limits a stream.
 *
 * By itself ssh2 allows two MiB, and says only when at most one of them is left that there is room again. What was cut
 * into packets unevenly then stops a few bytes before that, and only one MiB crosses for each round trip. A reader that
 * does not read is still waited for.
 */
export function widenWindow<T extends Duplex>(channel: T): T {
  // Nothing public leads there; without it all goes on as ssh2 has it, and `receiveWindow.test.ts` fails.
  const inner = channel as unknown as Inner;
  if (!isKnown(inner)) return channel;
  const push = channel.push.bind(channel);
  let came = 0;
  channel.push = (chunk: unknown, encoding?: BufferEncoding) => {
    const wantsMore = push(chunk, encoding);
    if (chunk instanceof Uint8Array) came += chunk.length;
    if (wantsMore && came >= STEP_BYTES) {
      came = 0;
      allowMore(inner);
    }
    return wantsMore;
  };
  return channel;
}

function allowMore({ incoming, outgoing, _client }: Inner): void {
  const bytes = WINDOW_BYTES - incoming.window;
  if (outgoing.state === 'closed' || bytes <= 0) return;
  incoming.window += bytes;
  _client._protocol.channelWindowAdjust(outgoing.id, bytes);
}

function isKnown({ incoming, outgoing, _client }: Partial<Inner>): boolean {
  return (
    typeof incoming?.window === 'number' &&
    typeof outgoing?.id === 'number' &&
    typeof _client?._protocol.channelWindowAdjust === 'function'
  );
}
