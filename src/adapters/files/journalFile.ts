import { open, type FileHandle } from 'node:fs/promises';
import { formatEvent, parseEvent, type JournalEvent } from '../../core/engine/journalEvent';
import { systemCode, toWriteError } from './atomicFile';

/** The journal of a sweep as a file of lines. One process appends, any number reads. */
export class JournalFile {
  private file: FileHandle | undefined;
  /** A write failed half-way, or another writer died in one: the next line starts on a line of its own. */
  private torn = true;

  constructor(private readonly path: string) {}

  /** Complete events from byte `offset` on, and the offset after the last complete line. An absent file is empty. */
  async read(offset: number): Promise<{ events: JournalEvent[]; end: number; skipped: number }> {
    const text = await this.textFrom(offset);
    const last = text.lastIndexOf('\n');
    const events: JournalEvent[] = [];
    let skipped = 0;
    for (const line of text.slice(0, last + 1).split('\n')) {
      if (line === '') continue;
      const event = parseEvent(line);
      if (event) events.push(event);
      else skipped++;
    }
    return { events, end: offset + Buffer.byteLength(text.slice(0, last + 1)), skipped };
  }

  /** @throws HsmError `disk.unwritable` */
  async append(events: readonly JournalEvent[], durable: boolean): Promise<void> {
    const lines = events.map((event) => `${formatEvent(event)}\n`).join('');
    try {
      this.file ??= await open(this.path, 'a');
      const mustBreak = this.torn;
      this.torn = true;
      await this.file.appendFile(mustBreak ? `\n${lines}` : lines);
      if (durable) await this.file.datasync();
      this.torn = false;
    } catch (error) {
      throw toWriteError(error, this.path);
    }
  }

  async close(): Promise<void> {
    const file = this.file;
    this.file = undefined;
    this.torn = true;
    await file?.close();
  }

  private async textFrom(offset: number): Promise<string> {
    let file: FileHandle;
    try {
      file = await open(this.path, 'r');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return '';
      throw error;
    }
    try {
      const { size } = await file.stat();
      if (size <= offset) return '';
      const buffer = Buffer.alloc(size - offset);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  }
}
