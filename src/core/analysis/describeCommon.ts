import type { FailureGroup } from './failure';
import { formatStatement, type SharedParameter } from './sharedParameters';

/**
 * What the tasks of a group have in common, each a sentence: `All 12 have batch_size = 256; of the 388 others that ended 4
 * do.` Only what chance would hardly do, see `judgeShared`; and where they were, which is told as it is.
 */
export function describeCommon(group: FailureGroup): string[] {
  const { tasks, sharedParameters = [], places = {}, isNotCompared = false } = group;
  const isPlaceTold = sharedParameters.some((shared) =>
    partsOf(shared).some(({ relation }) => relation === 'on'),
  );
  const isOnOne = Object.keys(places).length === 1;
  return [
    ...sharedParameters.map((shared) => describeShared(tasks.length, shared)),
    ...(isPlaceTold && isOnOne ? [] : describePlaces(tasks.length, places)),
    ...(isNotCompared ? [NOT_COMPARED] : []),
  ];
}

const NOT_COMPARED =
  'Its parameters were not compared with those of the other tasks: there are too many causes.';

function describeShared(count: number, shared: SharedParameter): string {
  const { others, othersTotal, among = 'ended' } = shared;
  const parameters = partsOf(shared).filter(({ relation }) => relation !== 'on');
  const places = partsOf(shared).filter(({ relation }) => relation === 'on');
  const said = [
    ...(parameters.length > 0 ? [`have ${parameters.map(formatStatement).join(' and ')}`] : []),
    ...places.map((place) => `ran ${formatStatement(place)}`),
  ].join(' and ');
  const [none, one, some] = places.length > 0 ? ['none did', 'did', 'did'] : ['none does', 'does', 'do'];
  const rest = others === 0 ? none : `${others} ${others === 1 ? one : some}`;
  return `All ${count} ${said}; of the ${othersTotal} others that ${among} ${rest}.`;
}

function partsOf(shared: SharedParameter): readonly Pick<SharedParameter, 'name' | 'relation' | 'value'>[] {
  return [shared, ...(shared.and ? [shared.and] : [])];
}

/** One task was somewhere by nature. That several were on one machine may be chance, so no weight is put on it. */
function describePlaces(count: number, places: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(places).sort(([, a], [, b]) => b - a);
  if (count < 2 || entries.length === 0) return [];
  return [`On ${entries.map(([place, tasks]) => `${place} (${tasks})`).join(', ')}.`];
}
