import type { SyncProgress } from '../../core/sync/syncFacade';
import { amountProgress, type Amount } from '../../core/sync/transferAmount';

/** Often enough for eyes, and seldom enough that telling costs nothing beside thousands of files. */
const EVERY_MS = 100;

/** Counts what one step of a transfer has done, and tells it now and then; what is whole is told at once. */
export class TransferTeller {
  private files = 0;
  private bytes = 0;
  private toldMs = -Infinity;

  constructor(
    /** e.g. `Sending`. */
    private readonly verb: string,
    private readonly total: Amount,
    private readonly tell: (progress: SyncProgress) => void,
  ) {
    this.add({ files: 0, bytes: 0 });
  }

  add({ files, bytes }: Amount): void {
    this.files += files;
    this.bytes += bytes;
    const isWhole = this.files === this.total.files && this.bytes >= this.total.bytes;
    const nowMs = performance.now();
    if (!isWhole && nowMs - this.toldMs < EVERY_MS) return;
    this.toldMs = nowMs;
    this.tell(amountProgress(this.verb, { files: this.files, bytes: this.bytes }, this.total));
  }

  /** The same pieces, counted as they are taken; behind the last of them the file counts as done. */
  async *count(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.add({ files: 0, bytes: piece.length });
      yield piece;
    }
    if (this.files < this.total.files) this.add({ files: 1, bytes: 0 });
  }
}
