import type { FailureGroup } from './failure';

/**
 * What the tasks of a group have in common, each a sentence: `All 12 have batch_size = 256; of the 388 others 4 do.`
 * Only what chance would hardly do, see `judgeCandidates`.
 */
export function describeCommon({ tasks, sharedParameters = [], places = {} }: FailureGroup): string[] {
  const shared = sharedParameters.map(({ text, others, othersTotal }) => {
    const rest = others === 0 ? 'none does' : `${others} ${others === 1 ? 'does' : 'do'}`;
    return `All ${tasks.length} have ${text}; of the ${othersTotal} others that ended ${rest}.`;
  });
  return [...shared, ...describePlaces(tasks.length, places)];
}

/** One task was somewhere by nature; several on one machine of a sweep may say something. */
function describePlaces(count: number, places: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(places).sort(([, a], [, b]) => b - a);
  const [first] = entries;
  if (count < 2 || !first) return [];
  if (entries.length === 1) return [`All on ${first[0]}.`];
  return [`On ${entries.map(([place, tasks]) => `${place} (${tasks})`).join(', ')}.`];
}
