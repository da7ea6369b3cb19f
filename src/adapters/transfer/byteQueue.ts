/** Takes a stream of chunks apart in other pieces than it came in. */
export class ByteQueue {
  private readonly source: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /**
   * Exactly `count` bytes; undefined at the end of the stream.
   *
   * @throws Error when the stream ends before `count` and after the first of them
   */
  async take(count: number): Promise<Buffer | undefined> {
    while (this.rest.length < count) {
      const chunk = await this.next();
      if (!chunk && this.rest.length === 0) return undefined;
      if (!chunk) throw new Error('the stream ended too early');
      this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    }
    return this.cut(count);
  }

  /**
   * At least one byte, at most `limit`, as they come.
   *
   * @throws Error when the stream has ended
   */
  async takeSome(limit: number): Promise<Buffer> {
    while (this.rest.length === 0) {
      const chunk = await this.next();
      if (!chunk) throw new Error('the stream ended too early');
      this.rest = chunk;
    }
    return this.cut(Math.min(limit, this.rest.length));
  }

  private cut(count: number): Buffer {
    const piece = this.rest.subarray(0, count);
    this.rest = this.rest.subarray(count);
    return piece;
  }

  private async next(): Promise<Buffer | undefined> {
    const result = await this.source.next();
    return result.done ? undefined : result.value;
  }
}
