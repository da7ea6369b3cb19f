const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * How long to wait before trying again: up to a second after a loss, then longer with every failure, never above a
 * minute, and by chance, so that many who lost one host do not all come back at once.
 *
 * @param failures - tries that failed since it last worked; 0: it was just lost
 * @param random - from 0 to 1
 */
export function retryDelayMs(failures: number, random: number): number {
  if (failures === 0) return Math.round(random * FIRST_MS);
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  return Math.round(FIRST_MS + random * (longest - FIRST_MS));
}
