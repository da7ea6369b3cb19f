import { checkInvariants } from '../../../support/simulation/invariants';
import { simulate } from '../../../support/simulation/simulate';

/** More with `HSM_SIMULATION_SEEDS=5000`; one alone with `HSM_SIMULATION_SEED=17`. */
const only = process.env['HSM_SIMULATION_SEED'];
const first = only === undefined ? 1 : Number(only);
const count = only === undefined ? Number(process.env['HSM_SIMULATION_SEEDS'] ?? 60) : 1;

describe('a sweep in a world where everything fails', () => {
  it(`loses nothing, runs nothing twice and tells the truth (${count} seeds from ${first})`, async function () {
    this.timeout(count * 2_000);
    for (let seed = first; seed < first + count; seed++) await check(seed);
  });

  it(`does so when reruns bind tasks to other sources (${count} seeds from ${first})`, async function () {
    this.timeout(count * 2_000);
    for (let seed = first; seed < first + count; seed++) await check(seed, true);
  });

  // Lines lost again while the loss before was being mended, or before a cancel; a pause whose answer was lost.
  for (const seed of only === undefined ? [258, 3752, 726] : []) {
    it(`does so with seed ${seed}, where it once did not`, () => check(seed));
  }

  // A source joined one that had lines of its hand-overs lost while it was alone.
  for (const seed of only === undefined ? [1380] : []) {
    it(`does so with seed ${seed} and other sources, where it once did not`, () => check(seed, true));
  }
});

async function check(seed: number, changes = false): Promise<void> {
  try {
    checkInvariants(await simulate(seed, changes));
  } catch (error) {
    throw new Error(`seed ${seed}: run again with HSM_SIMULATION_SEED=${seed}`, { cause: error });
  }
}
