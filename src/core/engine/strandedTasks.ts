import type { SourceBinding } from './resourceChange';
import type { SweepSnapshot } from './sweepState';

/** What is known here of the sources that tasks wait for. */
export interface SourcesHere {
  /** Slots as configured, by source: those that this process works with. */
  readonly slots: ReadonlyMap<string, number>;
  /** Why this process cannot work with others. A source that is in neither is as one without a reason. */
  readonly absent: ReadonlyMap<string, string>;
}

/**
 * Tells of tasks that wait although no source will take them as things are: all that they may run on have no slots, or
 * are not there. A source that is only in trouble tells so itself.
 *
 * @returns a sentence for each set of sources, e.g. `12 tasks start nowhere: they may only run on box2, which has no slots.`
 */
export function strandedTasks(state: SweepSnapshot, here: SourcesHere): string[] {
  if (state.mode !== 'running' && state.mode !== 'paused') return [];
  const isTaking = (name: string): boolean => {
    const slots = here.slots.get(name);
    return slots !== undefined && state.slotsOf(name, slots) > 0;
  };
  return state.resources.bindings.flatMap((binding) => {
    const names = state.sourcesFor(binding);
    // Counting goes through the tasks: only where it is needed.
    const count = names.some(isTaking) ? 0 : countWaiting(state, binding);
    return count === 0 ? [] : [sentence(count, names, here)];
  });
}

/** With what was handed over and cannot start there. */
function countWaiting({ tasks, resources }: SweepSnapshot, binding: SourceBinding): number {
  let count = 0;
  for (const state of ['waiting', 'queued'] as const)
    for (const task of tasks.inState(state)) if (resources.bindingOf(task) === binding) count++;
  return count;
}

function sentence(count: number, names: readonly string[], { slots, absent }: SourcesHere): string {
  const who = count === 1 ? '1 task starts nowhere: it' : `${count} tasks start nowhere: they`;
  const places = names.map((name) => {
    const reason = absent.get(name);
    if (slots.has(name)) return `${name}, which has no slots`;
    return `${name}, which cannot be used from here${reason === undefined ? '' : ` (${reason})`}`;
  });
  return `${who} may only run on ${places.join(', or on ')}.`;
}
