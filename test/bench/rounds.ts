import type { Bench, Contender, Measure } from './contender';

/** All runs of one contender. */
export interface Series {
  readonly contender: Contender;
  readonly runs: readonly Measure[];
}

/**
 * Runs the contenders of a bench in turn, round after round, so that what else the machine does meets all of them;
 * each round begins with another one.
 */
export async function runRounds(
  bench: Bench,
  rounds: number,
  progress: (text: string) => void,
): Promise<Series[]> {
  const runs = bench.contenders.map((): Measure[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < bench.contenders.length; turn += 1) {
      const index = (turn + round) % bench.contenders.length;
      const contender = bench.contenders[index];
      if (!contender) continue;
      progress(`${bench.name}, round ${round + 1} of ${rounds}: ${contender.name}`);
      runs[index]?.push(await contender.run());
    }
  }
  return bench.contenders.map((contender, index) => ({ contender, runs: runs[index] ?? [] }));
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (lower + upper) / 2;
}
