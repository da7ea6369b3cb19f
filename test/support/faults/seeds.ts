import { Random } from '../simulation/random';

/** A multiple of the rounds that fit into `npm test`: `HSM_FAULT_ROUNDS=20 npm run test:faults` looks twenty times as long. */
const INTENSITY = Number(process.env['HSM_FAULT_ROUNDS'] ?? 1);

/**
 * One test for each seed, which its title names. `HSM_FAULT_SEED=4711` runs that one alone, to see it again. Seeds
 * are new on every run: what is looked for is what nobody thought of.
 */
export function itWithSeeds(
  title: string,
  rounds: number,
  body: (this: Mocha.Context, random: Random) => Promise<void>,
): void {
  for (const seed of seeds(rounds)) {
    it(`${title} (HSM_FAULT_SEED=${seed})`, async function () {
      await body.call(this, new Random(seed));
    });
  }
}

/** How many of `count` things are tried at the chosen intensity. */
export function scaled(count: number): number {
  return Math.ceil(count * INTENSITY);
}

function seeds(rounds: number): number[] {
  const given = process.env['HSM_FAULT_SEED'];
  if (given !== undefined) return [Number(given)];
  return Array.from({ length: scaled(rounds) }, () => Math.floor(Math.random() * 2 ** 31));
}
