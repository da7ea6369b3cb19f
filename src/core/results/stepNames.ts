/** Names under which logs count, the finest first. */
const STEP_NAMES = [
  'global_step',
  'step',
  '_step',
  'trainer/global_step',
  'iteration',
  'iter',
  'training_iteration',
  'batch',
  'epoch',
  'round',
  'generation',
  'timestep',
  'timesteps',
  'total_timesteps',
];

const RANK = new Map(STEP_NAMES.map((name, rank) => [name, rank]));

/** The name that counts the rows of a log; undefined when none does. */
export function stepNameOf(names: Iterable<string>): string | undefined {
  let best: string | undefined;
  for (const name of names) {
    if (rankOf(name) < rankOf(best)) best = name;
  }
  return best;
}

/** Whether a name counts rather than measures. */
export function isStepName(name: string): boolean {
  return RANK.has(name.toLowerCase());
}

function rankOf(name: string | undefined): number {
  return (name === undefined ? undefined : RANK.get(name.toLowerCase())) ?? Infinity;
}
