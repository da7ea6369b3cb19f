import { Mutex } from '../../core/base/mutex';
import type { FilePiece, FileRange } from '../../core/compute/host';

/** What is read first, from the end: enough for a screen in no time. */
export const FIRST_BYTES = 256 * 1024;
/** What is read at once later: of earlier output, or to catch up. */
export const STEP_BYTES = 1024 * 1024;
/** A log that grows without end is shown from here on only. Earlier output can be had on request. */
const MOST_FOLLOWED_BYTES = 2 * STEP_BYTES;

interface Piece {
  readonly start: number;
  readonly text: string;
}

/** The end of a file that grows elsewhere, as far as it was read. Offsets are bytes. */
export class LogTail {
  /** One after the other, without gaps. */
  private pieces: Piece[] = [];
  private next = 0;
  private isRead = false;
  /** The user asked for more than what is shown by itself. */
  private keepsAll = false;
  private readonly turns = new Mutex();

  constructor(private readonly read: (range: FileRange) => Promise<FilePiece>) {}

  /** Bytes before what is shown. */
  get hiddenBytes(): number {
    return this.pieces[0]?.start ?? 0;
  }

  /** From the first whole line on. */
  get text(): string {
    const text = this.pieces.map((piece) => piece.text).join('');
    return this.hiddenBytes === 0 ? text : text.slice(text.indexOf('\n') + 1);
  }

  /**
   * Reads what was written since the last time. Where a new attempt began the file anew, or more was written than
   * anybody wants to read, it starts over from the end.
   *
   * @returns whether something changed
   */
  follow(): Promise<boolean> {
    return this.turns.run(() => this.readNews());
  }

  /** Reads another step of what is before the text. */
  showEarlier(): Promise<void> {
    return this.turns.run(() => this.readEarlier());
  }

  private async readNews(): Promise<boolean> {
    if (!this.isRead) return this.startOver();
    const piece = await this.read({ offset: this.next, limit: STEP_BYTES });
    if (piece.end < this.next || piece.end - piece.next > MOST_FOLLOWED_BYTES) return this.startOver();
    if (piece.next === this.next) return false;
    this.pieces.push({ start: this.next, text: piece.text });
    this.next = piece.next;
    if (!this.keepsAll) this.dropOld();
    if (piece.next < piece.end) await this.readNews();
    return true;
  }

  private async readEarlier(): Promise<void> {
    const end = this.hiddenBytes;
    if (end === 0) return;
    this.keepsAll = true;
    let offset = Math.max(0, end - STEP_BYTES);
    const earlier: Piece[] = [];
    while (offset < end) {
      const piece = await this.read({ offset, limit: end - offset });
      // The file is another one by now: what follows will start over.
      if (piece.next <= offset) return;
      earlier.push({ start: offset, text: piece.text });
      offset = piece.next;
    }
    this.pieces.unshift(...earlier);
  }

  private async startOver(): Promise<boolean> {
    const piece = await this.read({ offset: -FIRST_BYTES, limit: FIRST_BYTES });
    this.pieces =
      piece.text === '' ? [] : [{ start: Math.max(0, piece.end - FIRST_BYTES), text: piece.text }];
    this.next = piece.next;
    this.isRead = true;
    this.keepsAll = false;
    return true;
  }

  private dropOld(): void {
    while (this.pieces.length > 1 && this.next - (this.pieces[1]?.start ?? 0) >= MOST_FOLLOWED_BYTES)
      this.pieces.shift();
  }
}
