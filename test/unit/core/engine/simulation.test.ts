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

  // Lines lost again while the loss before was being mended, or before a cancel; a pause whose answer was lost.
  for (const seed of only === undefined ? [258, 3752, 726] : []) {
    it(`does so with seed ${seed}, where it once did not`, () => check(seed));
  }
});

async function check(seed: number): Promise<void> {
  try {
    checkInvariants(await simulate(seed));
  } catch (error) {
    throw new Error(`seed ${seed}: run again with HSM_SIMULATION_SEED=${seed}`, { cause: error });
  }
}
