import { open, stat, type FileHandle } from 'node:fs/promises';
import { formatEvent, parseEvent, type JournalEvent } from '../../core/engine/journalEvent';
import type { JournalPiece } from '../../core/engine/sweepStore';
import { systemCode, toWriteError } from './atomicFile';

/** The journal of a sweep as a file of lines. One process appends, any number reads. */
export class JournalFile {
  private file: FileHandle | undefined;
  /** A write failed half-way, or another writer died in one: the next line starts on a line of its own. */
  private torn = true;

  constructor(private readonly path: string) {}

  /** An absent file is empty. */
  async read(offset: number): Promise<JournalPiece> {
    const { text, start } = await this.textFrom(offset);
    const last = text.lastIndexOf('\n');
    const events: JournalEvent[] = [];
    let skipped = 0;
    for (const line of text.slice(0, last + 1).split('\n')) {
      if (line === '') continue;
      const event = parseEvent(line);
      if (event) events.push(event);
      else skipped++;
    }
    return {
      events,
      end: start + Buffer.byteLength(text.slice(0, last + 1)),
      skipped,
      torn: last + 1 < text.length,
      restarted: start < offset,
    };
  }

  /** @throws HsmError `disk.unwritable` */
  async append(events: readonly JournalEvent[], durable: boolean): Promise<void> {
    const lines = events.map((event) => `${formatEvent(event)}\n`).join('');
    try {
      const { file, size } = await this.current();
      try {
        await file.appendFile(this.torn ? `\n${lines}` : lines);
        if (durable) await file.datasync();
        this.torn = false;
      } catch (error) {
        this.torn = true;
        // Nobody will act on these events, so nobody may read them. Cutting needs no room on the disk.
        await file.truncate(size);
        throw error;
      }
    } catch (error) {
      throw toWriteError(error, this.path);
    }
  }

  /** The open file; anew when somebody has removed or replaced it. */
  private async current(): Promise<{ file: FileHandle; size: number }> {
    if (this.file) {
      const [mine, there] = await Promise.all([this.file.stat(), statIfThere(this.path)]);
      if (mine.ino === there?.ino) return { file: this.file, size: mine.size };
      await this.close();
    }
    this.file = await open(this.path, 'a');
    return { file: this.file, size: (await this.file.stat()).size };
  }

  async close(): Promise<void> {
    const file = this.file;
    this.file = undefined;
    this.torn = true;
    await file?.close();
  }

  /** From `offset`, or from the start when the file is shorter than that. */
  private async textFrom(offset: number): Promise<{ text: string; start: number }> {
    let file: FileHandle;
    try {
      file = await open(this.path, 'r');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return { text: '', start: 0 };
      throw error;
    }
    try {
      const { size } = await file.stat();
      const start = size < offset ? 0 : offset;
      const buffer = Buffer.alloc(size - start);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
      return { text: buffer.toString('utf8', 0, bytesRead), start };
    } finally {
      await file.close();
    }
  }
}

async function statIfThere(path: string): Promise<{ readonly ino: number } | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
