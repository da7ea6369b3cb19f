import { createReadStream } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { formatStoredTask, parseStoredTask } from '../../core/engine/storedTask';
import type { StoredTask } from '../../core/engine/sweepStore';
import { systemCode, writeAtomic } from './atomicFile';

/** One remembered place for so many lines: a million tasks cost 125 kB. */
const LINES_PER_MARK = 64;

/** `tasks.jsonl`: one task per line, task n on line n. Lines are read where they lie, never all at once. */
export class TaskFile {
  /** Byte offset of every 64th line, and after the last one the size of the file. */
  private marks: number[] | undefined;

  constructor(private readonly path: string) {}

  /** Creates the file. */
  async create(tasks: Iterable<StoredTask>): Promise<void> {
    this.marks = undefined;
    await writeAtomic(this.path, lines(tasks));
  }

  /** Adds tasks whose numbers follow on the last line; those that are there already are left out. */
  async append(tasks: Iterable<StoredTask>): Promise<void> {
    // Rewritten as a whole: an extension is rare, and a file with half a line never exists.
    const old = await readFile(this.path, 'utf8');
    const count = old.split('\n').length - 1;
    const added = [...tasks].filter((task) => task.number > count);
    await writeAtomic(this.path, [old, ...lines(added)]);
  }

  /** @throws Error when a task is not in the file */
  async read(numbers: readonly number[]): Promise<StoredTask[]> {
    // What is remembered may be older than the file: another process, or a call beside this one, added tasks since.
    const known = this.marks && (await this.readBy(this.marks, numbers));
    if (known && typeof known !== 'number') return known;
    this.marks = await this.findMarks();
    const tasks = await this.readBy(this.marks, numbers);
    if (typeof tasks === 'number') throw new Error(`${this.path} has no task ${tasks}.`);
    return tasks;
  }

  /** @returns the first number that is not there, if there is one */
  private async readBy(marks: readonly number[], numbers: readonly number[]): Promise<StoredTask[] | number> {
    const file = await open(this.path, 'r');
    try {
      const block = new BlockReader(file, marks);
      const tasks: StoredTask[] = [];
      for (const number of numbers) {
        const line = await block.line(number);
        if (line === undefined) return number;
        tasks.push(parseStoredTask(line));
      }
      return tasks;
    } finally {
      await file.close();
    }
  }

  async *all(): AsyncIterable<StoredTask> {
    try {
      for await (const line of createInterface({ input: createReadStream(this.path) })) {
        if (line !== '') yield parseStoredTask(line);
      }
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  }

  private async findMarks(): Promise<number[]> {
    const marks = [0];
    let offset = 0;
    let seen = 0;
    for await (const part of createReadStream(this.path)) {
      const bytes = part as Buffer;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
        if (++seen % LINES_PER_MARK === 0) marks.push(offset + at + 1);
      }
      offset += bytes.length;
    }
    if (marks.at(-1) !== offset) marks.push(offset);
    return marks;
  }
}

/** Reads lines by number; consecutive ones share a read. */
class BlockReader {
  private current = -1;
  private lines: string[] = [];

  constructor(
    private readonly file: FileHandle,
    private readonly marks: readonly number[],
  ) {}

  async line(number: number): Promise<string | undefined> {
    const block = Math.floor((number - 1) / LINES_PER_MARK);
    if (block !== this.current) await this.load(block);
    return this.lines[(number - 1) % LINES_PER_MARK];
  }

  private async load(block: number): Promise<void> {
    const start = this.marks[block];
    const end = this.marks[block + 1];
    this.current = block;
    this.lines = [];
    if (start === undefined || end === undefined) return;
    const buffer = Buffer.alloc(end - start);
    await this.file.read(buffer, 0, buffer.length, start);
    this.lines = buffer
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
  }
}

function* lines(tasks: Iterable<StoredTask>): Generator<string> {
  for (const task of tasks) yield `${formatStoredTask(task)}\n`;
}
