import { readFile } from 'node:fs/promises';
import type { Side } from '../../../core/sync/backup';
import { replaceFile } from './replaceFile';

type Counts = Partial<Record<Side, readonly [stamp: string, count: number]>>;

/**
 * How many entries of each side's index git was told not to look at, as long as the index is the same one: to count them
 * means to read it whole. A lost or damaged file costs time only.
 */
export class HiddenCounts {
  private counts: Counts = {};

  constructor(private readonly file: string) {}

  async load(): Promise<void> {
    try {
      this.counts = JSON.parse(await readFile(this.file, 'utf8')) as Counts;
    } catch {
      // There is none yet, or it was damaged.
    }
  }

  stampOf(side: Side): string {
    return this.counts[side]?.[0] ?? '';
  }

  get(side: Side, stamp: string): number | undefined {
    const known = this.counts[side];
    return known?.[0] === stamp && stamp !== '' ? known[1] : undefined;
  }

  async set(counts: Readonly<Record<Side, readonly [stamp: string, count: number]>>): Promise<void> {
    const text = JSON.stringify(counts);
    if (text === JSON.stringify(this.counts)) return;
    this.counts = counts;
    // Where it cannot be written it is counted again the next time.
    await replaceFile(this.file, text).catch(() => undefined);
  }
}
