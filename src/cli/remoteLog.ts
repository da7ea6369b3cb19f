import type { FileRange } from '../core/compute/host';
import type { LogPiece } from '../core/facade';
import { TerminalFilter } from './text/terminalFilter';

const CHUNK = 256 * 1024;

/** The log of a task on another machine: read there while it grows, here when it has come home. */
export class RemoteLog {
  wasThere = false;
  /** Why what was read last may be cut off. */
  note: string | undefined;
  private offset = 0;
  private readonly filter: TerminalFilter | undefined;

  /** @param onTerminal - what is read is shown on a terminal, which must not obey it */
  constructor(
    private readonly read: (range: FileRange) => Promise<LogPiece>,
    onTerminal: boolean,
  ) {
    if (onTerminal) this.filter = new TerminalFilter();
  }

  /** What was written since the last call. From the beginning when another attempt began the file anew. */
  async *news(): AsyncGenerator<string> {
    for (;;) {
      const { text, next, end, note } = await this.read({ offset: this.offset, limit: CHUNK });
      this.note = note;
      if (end > 0) this.wasThere = true;
      if (end < this.offset) {
        this.offset = 0;
        continue;
      }
      if (next === this.offset) return;
      this.offset = next;
      yield this.filter?.pass(text) ?? text;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
