import type { Readable } from 'node:stream';

/** So much may lie here before the stream is held up. */
const HIGH_WATER_BYTES = 4 * 1024 * 1024;

/**
 * The chunks of a stream as they come. A stream's own iterator joins what has gathered, which copies every byte of it
 * once more.
 *
 * @throws what the stream fails with
 */
export async function* chunksOf(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  const waiting: Buffer[] = [];
  let bytes = 0;
  let outcome: { readonly error?: Error } | undefined;
  let wake: () => void = () => undefined;
  stream.on('data', (chunk: Buffer) => {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes > HIGH_WATER_BYTES) stream.pause();
    wake();
  });
  const settle = (error?: Error): void => {
    outcome ??= error ? { error } : {};
    wake();
  };
  stream.on('end', settle);
  stream.on('close', settle);
  stream.on('error', settle);
  if (stream.destroyed || stream.readableEnded) settle(stream.errored ?? undefined);
  stream.resume();
  for (let next = 0; ;) {
    const chunk = waiting[next];
    if (chunk) {
      next += 1;
      bytes -= chunk.length;
      yield chunk;
      if (next < waiting.length) continue;
      waiting.length = 0;
      next = 0;
      if (stream.isPaused()) stream.resume();
    } else if (outcome) {
      if (outcome.error) throw outcome.error;
      return;
    } else await new Promise<void>((resolve) => (wake = resolve));
  }
}
